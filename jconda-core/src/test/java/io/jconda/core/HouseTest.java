package io.jconda.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Holds the walls of the house: its floors, its one door to the disk, and the purity of its API.
 */
class HouseTest {
  /** The rooms of core, top floor first: an arrow may only point down. */
  private static final List<String> FLOORS =
      List.of(
          "client",
          "mirror",
          "query",
          "env",
          "pip",
          "install",
          "process",
          "link",
          "prefix",
          "embedded",
          "cache",
          "solver",
          "repodata",
          "archive",
          "net",
          "host",
          "config",
          "util");

  private static final Set<String> WRITING_METHODS_OF_FILES =
      Set.of(
          "copy",
          "createDirectories",
          "createDirectory",
          "createFile",
          "createLink",
          "createSymbolicLink",
          "createTempDirectory",
          "createTempFile",
          "delete",
          "deleteIfExists",
          "move",
          "newBufferedWriter",
          "newOutputStream",
          "setAttribute",
          "setLastModifiedTime",
          "setOwner",
          "setPosixFilePermissions",
          "write",
          "writeString");

  /** The classes that lie with this one are tests, wherever a build puts them. */
  private static final ImportOption NO_TESTS =
      location ->
          !location.contains(
              HouseTest.class.getProtectionDomain().getCodeSource().getLocation().getPath());

  private static final JavaClasses CORE =
      new ClassFileImporter().withImportOption(NO_TESTS).importPackages("io.jconda.core");

  private static final JavaClasses API =
      new ClassFileImporter()
          .withImportOption(NO_TESTS)
          .importPackages("io.jconda")
          .that(
              describe("of the API", type -> !type.getPackageName().startsWith("io.jconda.core")));

  @Test
  void everyRoomStandsOnItsFloor() {
    List<String> strangers =
        CORE.stream()
            .map(JavaClass::getPackageName)
            .map(
                name ->
                    name.substring("io.jconda.core".length())
                        .replaceFirst("^\\.", "")
                        .replaceFirst("\\..*", ""))
            .filter(room -> !FLOORS.contains(room))
            .distinct()
            .toList();

    assertThat(strangers).isEmpty();
  }

  @Test
  void anArrowOnlyPointsDown() {
    for (int floor = 1; floor < FLOORS.size(); floor++) {
      String[] above =
          FLOORS.subList(0, floor).stream()
              .map(room -> "io.jconda.core." + room + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("io.jconda.core." + FLOORS.get(floor) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(above)
          .allowEmptyShould(true)
          .check(CORE);
    }
  }

  @Test
  void theEngineOfTheSolverKnowsNoConda() {
    noClasses()
        .that()
        .resideInAPackage("io.jconda.core.solver.sat..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.jconda..")
                .and(
                    describe(
                        "outside the engine",
                        type -> !type.getPackageName().endsWith("solver.sat"))))
        .check(CORE);
  }

  @Test
  void nobodyWritesFilesButThroughDisk() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.jconda.core.host..")
        .should()
        .callMethodWhere(
            describe(
                "writing to disk past Disk",
                (JavaCall<?> call) -> {
                  String owner = call.getTargetOwner().getName();
                  String method = call.getName();
                  return owner.equals("java.nio.channels.FileChannel")
                      ? method.equals("open")
                      : owner.equals("java.nio.file.Files")
                          && WRITING_METHODS_OF_FILES.contains(method);
                }))
        .orShould()
        .callConstructor(java.io.FileOutputStream.class, java.io.File.class)
        .orShould()
        .callConstructor(java.io.FileOutputStream.class, String.class)
        .orShould()
        .callConstructor(java.io.RandomAccessFile.class, java.io.File.class, String.class)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.FileWriter")
        .check(CORE);
  }

  @Test
  void noThirdPartyTypeStandsInAPublicSignature() {
    List<String> strangers = new ArrayList<>();
    for (JavaClass type : API) {
      if (!isOpen(type) || type.getPackageName().equals("io.jconda.junit")) {
        continue;
      }
      for (JavaMember member : type.getMembers()) {
        if (isOpen(member)) {
          member.getAllInvolvedRawTypes().stream()
              .map(JavaClass::getBaseComponentType)
              .filter(involved -> !involved.isPrimitive())
              .filter(
                  involved ->
                      !involved
                          .getPackageName()
                          .matches("(java|javax\\.net\\.ssl|io\\.jconda)(\\..*)?"))
              .forEach(
                  involved -> strangers.add(member.getFullName() + " shows " + involved.getName()));
        }
      }
    }

    assertThat(API).isNotEmpty();
    assertThat(strangers).isEmpty();
  }

  private static boolean isOpen(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        || type.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static boolean isOpen(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }
}
