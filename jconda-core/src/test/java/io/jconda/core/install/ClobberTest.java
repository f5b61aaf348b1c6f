package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.core.Fixtures;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.host.Disk;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
            .subdir("noarch");
    if (index.path("noarch").asText().equals("python")) {
      record.noarch(NoarchType.PYTHON);
    }
    return Workbench.located(record, archive);
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

    assertBothListThePath(
        "lib/python3.11/site-packages/clobber/clobber.py",
        "clobber-pynoarch-1",
        "clobber-pynoarch-2");
  }

  @Test
  void linkScriptsRunOnlyWhenAllowed() throws Exception {
    PackageRecord record = fixture("link-scripts-0.1.0-h4616a5c_0.conda");
    InstallReport quiet = bench.apply(Workbench.create(prefix, record).build());
    assertThat(quiet.skippedScripts()).hasSize(1);
    assertThat(prefix.resolve("i-was-post-linked")).doesNotExist();

    Path other = folder.resolve("envs/other");
    InstallReport loud =
        bench.apply(Workbench.create(other, record).allowLinkScripts(true).build());
    assertThat(loud.skippedScripts()).isEmpty();
    assertThat(loud.warnings()).anyMatch(text -> text.contains("This is a post-link script"));
    assertThat(other.resolve("i-was-post-linked")).exists();
    bench.apply(Workbench.change(other).allowLinkScripts(true).build());
    assertThat(other.resolve("i-was-post-linked")).doesNotExist();
  }

  @Test
  void theOtherOddOnesAreLinked() throws Exception {
    for (String name :
        List.of(
            "symlink-test-1.0.0-0.conda",
            "dotslash-test-1.0.0-0.conda",
            "info-only-1.0.0-0.conda",
            "empty-0.1.0-h4616a5c_0.conda",
            "zip64-test-1.0.0-0.conda",
            "sparse-test-1.0.0-0.conda")) {
      Path own = folder.resolve("envs/" + name);
      bench.apply(Workbench.create(own, fixture(name)).build());
      assertThat(PrefixRecords.read(own).packages()).hasSize(1);
    }
    assertThat(folder.resolve("envs/symlink-test-1.0.0-0.conda/lib/liblink.so")).isSymbolicLink();
  }
}
