package io.jconda.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what the real GNU tar writes, where it is installed. */
class GnuTarTest {
  @TempDir Path folder;

  @BeforeEach
  void findTar() throws Exception {
    String version;
    try {
      version = run("tar", "--version");
    } catch (IOException e) {
      version = e.toString();
    }
    assumeTrue(version.contains("GNU tar"), "no GNU tar is installed: " + version);
  }

  private String run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** Packs the folder {@code in} and returns content by name, links as {@code -> target}. */
  private Map<String, String> packed(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("tar", "-cf", "out.tar"));
    command.addAll(List.of(options));
    command.add("in");
    run(command.toArray(String[]::new));
    Map<String, String> all = new HashMap<>();
    Expansion expansion = new Expansion("the-archive", () -> 1L << 40);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(folder.resolve("out.tar")));
        TarStream tar = new TarStream(in, expansion, new byte[1000])) {
      for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
        TarEntry entry = next.get();
        InputStream content =
            entry.map().isPresent() ? entry.map().get().fill(tar, expansion) : tar;
        String what =
            switch (entry.kind()) {
              case FILE -> new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
              case FOLDER -> "folder";
              case SYMBOLIC_LINK, HARD_LINK -> "-> " + entry.linkName();
              case OTHER -> "other";
            };
        assertThat(all.put(entry.name(), what)).isNull();
        assertThat(entry.modified().getEpochSecond())
            .as(entry.name())
            .isEqualTo(
                Files.getLastModifiedTime(folder.resolve(entry.name()), LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .getEpochSecond());
      }
    }
    return all;
  }

  private Path file(String name, String content) throws IOException {
    Path file = folder.resolve("in").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7", "ustar", "oldgnu", "gnu", "posix"})
  void everyFormatIsRead(String format) throws Exception {
    boolean anyLength = !format.equals("v7") && !format.equals("ustar");
    String parts = "part-of-a-long-path/".repeat(format.equals("v7") ? 1 : 5);
    String name = parts + (anyLength ? "n".repeat(220) : "name");
    file(name, "long");
    file("empty", "");
    file("block", "b".repeat(512));
    file("é", "accent");
    Files.createSymbolicLink(folder.resolve("in/link"), Path.of("block"));
    Files.createLink(folder.resolve("in/again"), folder.resolve("in/empty"));
    Files.setLastModifiedTime(
        file("old", "o"),
        FileTime.from(
            Instant.parse(anyLength ? "1965-01-02T03:04:05.5Z" : "1980-01-01T00:00:00Z")));

    Map<String, String> all = packed("--format=" + format, "--sort=name");

    assertThat(all)
        .containsEntry("in/" + name, "long")
        .containsEntry("in/again", "")
        .containsEntry("in/block", "b".repeat(512))
        .containsEntry("in/é", "accent")
        .containsEntry("in/link", "-> block")
        .containsEntry("in/empty", "-> in/again")
        .containsEntry("in/old", "o");
    assertThat(all.get("in/")).isEqualTo("folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--format=oldgnu",
        "--format=gnu",
        "--format=posix --sparse-version=0.0",
        "--format=posix --sparse-version=0.1",
        "--format=posix --sparse-version=1.0"
      })
  void sparseFilesAreReadWithTheirHoles(String options) throws Exception {
    Path in = Files.createDirectory(folder.resolve("in"));
    for (int parts : new int[] {0, 1, 3, 4, 5, 25, 26, 100}) {
      Path file = in.resolve("parts-" + parts);
      try (SeekableByteChannel out =
          Files.newByteChannel(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.SPARSE)) {
        for (int i = 0; i < parts; i++) {
          out.position(i * 20_000L + 8192);
          out.write(ByteBuffer.wrap(("part " + i).getBytes(StandardCharsets.US_ASCII)));
        }
        out.position(parts * 20_000L + 50_000);
        out.write(ByteBuffer.wrap(new byte[1]));
      }
    }
    List<String> all = new ArrayList<>(List.of("--sparse", "--hole-detection=raw"));
    all.addAll(List.of(options.split(" ", -1)));

    Map<String, String> read = packed(all.toArray(String[]::new));

    assertThat(Files.size(folder.resolve("out.tar"))).isLessThan(400_000);
    try (var files = Files.list(in)) {
      for (Path file : files.toList()) {
        assertThat(read.get("in/" + file.getFileName()))
            .as(file.getFileName().toString())
            .isEqualTo(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(read).hasSize(9);
  }
}
