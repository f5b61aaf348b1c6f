package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.AllowedScripts;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.core.Fixtures;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.host.Disk;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.solver.TopologicalOrder;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links real packages that were made to get into each other's way. */
class ClobberTest {
  @TempDir Path folder;
  private Workbench bench;
  private Path prefix;

  @BeforeEach
  void open() {
    bench = new Workbench(folder);
    prefix = folder.resolve("envs/demo");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private PackageRecord fixture(String fileName) throws Exception {
    Path archive = Fixtures.of("packages").resolve(fileName);
    StoredPackage stored =
        bench
            .cache(Disk.real())
            .fetch(
                Workbench.located(PackageRecord.builder("any", "1", "0"), archive),
                OperationContext.silent());
    JsonNode index = new ObjectMapper().readTree(stored.indexJson());
    PackageRecord.Builder record =
        PackageRecord.builder(
                index.path("name").asText(),
                index.path("version").asText(),
                index.path("build").asText())
            .subdir("noarch")
            .depends(depends(index));
    if (index.path("noarch").asText().equals("python")) {
      record.noarch(NoarchType.PYTHON);
    }
    return Workbench.located(record, archive);
  }

  private static List<String> depends(JsonNode index) {
    List<String> depends = new ArrayList<>();
    index.path("depends").forEach(one -> depends.add(one.asText()));
    return depends;
  }

  private void assertBothListThePath(String path, String... names) {
    PrefixRecords records = PrefixRecords.read(prefix);
    for (String name : names) {
      assertThat(records.get(name).orElseThrow().files()).contains(path);
    }
  }

  @Test
  void theOneThatIsLinkedLaterWinsAndBothListThePath() throws Exception {
    PackageRecord one = fixture("clobber-1-0.1.0-h4616a5c_0.tar.bz2");
    PackageRecord two = fixture("clobber-2-0.1.0-h4616a5c_0.tar.bz2");
    bench.apply(Workbench.create(prefix, one, two).build());

    assertThat(Files.readString(prefix.resolve("clobber.txt"))).contains("clobber-2");
    assertBothListThePath("clobber.txt", "clobber-1", "clobber-2");
  }

  @Test
  void theLoserIsRestoredWhenTheWinnerGoes() throws Exception {
    PackageRecord one = fixture("clobber-1-0.1.0-h4616a5c_0.tar.bz2");
    PackageRecord two = fixture("clobber-2-0.1.0-h4616a5c_0.tar.bz2");
    PackageRecord three = fixture("clobber-3-0.1.0-h4616a5c_0.tar.bz2");
    bench.apply(Workbench.create(prefix, one, two, three).build());
    bench.apply(Workbench.change(prefix, one, two).build());

    assertThat(Files.readString(prefix.resolve("clobber.txt"))).contains("clobber-2");
    bench.apply(Workbench.change(prefix, one).build());
    assertThat(Files.readString(prefix.resolve("clobber.txt"))).contains("clobber-1");
    assertThat(Files.readString(prefix.resolve("another-clobber.txt"))).contains("clobber-1");
    bench.apply(Workbench.change(prefix).build());
    assertThat(prefix.resolve("clobber.txt")).doesNotExist();
  }

  @Test
  void theWinnerStaysWhenTheLoserIsUpdated() throws Exception {
    PackageRecord two = fixture("clobber-2-0.1.0-h4616a5c_0.tar.bz2");
    bench.apply(
        Workbench.create(prefix, fixture("clobber-1-0.1.0-h4616a5c_0.tar.bz2"), two).build());
    String winners = Files.readString(prefix.resolve("clobber.txt"));
    bench.apply(
        Workbench.change(prefix, fixture("clobber-1-0.2.0-h4616a5c_0.tar.bz2"), two).build());

    assertThat(prefix.resolve("clobber.txt")).hasContent(winners);
    assertBothListThePath("clobber.txt", "clobber-1", "clobber-2");
  }

  @Test
  void linksWinLikeFiles() throws Exception {
    PackageRecord a = fixture("clobber-with-symlink-a-0.1.0-h4616a5c_0.conda");
    PackageRecord b = fixture("clobber-with-symlink-b-0.1.0-h4616a5c_0.conda");
    bench.apply(Workbench.create(prefix, a, b).build());
    Path link = prefix.resolve("lib/clobber.so");
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("clobber-1.txt"));

    bench.apply(Workbench.change(prefix, a).build());
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("clobber-2.txt"));
    assertThat(link).exists();
  }

  @Test
  void aFolderMayBecomeAFileInTheNextVersion() throws Exception {
    bench.apply(
        Workbench.create(prefix, fixture("clobber-directory-upgrade-0.1.0-h4616a5c_0.conda"))
            .build());
    assertThat(prefix.resolve("xbin")).isDirectory();
    bench.apply(
        Workbench.change(prefix, fixture("clobber-directory-upgrade-0.2.0-h4616a5c_0.conda"))
            .build());

    assertThat(prefix.resolve("xbin")).isRegularFile();
    assertThat(prefix.resolve("bin/content.txt")).exists();
    bench.apply(
        Workbench.change(prefix, fixture("clobber-directory-upgrade-0.1.0-h4616a5c_0.conda"))
            .build());
    assertThat(prefix.resolve("xbin/content.txt")).exists();
  }

  @Test
  void aFileAndAFolderOfOneNameAreRefusedAndNothingIsLeft() throws Exception {
    PackageRecord file = fixture("clobber-fd-1-0.1.0-h4616a5c_0.conda");
    PackageRecord inFolder = fixture("clobber-fd-2-0.1.0-h4616a5c_0.conda");
    for (List<PackageRecord> order : List.of(List.of(file, inFolder), List.of(inFolder, file))) {
      assertThatThrownBy(
              () ->
                  bench.apply(
                      Workbench.create(prefix, order.toArray(PackageRecord[]::new)).build()))
          .isInstanceOf(InstallException.class)
          .hasMessageContaining("clobber");
      assertThat(prefix).doesNotExist();
    }
    bench.apply(Workbench.create(prefix, inFolder).build());
    var before = Workbench.picture(prefix);
    assertThatThrownBy(() -> bench.apply(Workbench.change(prefix, inFolder, file).build()))
        .isInstanceOf(InstallException.class);
    assertThat(Workbench.picture(prefix)).isEqualTo(before);
  }

  @Test
  void noarchPackagesOverwriteEachOtherToo() throws Exception {
    PackageRecord python =
        bench.build(
            io.jconda.build.PackageBuilder.of("python", "3.11.4")
                .platform(io.jconda.spec.Platform.current())
                .file("bin/python3.11", "no real one"));
    bench.apply(
        Workbench.create(
                prefix,
                python,
                fixture("clobber-pynoarch-1-0.1.0-pyh4616a5c_0.tar.bz2"),
                fixture("clobber-pynoarch-2-0.1.0-pyh4616a5c_0.tar.bz2"))
            .compileBytecode(false)
            .build());

    String module = "lib/python3.11/site-packages/clobber/clobber.py";
    assertBothListThePath(module, "clobber-pynoarch-1", "clobber-pynoarch-2");
    assertThat(prefix.resolve(module)).hasContent("print('hello world')\n");
    bench.apply(
        Workbench.change(prefix, python, fixture("clobber-pynoarch-1-0.1.0-pyh4616a5c_0.tar.bz2"))
            .compileBytecode(false)
            .build());
    assertThat(prefix.resolve(module)).exists();
    bench.apply(Workbench.change(prefix, python).build());
    assertThat(prefix.resolve("lib")).doesNotExist();
  }

  @Test
  void linkScriptsRunOnlyWhenAllowed() throws Exception {
    PackageRecord record = fixture("link-scripts-0.1.0-h4616a5c_0.conda");
    InstallReport quiet = bench.apply(Workbench.create(prefix, record).build());
    assertThat(quiet.skippedScripts())
        .containsExactly("link-scripts: bin/.link-scripts-post-link.sh");
    assertThat(prefix.resolve("bin/.link-scripts-post-link.sh")).exists();
    assertThat(prefix.resolve("i-was-post-linked")).doesNotExist();

    Path other = folder.resolve("envs/other");
    InstallReport loud =
        bench.apply(Workbench.create(other, record).allowedScripts(AllowedScripts.ALL).build());
    assertThat(loud.skippedScripts()).isEmpty();
    assertThat(loud.warnings()).anyMatch(text -> text.contains("This is a post-link script"));
    assertThat(other.resolve("i-was-post-linked")).exists();
    bench.apply(Workbench.change(other).allowedScripts(AllowedScripts.ALL).build());
    assertThat(other.resolve("i-was-post-linked")).doesNotExist();
  }

  /** What lies in a prefix beside what every prefix has, by path. */
  private static Map<String, String> contents(Path prefix) throws Exception {
    Map<String, String> contents = new TreeMap<>();
    for (String path : Workbench.picture(prefix).keySet()) {
      Path file = prefix.resolve(path);
      if (!path.startsWith("conda-meta") && !path.equals("CACHEDIR.TAG")) {
        if (Files.isSymbolicLink(file)) {
          contents.put(path, "-> " + Files.readSymbolicLink(file));
        } else if (Files.isRegularFile(file)) {
          contents.put(path, Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    return contents;
  }

  private Map<String, String> linked(String fileName) throws Exception {
    Path own = folder.resolve("envs/" + fileName);
    PackageRecord record = fixture(fileName);
    bench.apply(Workbench.create(own, record).build());
    assertThat(PrefixRecords.read(own).get(record.name()).orElseThrow().ownedPaths())
        .containsExactlyInAnyOrderElementsOf(contents(own).keySet());
    return contents(own);
  }

  @Test
  void linksAndHardLinksOfAPackageAreLinkedAsTheyAre() throws Exception {
    assertThat(linked("symlink-test-1.0.0-0.conda"))
        .containsExactly(
            entry("lib/libhard.so", "real library bytes"),
            entry("lib/liblink.so", "-> libreal.so.1"),
            entry("lib/libreal.so.1", "real library bytes"));
  }

  @Test
  void oddArchivesComeOutWhole() throws Exception {
    assertThat(linked("dotslash-test-1.0.0-0.conda"))
        .containsExactly(entry("lib/data.txt", "dot slash payload\n"));
    assertThat(linked("zip64-test-1.0.0-0.conda"))
        .containsExactly(entry("bin/hello.txt", "zip64 payload\n"));
    assertThat(linked("info-only-1.0.0-0.conda")).isEmpty();
    assertThat(linked("empty-0.1.0-h4616a5c_0.conda")).isEmpty();
    Map<String, String> sparse = linked("sparse-test-1.0.0-0.conda");
    assertThat(sparse)
        .containsOnlyKeys("bin/first-file.txt", "lib/blob.bin", "share/last-file.txt")
        .containsEntry("bin/first-file.txt", "first payload file\n")
        .containsEntry("share/last-file.txt", "last payload file\n");
    assertThat(sparse.get("lib/blob.bin")).hasSize(150_000);
  }

  @Test
  void whatNeedsAnotherOverwritesItHoweverDeepTheFileLies() throws Exception {
    PackageRecord one = fixture("clobber-nested-1-0.1.0-h4616a5c_0.tar.bz2");
    PackageRecord two = fixture("clobber-nested-2-0.1.0-h4616a5c_0.tar.bz2");
    PackageRecord three = fixture("clobber-nested-3-0.1.0-h4616a5c_0.tar.bz2");
    // 2 needs 1, and 1 needs 3
    List<PackageRecord> order = TopologicalOrder.of(List.of(two, one, three));
    assertThat(order).containsExactly(three, one, two);
    String path = "clobber/bobber/clobber.txt";
    bench.apply(Workbench.create(prefix, three, one, two).build());

    assertThat(contents(prefix)).containsExactly(entry(path, "clobber-2\n"));
    assertBothListThePath(path, one.name(), two.name(), three.name());
    bench.apply(Workbench.change(prefix, three, one).build());
    assertThat(contents(prefix)).containsExactly(entry(path, "clobber-1\n"));
    bench.apply(Workbench.change(prefix, three).build());
    assertThat(contents(prefix)).containsExactly(entry(path, "clobber-3\n"));
    bench.apply(Workbench.change(prefix).build());
    assertThat(prefix.resolve("clobber")).doesNotExist();
  }

  @Test
  void packagesThatShareAFolderAreNotInEachOthersWay() throws Exception {
    PackageRecord one = fixture("clobber-fd-rev-1-0.1.0-h4616a5c_0.conda");
    PackageRecord two = fixture("clobber-fd-rev-2-0.1.0-h4616a5c_0.conda");
    bench.apply(Workbench.create(prefix, one, two).build());
    var both = Workbench.picture(prefix);

    assertThatThrownBy(
            () ->
                bench.apply(
                    Workbench.change(
                            prefix, one, two, fixture("clobber-fd-rev-3-0.1.0-h4616a5c_0.conda"))
                        .build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContainingAll("clobber-fd-rev-3", prefix.resolve("clobber").toString());
    assertThat(Workbench.picture(prefix)).isEqualTo(both);
    bench.apply(Workbench.change(prefix, two).build());
    assertThat(contents(prefix))
        .containsExactly(entry("clobber/clobber-fd-rev-2.txt", "clobber-fd-rev-2\n"));
  }

  @Test
  void filesOfSeveralPackagesInOneFolderOverwriteByRankOnly() throws Exception {
    PackageRecord two = fixture("clobber-fd-2-0.1.0-h4616a5c_0.conda");
    PackageRecord conflicting = fixture("clobber-fd-2-conflicting-0.1.0-h4616a5c_0.conda");
    PackageRecord three = fixture("clobber-fd-3-0.1.0-h4616a5c_0.conda");
    bench.apply(Workbench.create(prefix, two, conflicting, three).build());

    assertThat(contents(prefix))
        .containsExactly(
            entry("clobber/clobber-fd-2.txt", "clobber-fd-2-conflicting\n"),
            entry("clobber/clobber-fd-3.txt", "clobber-fd-3\n"));
    // what comes later to a prefix and ranks lower does not overwrite what is there
    Path other = folder.resolve("envs/other");
    bench.apply(Workbench.create(other, conflicting).build());
    bench.apply(Workbench.change(other, two, conflicting).build());
    assertThat(contents(other))
        .containsExactly(entry("clobber/clobber-fd-2.txt", "clobber-fd-2-conflicting\n"));
  }

  @Test
  void aFolderAndAFileOfOneNameAreRefusedWhicheverComesFirst() throws Exception {
    PackageRecord withFolder = fixture("clobber-with-dir-0.1.0-h4616a5c_0.conda");
    PackageRecord withFile = fixture("clobber-without-dir-0.1.0-h4616a5c_0.conda");
    assertThatThrownBy(() -> bench.apply(Workbench.create(prefix, withFolder, withFile).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContainingAll("clobber-without-dir", "folder");
    assertThatThrownBy(() -> bench.apply(Workbench.create(prefix, withFile, withFolder).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContainingAll("clobber-with-dir", "file");

    assertThat(prefix).doesNotExist();
  }

  @Test
  void aProgramMayMoveFromAPackageToOneThatItNeeds() throws Exception {
    PackageRecord cpython = fixture("clobber-python-0.1.0-cpython.conda");
    PackageRecord pypy = fixture("clobber-pypy-0.1.0-h4616a5c_0.conda");
    PackageRecord python = fixture("clobber-python-0.1.0-pypy.conda");
    bench.apply(Workbench.create(prefix, cpython).build());
    assertThat(contents(prefix)).containsExactly(entry("bin/python", "cpython\n"));

    bench.apply(Workbench.change(prefix, pypy, python).build());

    assertThat(contents(prefix)).containsExactly(entry("bin/python", "pypy\n"));
    assertThat(prefix.resolve("bin/python")).isExecutable();
    bench.apply(Workbench.change(prefix, cpython).build());
    assertThat(contents(prefix)).containsExactly(entry("bin/python", "cpython\n"));
  }

  @Test
  void theWinnerMayGiveUpOneOfItsFilesInItsNextVersion() throws Exception {
    PackageRecord one = fixture("clobber-1-0.1.0-h4616a5c_0.tar.bz2");
    PackageRecord two = fixture("clobber-2-0.1.0-h4616a5c_0.tar.bz2");
    bench.apply(Workbench.create(prefix, one, two).build());

    bench.apply(
        Workbench.change(prefix, one, fixture("clobber-2-0.2.0-h4616a5c_0.tar.bz2")).build());

    assertThat(contents(prefix))
        .containsExactly(
            entry("another-clobber.txt", "clobber-1\n"), entry("clobber.txt", "clobber-2 v2\n"));
  }
}
