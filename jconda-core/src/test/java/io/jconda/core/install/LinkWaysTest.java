package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.InstallReport;
import io.jconda.LinkMode;
import io.jconda.build.PackageBuilder;
import io.jconda.core.host.Disk;
import io.jconda.core.prefix.LinkType;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By which way each kind of file comes into a prefix. */
class LinkWaysTest {
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

  private static PackageBuilder builder(String name) {
    return PackageBuilder.of(name, "1").platform(Platform.current());
  }

  private PackageRecord python() {
    return bench.build(
        PackageBuilder.of("python", "3.11")
            .platform(Platform.current())
            .file("bin/python3.11", "no real one"));
  }

  private int names(String path) throws IOException {
    return (int) Files.getAttribute(prefix.resolve(path), "unix:nlink");
  }

  /** Is a disk that refuses hard links, as between two file systems. */
  private static final class DiskWithoutLinks extends Disk {
    @Override
    public void createLink(Path link, Path existing) throws IOException {
      throw new FileSystemException(
          link.toString(), existing.toString(), "Invalid cross-device link");
    }
  }

  @Test
  void whereTheFileSystemTakesNoLinksFilesAreCopiedAndTheReportSaysSo() throws Exception {
    PackageRecord record = bench.build(builder("plain").file("share/a", "a").file("share/b", "b"));

    InstallReport report =
        bench
            .installer(new DiskWithoutLinks())
            .apply(Workbench.create(prefix, record).build(), OperationContext.silent());

    assertThat(report.filesCopied()).isEqualTo(2);
    assertThat(report.filesLinked()).isZero();
    assertThat(report.warnings()).singleElement().asString().contains("were copied");
    assertThat(names("share/a")).isEqualTo(1);
    assertThat(PrefixRecords.read(prefix).get("plain").orElseThrow().linkType())
        .isEqualTo(LinkType.COPY);
  }

  /**
   * Is a disk whose file system lets a file have no more names, for the first file that is linked.
   */
  private static final class CrowdedDisk extends Disk {
    private final AtomicInteger links = new AtomicInteger();

    @Override
    public void createLink(Path link, Path existing) throws IOException {
      if (links.incrementAndGet() == 1) {
        throw new FileSystemException(link.toString(), existing.toString(), "Too many links");
      }
      super.createLink(link, existing);
    }
  }

  @Test
  void whereAFileHasTooManyNamesItStartsAnew() throws Exception {
    PackageRecord record = bench.build(builder("plain").file("share/a", "a"));
    bench.apply(Workbench.create(folder.resolve("envs/first"), record).build());

    InstallReport report =
        bench
            .installer(new CrowdedDisk())
            .apply(Workbench.create(prefix, record).build(), OperationContext.silent());

    assertThat(report.filesLinked()).isEqualTo(1);
    assertThat(report.warnings()).isEmpty();
    assertThat(prefix.resolve("share/a")).hasContent("a");
    assertThat(names("share/a")).isEqualTo(2);
    assertThat(Files.isSameFile(prefix.resolve("share/a"), folder.resolve("envs/first/share/a")))
        .isFalse();
  }

  @Test
  void whatPeopleEditOrItsPackageWantsForItselfIsSharedWithNobody() throws Exception {
    List<String> own =
        List.of("etc/a.conf", "lib/a.pth", "ssl/a.pem", "share/a.cfg", "share/a.ini", "share/own");
    PackageBuilder builder = builder("mixed").file("share/shared", "x").noLink("share/own");
    own.forEach(path -> builder.file(path, "of " + path));
    bench.apply(Workbench.create(prefix, bench.build(builder)).build());

    assertThat(names("share/shared")).isEqualTo(2);
    for (String path : own) {
      assertThat(names(path)).describedAs(path).isEqualTo(1);
    }
  }

  @Test
  void aCopyKeepsTheTimeOfItsOriginal() throws Exception {
    Instant built = Instant.parse("2020-01-01T00:00:00Z");
    PackageRecord record =
        bench.build(
            builder("compiled")
                .timestamp(built)
                .file("lib/plain.py", "x = 1\n")
                .file("lib/__pycache__/plain.cpython-311.pyc", "of the time of building"));
    Path linked = folder.resolve("envs/linked");
    bench.apply(Workbench.create(linked, record).build());
    bench.apply(Workbench.create(prefix, record).linkMode(LinkMode.COPY).build());

    assertThat(names("lib/plain.py")).isEqualTo(1);
    for (Path made : List.of(linked, prefix)) {
      assertThat(Files.getLastModifiedTime(made.resolve("lib/plain.py")).toInstant())
          .isEqualTo(built);
    }
  }

