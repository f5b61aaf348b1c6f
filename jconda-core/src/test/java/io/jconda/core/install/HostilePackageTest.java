package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaException;
import io.jconda.InstallException;
import io.jconda.build.PackageBuilder;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostilePackageTest {
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

  @Test
  void followsALinkOfAnotherPackageThatStaysInside() {
    PackageRecord links =
        bench.build(builder("links").file("lib/a", "a").symbolicLink("lib64", "lib"));
    PackageRecord through = bench.build(builder("through").file("lib64/b", "b"));
    bench.apply(Workbench.create(prefix, links, through).build());

    assertThat(prefix.resolve("lib/b")).hasContent("b");
  }

  @Test
  void refusesToFollowALinkOutOfAPrefixThatIsThere() throws Exception {
    PackageRecord harmless = bench.build(builder("harmless").file("lib/a", "a"));
    PackageRecord through = bench.build(builder("through").file("outside/b", "b"));
    bench.apply(Workbench.create(prefix, harmless).build());
    Path outside = folder.resolve("elsewhere");
    Files.createDirectories(outside);
    Files.createSymbolicLink(prefix.resolve("outside"), outside);
    var before = Workbench.picture(prefix);

    assertThatThrownBy(() -> bench.apply(Workbench.change(prefix, harmless, through).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("leads out of the environment");
    assertThat(outside).isEmptyDirectory();
    assertThat(Workbench.picture(prefix)).isEqualTo(before);
  }

  @Test
  void leavesFilesOutsideAloneWhateverARecordClaims() throws Exception {
    Path precious = folder.resolve("precious.txt");
    Files.writeString(precious, "precious");
    PackageRecord keep = bench.build(builder("keep").file("lib/a", "a"));
    bench.apply(Workbench.create(prefix, keep).build());
    Files.createSymbolicLink(prefix.resolve("way"), folder);
    Files.writeString(
        prefix.resolve("conda-meta/evil-1-0.json"),
        """
        {"name": "evil", "version": "1", "build": "0", "build_number": 0, "subdir": "noarch",
         "files": ["../../precious.txt", "%s", "way/precious.txt", "conda-meta/history"]}
        """
            .formatted(precious));
    bench.apply(Workbench.change(prefix, keep).build());

    assertThat(precious).hasContent("precious");
    assertThat(prefix.resolve("conda-meta/evil-1-0.json")).doesNotExist();
    assertThat(prefix.resolve("conda-meta/history")).exists();
  }

  @Test
  void refusesAPackageWithoutThePythonThatItNeeds() {
    PackageRecord module =
        bench.build(
            PackageBuilder.of("module", "1")
                .noarch(NoarchType.PYTHON)
                .file("site-packages/module.py", ""));

    assertThatThrownBy(() -> bench.apply(Workbench.create(prefix, module).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("no Python");
    assertThat(prefix).doesNotExist();
  }

  /** Writes an archive as no honest builder does: what each path holds, or where it leads. */
  private PackageRecord hostile(String name, Map<String, String> paths) throws Exception {
    Path archive = folder.resolve(name + "-1-0.tar.bz2");
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new BZip2CompressorOutputStream(Files.newOutputStream(archive)), "UTF-8")) {
      put(
          tar,
          "info/index.json",
          "{\"name\": \"%s\", \"version\": \"1\", \"build\": \"0\", \"build_number\": 0}"
              .formatted(name));
      for (Map.Entry<String, String> path : paths.entrySet()) {
        put(tar, path.getKey(), path.getValue());
      }
    }
    return Workbench.located(
        PackageRecord.builder(name, "1", "0").subdir(Platform.current().subdir()), archive);
  }

  private static void put(TarArchiveOutputStream tar, String path, String content)
      throws IOException {
    boolean link = content.startsWith("-> ");
    TarArchiveEntry entry =
        new TarArchiveEntry(path, link ? TarConstants.LF_SYMLINK : TarConstants.LF_NORMAL);
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    if (link) {
      entry.setLinkName(content.substring(3));
    } else {
      entry.setSize(bytes.length);
    }
    tar.putArchiveEntry(entry);
    if (!link) {
      tar.write(bytes);
    }
    tar.closeArchiveEntry();
  }

  private void assertRefused(String why, PackageRecord... records) {
    Path precious = folder.resolve("envs/precious-of-" + records[0].name());
    for (boolean replaces : new boolean[] {false, true}) {
      assertThatThrownBy(
              () -> bench.apply(Workbench.create(prefix, records).replaces(replaces).build()))
          .isInstanceOf(CondaException.class)
          .hasMessageContaining(why);
      assertThat(prefix).doesNotExist();
    }
    // nor into one that is there
    PackageRecord keep = bench.build(builder("keep").file("share/keep", "keep"));
    List<PackageRecord> all = new ArrayList<>(List.of(keep));
    all.addAll(List.of(records));
    bench.apply(Workbench.create(precious, keep).build());
    var before = Workbench.picture(precious);
    assertThatThrownBy(
            () ->
                bench.apply(Workbench.change(precious, all.toArray(PackageRecord[]::new)).build()))
        .isInstanceOf(CondaException.class);
    assertThat(Workbench.picture(precious)).isEqualTo(before);
  }

  @Test
  void refusesAPackageThatBringsARecord() throws Exception {
    assertRefused("conda-meta", hostile("evil", Map.of("conda-meta/fake-1-0.json", "{}")));
    assertRefused("Conda-Meta", hostile("evil-case", Map.of("Conda-Meta/history", "x")));
  }

  @Test
  void refusesAFileThatReachesTheRecordsOverAnotherPackagesLink() throws Exception {
    PackageRecord links = hostile("links", Map.of("way", "-> conda-meta"));
    PackageRecord through = hostile("through", Map.of("way/fake-1-0.json", "{}"));

    assertRefused("records", links, through);
  }

  @Test
  void refusesAFileThatLeavesThePrefixOverAnotherPackagesLink() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    PackageRecord through = hostile("through", Map.of("way/planted", "x"));
    for (String target : List.of("../../outside", outside.toString(), "lib/../../../outside")) {
      String name = "links-" + Integer.toHexString(target.hashCode());
      assertRefused("way", hostile(name, Map.of("way", "-> " + target)), through);
    }

    assertThat(outside).isEmptyDirectory();
  }
}
