package io.jconda.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import io.jconda.IntegrityException;
import io.jconda.StorageException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.build.PackageFormat;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackageBuilderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFIX = "/builder/" + "p".repeat(60);

  @TempDir Path channel;

  private static PackageBuilder sample() {
    return PackageBuilder.of("sample", "1.2.3")
        .platform(Platform.LINUX_64)
        .buildString("h1_4")
        .buildNumber(4)
        .depends("python >=3.9", "zlib")
        .constrains("other <2")
        .license("MIT")
        .about("summary", "A sample")
        .timestamp(Instant.parse("2026-01-02T03:04:05.678Z"))
        .placeholder(PREFIX)
        .file("lib/data.txt", "plain")
        .file("lib/größe.txt", "ü")
        .file("lib/" + "long/".repeat(60) + "name.txt", "deep")
        .executable("bin/tool", "#!" + PREFIX + "/bin/python\n")
        .file("lib/libx.so.1", ("\0\1" + PREFIX + "/lib\0").getBytes(StandardCharsets.UTF_8))
        .symbolicLink("lib/libx.so", "libx.so.1")
        .file("etc/x.conf", "a=1")
        .noLink("etc/x.conf");
  }

  private static RecordingVisitor read(Path archive) throws IOException {
    RecordingVisitor visitor = new RecordingVisitor();
    try (InputStream in = Files.newInputStream(archive)) {
      PackageReader.read(
          archive.toString(),
          in,
          ArchiveFormat.of(archive.toString()).orElseThrow(),
          visitor,
          OperationContext.silent());
    }
    return visitor;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @ParameterizedTest
  @EnumSource(PackageFormat.class)
  void whatIsBuiltIsReadBack(PackageFormat format) throws Exception {
    Path archive = sample().format(format).build(channel);

    assertThat(archive)
        .isEqualTo(channel.resolve("linux-64/sample-1.2.3-h1_4" + format.extension()));
    RecordingVisitor read = read(archive);
    assertThat(read.content("lib/data.txt")).asString(StandardCharsets.UTF_8).isEqualTo("plain");
    assertThat(read.content("lib/größe.txt")).asString(StandardCharsets.UTF_8).isEqualTo("ü");
    assertThat(read.files).containsKey("lib/" + "long/".repeat(60) + "name.txt");
    assertThat(read.entry("bin/tool").executable()).isTrue();
    assertThat(read.entry("lib/data.txt").executable()).isFalse();
    assertThat(read.entry("lib/data.txt").modified()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(read.symbolicLinks).containsExactly(Map.entry("lib/libx.so", "libx.so.1"));
    try (Stream<Path> left = Files.list(archive.getParent())) {
      assertThat(left).containsExactly(archive);
    }
  }

  @ParameterizedTest
  @EnumSource(PackageFormat.class)
  void twoBuildsGiveTheSameBytes(PackageFormat format) throws Exception {
    byte[] first = Files.readAllBytes(sample().format(format).build(channel));
    byte[] second = Files.readAllBytes(sample().format(format).build(channel));

    assertThat(second).isEqualTo(first);
  }

  @Test
  void pathsAreListedWithHashAndPlaceholder() throws Exception {
    RecordingVisitor read = read(sample().build(channel));

    JsonNode paths = JSON.readTree(read.content("info/paths.json"));
    assertThat(paths.path("paths_version").asInt()).isEqualTo(1);
    for (JsonNode entry : paths.path("paths")) {
      String path = entry.path("_path").asText();
      boolean link = entry.path("path_type").asText().equals("softlink");
      byte[] content = read.content(link ? "lib/libx.so.1" : path);
      assertThat(entry.path("sha256").asText()).as(path).isEqualTo(sha256(content));
      assertThat(entry.path("size_in_bytes").asInt()).as(path).isEqualTo(content.length);
      String mode = path.equals("bin/tool") ? "text" : path.endsWith(".so.1") ? "binary" : "";
      assertThat(entry.path("file_mode").asText()).as(path).isEqualTo(mode);
      assertThat(entry.path("prefix_placeholder").asText())
          .as(path)
          .isEqualTo(mode.isEmpty() ? "" : PREFIX);
      assertThat(entry.path("no_link").asBoolean()).as(path).isEqualTo(path.equals("etc/x.conf"));
    }
    assertThat(paths.path("paths")).hasSize(7);
    assertThat(read.content("info/has_prefix"))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(PREFIX + " text bin/tool\n" + PREFIX + " binary lib/libx.so.1\n");
    assertThat(read.content("info/files"))
        .asString(StandardCharsets.UTF_8)
        .startsWith("bin/tool\netc/x.conf\nlib/data.txt\n");
    assertThat(read.content("info/no_link"))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("etc/x.conf\n");
  }

  @Test
  void aPlaceholderAcrossTheBordersOfBuffersIsFound() throws Exception {
    String before = "/builder/p".repeat((1 << 16) / 10) + "/builder";
    RecordingVisitor read = read(sample().file("lib/wide.txt", before + PREFIX).build(channel));

    assertThat(new String(read.content("info/has_prefix"), StandardCharsets.UTF_8))
        .contains(" text lib/wide.txt");
  }

  @Test
  void entryPointsOfNoarchPythonAreWrittenToLinkJson() throws Exception {
    Path archive =
        PackageBuilder.of("hello", "1.0")
            .noarch(NoarchType.PYTHON)
            .file("site-packages/hello.py", "def main(): pass\n")
            .entryPoint("hello=hello:main")
            .build(channel);

    assertThat(archive).isEqualTo(channel.resolve("noarch/hello-1.0-py_0.conda"));
    JsonNode link = JSON.readTree(read(archive).content("info/link.json"));
    assertThat(link.at("/noarch/type").asText()).isEqualTo("python");
    assertThat(link.at("/noarch/entry_points/0").asText()).isEqualTo("hello = hello:main");
    assertThat(link.path("package_metadata_version").asInt()).isEqualTo(1);
  }

  @Test
  void aFolderIsPackedWithLinksAndExecutableBits(@TempDir Path root) throws Exception {
    Files.createDirectories(root.resolve("bin"));
    Files.writeString(root.resolve("bin/run"), "#!/bin/sh\n");
    assertThat(root.resolve("bin/run").toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(root.resolve("bin/also"), Path.of("run"));

    RecordingVisitor read = read(PackageBuilder.of("tree", "1").folder(root).build(channel));

    assertThat(read.entry("bin/run").executable()).isTrue();
    assertThat(read.symbolicLinks).containsEntry("bin/also", "run");
  }

  @Test
  void aMissingSourceFileLeavesNothingBehind() throws Exception {
    PackageBuilder builder =
        PackageBuilder.of("gone", "1").file("lib/x", channel.resolve("nowhere"));

    assertThatThrownBy(() -> builder.build(channel))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("lib/x");
    assertThat(channel.resolve("noarch/gone-1-0.conda")).doesNotExist();
  }

  @Test
  void theIndexDescribesEveryPackage() throws Exception {
    Path conda = sample().build(channel);
    Path tarBz2 = sample().format(PackageFormat.TAR_BZ2).buildNumber(5).build(channel);

    ChannelIndexer.index(channel);

    JsonNode index = JSON.readTree(channel.resolve("linux-64/repodata.json").toFile());
    assertThat(index.at("/info/subdir").asText()).isEqualTo("linux-64");
    assertThat(index.path("repodata_version").asInt()).isEqualTo(1);
    assertThat(index.path("removed").isArray()).isTrue();
    JsonNode record = index.path("packages.conda").path(conda.getFileName().toString());
    assertThat(record.path("name").asText()).isEqualTo("sample");
    assertThat(record.path("depends").get(0).asText()).isEqualTo("python >=3.9");
    assertThat(record.path("constrains").get(0).asText()).isEqualTo("other <2");
    assertThat(record.path("timestamp").asLong()).isEqualTo(1767323045678L);
    assertThat(record.path("sha256").asText()).isEqualTo(sha256(Files.readAllBytes(conda)));
    assertThat(record.path("md5").asText()).hasSize(32);
    assertThat(record.path("size").asLong()).isEqualTo(Files.size(conda));
    assertThat(index.path("packages").path(tarBz2.getFileName().toString()).path("build_number"))
        .hasToString("5");
    byte[] zst = Files.readAllBytes(channel.resolve("linux-64/repodata.json.zst"));
    assertThat(Zstd.decompress(zst, 1 << 20))
        .isEqualTo(Files.readAllBytes(channel.resolve("linux-64/repodata.json")));
    assertThat(JSON.readTree(channel.resolve("noarch/repodata.json").toFile()).path("packages"))
        .isEmpty();
  }

  @Test
  void aTornPackageStopsTheIndexAndChangesNothing() throws Exception {
    Path archive = sample().build(channel);
    ChannelIndexer.index(channel);
    byte[] before = Files.readAllBytes(channel.resolve("linux-64/repodata.json"));
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length - 30));

    assertThatThrownBy(() -> ChannelIndexer.index(channel))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(archive.toString());
    assertThat(channel.resolve("linux-64/repodata.json")).hasBinaryContent(before);
  }

  @Test
  void aMisnamedPackageIsNotIndexed() throws Exception {
    Path archive = sample().build(channel);
    Files.move(archive, archive.resolveSibling("sample-9-h1_4.conda"));

    assertThatThrownBy(() -> ChannelIndexer.index(channel))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("sample-9-h1_4.conda")
        .hasMessageContaining("sample-1.2.3-h1_4");
  }
}