  @Test
  void aPackageOfOnePlatformMayBeOfTheKindThatEveryPythonTakes() {
    PackageRecord module =
        bench.build(
            PackageBuilder.of("module", "1")
                .noarch(NoarchType.PYTHON)
                .file("site-packages/module.py", "x = 1\n"));
    // CEP-20: it lies under a platform, and only its package says what it is
    PackageRecord served =
        PackageRecord.builder("module", "1", "py_0")
            .subdir(Platform.current().subdir())
            .fileName(module.fileName())
            .url(module.url())
            .channel(module.channel())
            .sha256(module.sha256().orElseThrow())
            .build();
    assertThat(served.noarch()).isEmpty();

    bench.apply(Workbench.create(prefix, python(), served).compileBytecode(false).build());

    assertThat(prefix.resolve("lib/python3.11/site-packages/module.py")).exists();
    // whoever changes Python's version has to know (conda: CreatePrefixRecordAction)
    assertThat(PrefixRecords.read(prefix).get("module").orElseThrow().record().noarch())
        .contains(NoarchType.PYTHON);
  }

  @Test
  void byteCodeThatPythonLeftGoesWithItsModuleAndNoOther() throws Exception {
    PackageRecord module =
        bench.build(
            PackageBuilder.of("module", "1")
                .noarch(NoarchType.PYTHON)
                .file("site-packages/deep/module.py", "x = 1\n"));
    bench.apply(Workbench.create(prefix, python(), module).compileBytecode(false).build());
    Path cache = prefix.resolve("lib/python3.11/site-packages/deep/__pycache__");
    Files.createDirectories(cache);
    Files.writeString(cache.resolve("module.cpython-311.pyc"), "of the module");
    Files.writeString(cache.resolve("mine.cpython-311.pyc"), "of something else");

    bench.apply(Workbench.change(prefix, python()).build());

    assertThat(cache).isDirectoryContaining("glob:**/mine.cpython-311.pyc");
    assertThat(cache.resolve("module.cpython-311.pyc")).doesNotExist();
    Files.delete(cache.resolve("mine.cpython-311.pyc"));
  }

  @Test
  void aModuleThatWasRewrittenDoesNotLookLikeTheOneThatItsByteCodeIsOf() throws Exception {
    Instant built = Instant.parse("2020-01-01T00:00:00Z");
    String placeholder = "/opt/" + "placeholder_".repeat(18) + "end";
    PackageRecord record =
        bench.build(
            builder("compiled")
                .timestamp(built)
                .placeholder(placeholder)
                .file("lib/changed.py", "x = '" + placeholder + "'\n")
                .file("lib/__pycache__/changed.cpython-311.pyc", "of the time of building"));
    bench.apply(Workbench.create(prefix, record).build());

    // Python compares the module's time with the one in its byte code (PEP 3147)
    assertThat(Files.getLastModifiedTime(prefix.resolve("lib/changed.py")).toInstant())
        .isAfter(built.plus(Duration.ofDays(365)));
    assertThat(prefix.resolve("lib/changed.py")).hasContent("x = '" + prefix + "'\n");
  }

  @Test
  void pathsThatPackagesStumbleOverAreWarnedOfAtOnce() {
    PackageRecord record = bench.build(builder("plain").file("share/a", "a"));
    Path blank = folder.resolve("envs/my env");
    Path accented = folder.resolve("envs/\u00e9tude");

    assertThat(bench.apply(Workbench.create(blank, record).build()).warnings())
        .singleElement()
        .asString()
        .contains(blank.toString(), "a blank");
    assertThat(bench.apply(Workbench.create(accented, record).build()).warnings())
        .singleElement()
        .asString()
        .contains(accented.toString(), "not of ASCII");
    assertThat(bench.apply(Workbench.create(prefix, record).build()).warnings()).isEmpty();
  }
}
