package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.Change;
import io.jconda.Plan;
import io.jconda.build.PackageBuilder;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.prefix.PrefixState;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the records of packages say of a path that several own, and what becomes of it. */
class ContestedPathTest {
  private static final String PLACEHOLDER = "/opt/" + "placeholder_".repeat(18) + "end";

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

  private static PackageBuilder builder(String name, Platform platform) {
    return PackageBuilder.of(name, "1").platform(platform).placeholder(PLACEHOLDER);
  }

  private static String sha256(String text) {
    return Workbench.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode path(String name, String path) throws Exception {
    String record = PrefixRecords.read(prefix).get(name).orElseThrow().toJson();
    for (JsonNode one : new ObjectMapper().readTree(record).path("paths_data").path("paths")) {
      if (one.path("_path").asText().equals(path)) {
        return one;
      }
    }
    throw new AssertionError(name + " has no " + path);
  }

  @Test
  void theLosersRecordSaysWhatItsOwnFileWouldBeAsCondaHasIt() throws Exception {
    PackageRecord loser =
        bench.build(
            builder("loser", Platform.current())
                .file("bin/text", "#!" + PLACEHOLDER + "/bin/sh\n")
                .file("lib/binary", "\0" + PLACEHOLDER + "/lib\0")
                .file("share/plain", "plain"));
    PackageRecord winner =
        bench.build(
            builder("winner", Platform.current())
                .file("bin/text", "winner")
                .file("lib/binary", "winner")
                .file("share/plain", "winner"));
    bench.apply(Workbench.create(prefix, loser, winner).build());

    JsonNode text = path("loser", "bin/text");
    assertThat(text.path("prefix_placeholder").asText()).isEqualTo(PLACEHOLDER);
    assertThat(text.path("file_mode").asText()).isEqualTo("text");
    assertThat(text.path("sha256_in_prefix").asText())
        .isEqualTo(sha256("#!" + prefix + "/bin/sh\n"));
    JsonNode binary = path("loser", "lib/binary");
    String gap = "\0".repeat(PLACEHOLDER.length() - prefix.toString().length());
    assertThat(binary.path("file_mode").asText()).isEqualTo("binary");
    assertThat(binary.path("sha256_in_prefix").asText())
        .isEqualTo(sha256("\0" + prefix + "/lib\0" + gap));
    assertThat(path("loser", "share/plain").path("sha256_in_prefix").asText())
        .isEqualTo(sha256("plain"));
  }

  @Test
  void theRecordOfALargeFileThatLosesSaysTheSameAsThatOfOneThatWins() throws Exception {
    String text = "#!" + PLACEHOLDER + "/bin/sh\n" + "x\n".repeat(3 << 20);
    String binary = "\u007fELF" + PLACEHOLDER + "/lib\0" + "y\0".repeat(3 << 20);
    PackageRecord loser =
        bench.build(
            builder("loser", Platform.current()).file("bin/text", text).file("lib/binary", binary));
    PackageRecord winner =
        bench.build(
            builder("winner", Platform.current())
                .file("bin/text", "winner")
                .file("lib/binary", "winner"));
    bench.apply(Workbench.create(prefix, loser, winner).build());
    List<String> lost =
        List.of(
            path("loser", "bin/text").path("sha256_in_prefix").asText(),
            path("loser", "lib/binary").path("sha256_in_prefix").asText());
    bench.apply(Workbench.change(prefix, loser).build());

    assertThat(lost)
        .containsExactly(
            sha256(Files.readString(prefix.resolve("bin/text"), StandardCharsets.ISO_8859_1)),
            sha256(Files.readString(prefix.resolve("lib/binary"), StandardCharsets.ISO_8859_1)));
    assertThat(prefix.resolve("bin/text")).content().startsWith("#!" + prefix + "/bin/sh");
  }

  @Test
  void theEnvironmentIsSoundWhenTheLosersFilesAreBack() throws Exception {
    PackageRecord loser =
        bench.build(
            builder("loser", Platform.current()).file("bin/x", "#!" + PLACEHOLDER + "/bin/sh\n"));
    PackageRecord winner =
        bench.build(builder("winner", Platform.current()).file("bin/x", "winner"));
    bench.apply(Workbench.create(prefix, loser, winner).build());
    assertThat(bench.installer().verify(prefix, OperationContext.silent()).isSound()).isTrue();

    bench.apply(Workbench.change(prefix, loser).build());

    assertThat(prefix.resolve("bin/x")).hasContent("#!" + prefix + "/bin/sh\n");
    assertThat(bench.installer().verify(prefix, OperationContext.silent()).damages()).isEmpty();
    Files.writeString(prefix.resolve("bin/x"), "altered");
    assertThat(bench.installer().verify(prefix, OperationContext.silent()).damages()).hasSize(1);
  }

  @Test
  void anEntryPointThatLostIsDescribedAsItWouldBe() throws Exception {
    PackageRecord python =
        bench.build(
            PackageBuilder.of("python", "3.11")
                .platform(Platform.current())
                .file("bin/python3.11", "no real one"));
    PackageBuilder module =
        PackageBuilder.of("module", "1")
            .noarch(NoarchType.PYTHON)
            .file("site-packages/module.py", "")
            .entryPoint("tool = module:main");
    PackageRecord winner =
        bench.build(builder("winner", Platform.current()).file("bin/tool", "winner"));
    PackageRecord loser = bench.build(module);
    bench.apply(Workbench.create(prefix, python, loser, winner).compileBytecode(false).build());
    assertThat(prefix.resolve("bin/tool")).hasContent("winner");
    JsonNode lost = path("module", "bin/tool");

    bench.apply(Workbench.change(prefix, python, loser).compileBytecode(false).build());

    assertThat(lost.path("path_type").asText()).isEqualTo("unix_python_entry_point");
    assertThat(lost.path("sha256_in_prefix").asText())
        .isEqualTo(Workbench.sha256(Files.readAllBytes(prefix.resolve("bin/tool"))));
    assertThat(lost.path("size_in_bytes").asLong())
        .isEqualTo(Files.size(prefix.resolve("bin/tool")));
  }

  @Test
  void anEntryPointOfWhichAnotherToolToldNoDigestComesBackToo() throws Exception {
    PackageRecord python =
        bench.build(
            PackageBuilder.of("python", "3.11")
                .platform(Platform.current())
                .file("bin/python3.11", "no real one"));
    PackageRecord loser =
        bench.build(
            PackageBuilder.of("module", "1")
                .noarch(NoarchType.PYTHON)
                .file("site-packages/module.py", "")
                .entryPoint("tool = module:main"));
    PackageRecord winner =
        bench.build(builder("winner", Platform.current()).file("bin/tool", "winner"));
    bench.apply(Workbench.create(prefix, python, loser, winner).compileBytecode(false).build());
    // conda's record of what it makes itself (conda: CreatePythonEntryPointAction)
    Path file = prefix.resolve("conda-meta/module-1-py_0.json");
    ObjectNode record = (ObjectNode) new ObjectMapper().readTree(file.toFile());
    for (JsonNode path : record.path("paths_data").path("paths")) {
      if (path.path("_path").asText().equals("bin/tool")) {
        ((ObjectNode) path).remove(List.of("sha256_in_prefix", "size_in_bytes"));
      }
    }
    Files.writeString(file, record.toString());

    bench.apply(Workbench.change(prefix, python, loser).compileBytecode(false).build());

    assertThat(prefix.resolve("bin/tool")).content().contains("from module import main");
  }

  // ---- where upper and lower case are one

  private static Plan.Builder create(Path prefix, Platform platform, PackageRecord... records) {
    List<Change> changes = new ArrayList<>();
    for (PackageRecord record : records) {
      changes.add(new Change.Added(record));
    }
    return Plan.builder(prefix, platform).creates(true).changes(changes).solution(List.of(records));
  }

  private static Plan.Builder change(
      Path prefix, Platform platform, List<Change> changes, PackageRecord... solution) {
    return Plan.builder(prefix, platform)
        .changes(changes)
        .solution(List.of(solution))
        .basedOn(PrefixState.stamp(prefix));
  }

  private List<String> files(String under) throws Exception {
    try (var files = Files.list(prefix.resolve(under))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Platform.class,
      names = {"WIN_64", "OSX_ARM64"})
  void theLoserComesBackUnderItsOwnSpelling(Platform platform) throws Exception {
    PackageRecord one = bench.build(builder("one", platform).file("share/Name", "one"));
    PackageRecord two = bench.build(builder("two", platform).file("share/name", "two"));
    bench.apply(create(prefix, platform, one, two).build());
    assertThat(files("share")).containsExactly("name");

    bench.apply(change(prefix, platform, List.of(new Change.Removed(two)), one).build());

    assertThat(files("share")).containsExactly("Name");
    assertThat(prefix.resolve("share/Name")).hasContent("one");
  }

  @Test
  void aFileOfAnotherSpellingStaysWithThePackageThatStaysOnWindows() throws Exception {
    PackageRecord one = bench.build(builder("one", Platform.WIN_64).file("share/Name", "one"));
    PackageRecord two = bench.build(builder("two", Platform.WIN_64).file("share/name", "two"));
    bench.apply(create(prefix, Platform.WIN_64, one, two).build());

    bench.apply(change(prefix, Platform.WIN_64, List.of(new Change.Removed(one)), two).build());

    assertThat(files("share")).containsExactly("name");
    assertThat(prefix.resolve("share/name")).hasContent("two");
  }

  @Test
  void whatComesLaterMeetsAnotherSpellingByRankOnWindows() throws Exception {
    PackageRecord one = bench.build(builder("one", Platform.WIN_64).file("share/Name", "one"));
    PackageRecord two = bench.build(builder("two", Platform.WIN_64).file("share/name", "two"));
    bench.apply(create(prefix, Platform.WIN_64, one).build());
    bench.apply(change(prefix, Platform.WIN_64, List.of(new Change.Added(two)), one, two).build());
    assertThat(files("share")).containsExactly("name");
    assertThat(prefix.resolve("share/name")).hasContent("two");

    prefix = folder.resolve("envs/other");
    bench.apply(create(prefix, Platform.WIN_64, two).build());
    bench.apply(change(prefix, Platform.WIN_64, List.of(new Change.Added(one)), one, two).build());
    assertThat(files("share")).containsExactly("name");
    assertThat(prefix.resolve("share/name")).hasContent("two");
  }

  @Test
  void onLinuxTwoSpellingsAreTwoFiles() throws Exception {
    Platform linux = Platform.LINUX_AARCH64;
    PackageRecord one = bench.build(builder("one", linux).file("share/Name", "one"));
    PackageRecord two = bench.build(builder("two", linux).file("share/name", "two"));
    bench.apply(create(prefix, linux, one, two).build());
    bench.apply(change(prefix, linux, List.of(new Change.Removed(two)), one).build());

    assertThat(files("share")).containsExactly("Name");
  }

  // ---- folders

  /** Writes a package that names a folder, as rattler-build does and our own builder does not. */
  private PackageRecord naming(String path) throws Exception {
    Path archive = folder.resolve("spool-1-0.tar.bz2");
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new BZip2CompressorOutputStream(Files.newOutputStream(archive)), "UTF-8")) {
      put(
          tar,
          "info/index.json",
          "{\"name\": \"spool\", \"version\": \"1\", \"build\": \"0\", \"build_number\": 0}");
      put(
          tar,
          "info/paths.json",
          "{\"paths\": [{\"_path\": \"%s\", \"path_type\": \"directory\"}], \"paths_version\": 1}"
              .formatted(path));
      tar.putArchiveEntry(new TarArchiveEntry(path + "/"));
      tar.closeArchiveEntry();
    }
    return Workbench.located(
        PackageRecord.builder("spool", "1", "0").subdir(Platform.current().subdir()), archive);
  }

  private static void put(TarArchiveOutputStream tar, String path, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  @Test
  void aFolderThatAPackageNamesComesAndGoesWithIt() throws Exception {
    PackageRecord spool = naming("var/spool");
    PackageRecord other = bench.build(builder("other", Platform.current()).file("share/x", "x"));
    bench.apply(Workbench.create(prefix, spool, other).build());
    assertThat(prefix.resolve("var/spool")).isEmptyDirectory();

    bench.apply(Workbench.change(prefix, other).build());

    assertThat(prefix.resolve("var")).doesNotExist();
  }

  @Test
  void aFolderThatAnotherPackageNamesStaysThoughNothingLiesInIt() throws Exception {
    PackageRecord spool = naming("var/spool");
    PackageRecord user =
        bench.build(builder("user", Platform.current()).file("var/spool/deep/x", "x"));
    bench.apply(Workbench.create(prefix, spool, user).build());

    bench.apply(Workbench.change(prefix, spool).build());

    assertThat(prefix.resolve("var/spool")).isEmptyDirectory();
  }
}
