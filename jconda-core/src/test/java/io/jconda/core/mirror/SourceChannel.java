package io.jconda.core.mirror;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.build.PackageFormat;
import io.jconda.core.host.Disk;
import io.jconda.core.util.Hashes;
import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Is a small channel to mirror from, in a folder that can be served. */
final class SourceChannel {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Path folder;

  SourceChannel(Path folder) {
    this.folder = folder;
  }

  /** Makes a channel in which {@code app} needs {@code lib}, which differs by platform. */
  static SourceChannel usual(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(Usual.FOLDER)) {
      for (Path file : tree.toList()) {
        Files.copy(file, folder.resolve(Usual.FOLDER.relativize(file).toString()));
      }
    }
    return new SourceChannel(folder);
  }

  /** Is made once in a JVM. */
  private static final class Usual {
    static final Path FOLDER = folder();

    private static Path folder() {
      try {
        Path folder = Files.createTempDirectory("jconda-source");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        fill(folder);
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void delete(Path folder) {
      try {
        Disk.real().deleteTree(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void fill(Path folder) {
    SourceChannel channel = new SourceChannel(folder);
    channel.make(Platform.NOARCH, "app", "1.0", "lib <2");
    channel.make(Platform.NOARCH, "app", "2.0", "lib >=2", "python");
    channel.make(Platform.NOARCH, "other", "1.0");
    for (Platform platform : List.of(Platform.LINUX_64, Platform.WIN_64)) {
      channel.make(platform, "lib", "1.0");
      channel.make(platform, "lib", "2.0");
      channel.make(platform, "python", "3.13");
    }
    ChannelIndexer.index(folder);
  }

  /** Makes a package with some kilobytes that do not compress. */
  Path make(Platform platform, String name, String version, String... depends) {
    byte[] noise = new byte[30_000];
    new Random((name + version + platform).hashCode()).nextBytes(noise);
    PackageBuilder builder =
        PackageBuilder.of(name, version)
            .depends(depends)
            .format(version.equals("1.0") ? PackageFormat.TAR_BZ2 : PackageFormat.CONDA)
            .file("share/" + name + ".txt", Base64.getEncoder().encodeToString(noise));
    return platform == Platform.NOARCH
        ? builder.noarch(NoarchType.GENERIC).build(folder)
        : builder.platform(platform).build(folder);
  }

  /** Changes an index as a channel's owner does who mends records. */
  void patch(String subdir, Consumer<ObjectNode> change) throws IOException {
    Path file = folder.resolve(subdir).resolve("repodata.json");
    ObjectNode index = (ObjectNode) JSON.readTree(file.toFile());
    change.accept(index);
    byte[] json = JSON.writeValueAsBytes(index);
    Files.write(file, json);
    Files.write(file.resolveSibling("repodata.json.zst"), Zstd.compress(json, 3));
  }

  /** Serves all of it at {@code /ch}. */
  String serve(WireMockExtension server) throws IOException {
    server.stubFor(any(anyUrl()).atPriority(10).willReturn(aResponse().withStatus(404)));
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        server.stubFor(
            get(urlPathEqualTo("/ch/" + folder.relativize(file)))
                .atPriority(5)
                .willReturn(aResponse().withBody(Files.readAllBytes(file))));
      }
    }
    return server.url("/ch");
  }

  /** Returns what lies in a folder: path to hash, without what is a mirror's own. */
  static SortedMap<String, String> picture(Path folder) throws IOException {
    SortedMap<String, String> picture = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return picture;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        String path = folder.relativize(file).toString();
        if (!path.startsWith(".jconda-mirror")) {
          picture.put(path, Hashes.sha256(file));
        }
      }
    }
    return picture;
  }

  /** Returns the archives in a folder, as {@code subdir/file name}. */
  static List<String> archives(Path folder) throws IOException {
    return picture(folder).keySet().stream()
        .filter(path -> path.endsWith(".conda") || path.endsWith(".tar.bz2"))
        .toList();
  }

  /** Returns the records of an index by file name, both formats together. */
  static SortedMap<String, ObjectNode> records(Path folder, String subdir) throws IOException {
    SortedMap<String, ObjectNode> records = new TreeMap<>();
    ObjectNode index =
        (ObjectNode) JSON.readTree(folder.resolve(subdir).resolve("repodata.json").toFile());
    for (String part : List.of("packages", "packages.conda")) {
      index
          .path(part)
          .properties()
          .forEach(entry -> records.put(entry.getKey(), (ObjectNode) entry.getValue()));
    }
    return records;
  }

  /** Returns one record of an index, which must be there. */
  static ObjectNode record(Path folder, String subdir, String fileName) throws IOException {
    return Objects.requireNonNull(records(folder, subdir).get(fileName), fileName);
  }

  /** Fails if an index of a folder names an archive that is not there, or not as it says. */
  static void assertValid(Path folder) throws IOException {
    for (Platform platform : Platform.values()) {
      if (!Files.exists(folder.resolve(platform.subdir()).resolve("repodata.json"))) {
        continue;
      }
      for (Map.Entry<String, ObjectNode> record : records(folder, platform.subdir()).entrySet()) {
        String fileName = record.getKey();
        Path archive = folder.resolve(platform.subdir()).resolve(fileName);
        JsonNode wanted = record.getValue().path("sha256");
        boolean wrong =
            !Files.exists(archive)
                || (wanted.isTextual() && !Hashes.sha256(archive).equals(wanted.asText()));
        if (wrong) {
          throw new AssertionError(
              "The index names " + archive + ", which is not there or not right.");
        }
      }
    }
  }
}
