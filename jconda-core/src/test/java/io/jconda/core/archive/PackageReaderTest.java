package io.jconda.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import io.jconda.IntegrityException;
import io.jconda.OperationCancelledException;
import io.jconda.build.PackageBuilder;
import io.jconda.build.PackageFormat;
import io.jconda.core.Fixtures;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackageReaderTest {
  private static final OperationContext SILENT = OperationContext.silent();

  private static RecordingVisitor read(InputStream archive, ArchiveFormat format)
      throws IOException {
    RecordingVisitor visitor = new RecordingVisitor();
    PackageReader.read("the-archive", archive, format, visitor, SILENT);
    return visitor;
  }

  private static RecordingVisitor read(byte[] archive, ArchiveFormat format) throws IOException {
    return read(new ByteArrayInputStream(archive), format);
  }

  private static TestArchive.Zip zip(String pkgName, byte[] pkg) throws IOException {
    return new TestArchive.Zip()
        .stored(
            "metadata.json", "{\"conda_pkg_format_version\": 2}".getBytes(StandardCharsets.UTF_8))
        .stored("info-a-1-0.tar.zst", TestArchive.zst(TestArchive.emptyTar()))
        .stored(pkgName, pkg);
  }

  private static byte[] small(ArchiveFormat format, Path folder) throws IOException {
    return Files.readAllBytes(
        PackageBuilder.of("small", "1")
            .file("lib/a.txt", "a")
            .executable("bin/b", "b")
            .symbolicLink("lib/c", "a.txt")
            .format(PackageFormat.valueOf(format.name()))
            .build(folder));
  }

  @Test
  void everyRealPackageIsWhatItsPathsSay() throws Exception {
    int packages = 0;
    try (Stream<Path> archives = Files.list(Fixtures.of("packages"))) {
      for (Path archive : archives.sorted().toList()) {
        ArchiveFormat format = ArchiveFormat.of(archive.toString()).orElseThrow();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        RecordingVisitor read;
        try (InputStream in = new DigestInputStream(Files.newInputStream(archive), digest)) {
          read = read(in, format);
        }
        assertThat(digest.digest())
            .as(archive.toString())
            .isEqualTo(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive)));
        assertThat(read.files).as(archive.toString()).containsKey("info/index.json");
        if (read.files.containsKey("info/paths.json")) {
          assertPaths(archive, read);
        }
        packages++;
      }
    }
    assertThat(packages).isEqualTo(34);
  }

  private static void assertPaths(Path archive, RecordingVisitor read) throws Exception {
    JsonNode paths = new ObjectMapper().readTree(read.content("info/paths.json")).path("paths");
    List<String> listed = paths.findValuesAsText("_path");
    assertThat(read.paths.stream().filter(path -> !path.startsWith("info/")).toList())
        .as(archive.toString())
        .containsExactlyInAnyOrderElementsOf(listed);
    for (JsonNode path : paths) {
      if (path.path("path_type").asText().equals("hardlink")) {
        byte[] content = read.content(path.path("_path").asText());
        assertThat(content).as(archive + " " + path).hasSize(path.path("size_in_bytes").asInt());
        // the sparse one was built without
        if (path.has("sha256")) {
          assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)))
              .as(archive + " " + path)
              .isEqualTo(path.path("sha256").asText());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void anArchiveCutAnywhereIsRefused(ArchiveFormat format, @TempDir Path folder) throws Exception {
    byte[] archive = small(format, folder);
    assertThat(read(archive, format).files).containsKey("bin/b");

    for (int length = 0; length < archive.length; length++) {
      byte[] cut = Arrays.copyOf(archive, length);
      assertThatThrownBy(() -> read(cut, format))
          .as("cut after %d of %d bytes", length, archive.length)
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("the-archive");
    }
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void aFlippedBitIsNeverTakenForOtherContent(ArchiveFormat format, @TempDir Path folder)
      throws Exception {
    byte[] archive = small(format, folder);
    RecordingVisitor sound = read(archive, format);
    for (int i = 0; i < archive.length; i++) {
      byte[] changed = archive.clone();
      changed[i] ^= (byte) (1 << i % 8);
      RecordingVisitor read;
      try {
        read = read(changed, format);
      } catch (IntegrityException e) {
        assertThat(e).hasMessageContaining("the-archive");
        continue;
      }
      // a bit that says nothing about the content: a date of the zip, say
      assertThat(read.paths).as("byte %d", i).isEqualTo(sound.paths);
      assertThat(read.content("bin/b")).as("byte %d", i).isEqualTo(sound.content("bin/b"));
    }
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void garbageIsRefused(ArchiveFormat format) {
    long seed = 20261123;
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      byte[] garbage = new byte[random.nextInt(3000)];
      random.nextBytes(garbage);
      assertThatThrownBy(() -> read(garbage, format))
          .as("seed %d, garbage %d", seed, i)
          .isInstanceOf(IntegrityException.class);
    }
    assertThatThrownBy(
            () -> read("<html>Not found</html>".getBytes(StandardCharsets.UTF_8), format))
        .isInstanceOf(IntegrityException.class);
  }

  @Test
  void severalStreamsOfBzip2AreOneTarball() throws Exception {
    byte[] tar = new TestArchive().file("a", "x".repeat(5000)).file("b", "y").tar();
    byte[] joined =
        TestArchive.join(
            TestArchive.bz2(Arrays.copyOfRange(tar, 0, 700)),
            TestArchive.bz2(Arrays.copyOfRange(tar, 700, 4000)),
            TestArchive.bz2(Arrays.copyOfRange(tar, 4000, tar.length)));

    assertThat(read(joined, ArchiveFormat.TAR_BZ2).files).containsOnlyKeys("a", "b");
  }

  @Test
  void aTarballThatLacksItsEndBetweenTwoStreamsIsRefused() throws Exception {
    byte[] tar = new TestArchive().file("a", "x").file("b", "y").tar();
    byte[] cut = TestArchive.bz2(Arrays.copyOf(tar, 1024));

    assertThatThrownBy(() -> read(cut, ArchiveFormat.TAR_BZ2))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("end mark");
  }

  @Test
  void severalFramesOfZstandardAreOneTarball() throws Exception {
    byte[] tar = new TestArchive().file("a", "x".repeat(5000)).file("b", "y").tar();
    byte[] frames =
        TestArchive.join(
            TestArchive.zst(Arrays.copyOfRange(tar, 0, 700)),
            TestArchive.zst(Arrays.copyOfRange(tar, 700, tar.length)));

    assertThat(read(zip("pkg-a-1-0.tar.zst", frames).bytes(), ArchiveFormat.CONDA).files)
        .containsOnlyKeys("a", "b");
  }

  @Test
  void windowsOf128MebibytesAreRead() throws Exception {
    byte[] tar = new TestArchive().file("a", "x".repeat(100_000)).tar();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStream zst = new ZstdOutputStream(out, 3)) {
      zst.setLong(27);
      zst.write(tar);
    }

    assertThat(read(zip("pkg-a-1-0.tar.zst", out.toByteArray()).bytes(), ArchiveFormat.CONDA).files)
        .containsOnlyKeys("a");
  }

  @Test
  void membersMayComeInAnyOrderAndOthersAreSkipped() throws Exception {
    byte[] tar = TestArchive.zst(new TestArchive().file("a", "x").tar());
    byte[] info = TestArchive.zst(new TestArchive().file("info/index.json", "{}").tar());
    byte[] archive =
        new TestArchive.Zip()
            .stored("note.txt", new byte[] {'P', 'K', 7, 8, 0})
            .stored("pkg-a-1-0.tar.zst", tar)
            .stored("info-a-1-0.tar.zst", info)
            .bytes();

    assertThat(read(archive, ArchiveFormat.CONDA).paths).containsExactly("a", "info/index.json");
  }

  @Test
  void sizesMayFollowTheMembers() throws Exception {
    byte[] archive = Descriptors.with("info-a-1-0.tar.zst", infoWithMarks(), false);
    byte[] archive64 = Descriptors.with("info-a-1-0.tar.zst", infoWithMarks(), true);

    assertThat(read(archive, ArchiveFormat.CONDA).files).containsKey("info/index.json");
    assertThat(read(archive64, ArchiveFormat.CONDA).files).containsKey("info/index.json");
    for (int length = 0; length < archive64.length; length++) {
      byte[] cut = Arrays.copyOf(archive64, length);
      assertThatThrownBy(() -> read(cut, ArchiveFormat.CONDA))
          .as("cut after %d", length)
          .isInstanceOf(IntegrityException.class);
    }
  }

  private static byte[] infoWithMarks() throws IOException {
    // looks like the end of a member, again and again, and is none
    String marks = "PK\7\b".repeat(3) + "PPKPK\7";
    byte[] tar = new TestArchive().file("info/index.json", marks).tar();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStream zst = new ZstdOutputStream(out, 1)) {
      zst.write(tar);
    }
    return out.toByteArray();
  }

  @Test
  void aCompressedMemberIsRefused() throws Exception {
    byte[] archive =
        new TestArchive.Zip()
            .deflated("info-a-1-0.tar.zst", TestArchive.zst(TestArchive.emptyTar()))
            .bytes();

    assertThatThrownBy(() -> read(archive, ArchiveFormat.CONDA))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("info-a-1-0.tar.zst");
  }

  @Test
  void aMemberOfWhichThereAreTwoIsRefused() throws Exception {
    byte[] empty = TestArchive.zst(TestArchive.emptyTar());
    byte[] archive = zip("pkg-a-1-0.tar.zst", empty).stored("pkg-b-1-0.tar.zst", empty).bytes();

    assertThatThrownBy(() -> read(archive, ArchiveFormat.CONDA))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("pkg-b-1-0.tar.zst");
  }

  @Test
  void aZipBehindTheZipIsRefused(@TempDir Path folder) throws Exception {
    byte[] archive = small(ArchiveFormat.CONDA, folder);

    assertThatThrownBy(() -> read(TestArchive.join(archive, archive), ArchiveFormat.CONDA))
        .isInstanceOf(IntegrityException.class);
  }

  @Test
  void aFormatOfTheFutureIsNamed() throws Exception {
    byte[] archive =
        new TestArchive.Zip()
            .stored(
                "metadata.json",
                "{\"conda_pkg_format_version\": 3}".getBytes(StandardCharsets.UTF_8))
            .bytes();

    assertThatThrownBy(() -> read(archive, ArchiveFormat.CONDA))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("'3'");
  }

  @Test
  void infoIsRequired() throws Exception {
    byte[] archive =
        new TestArchive.Zip()
            .stored("pkg-a-1-0.tar.zst", TestArchive.zst(TestArchive.emptyTar()))
            .bytes();

    assertThatThrownBy(() -> read(archive, ArchiveFormat.CONDA))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("info-");
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void theStreamsOwnFailureIsPassedOn(ArchiveFormat format, @TempDir Path folder) throws Exception {
    byte[] archive = small(format, folder);
    IOException failure = new IOException("connection reset");
    for (int length = 0; length < archive.length; length += 7) {
      InputStream torn =
          new FilterInputStream(new ByteArrayInputStream(archive, 0, length)) {
            @Override
            public int read(byte[] buffer, int offset, int count) throws IOException {
              int got = super.read(buffer, offset, count);
              if (got < 0) {
                throw failure;
              }
              return got;
            }
          };
      assertThatThrownBy(() -> read(torn, format)).isSameAs(failure);
    }
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void theVisitorsFailureIsPassedOn(ArchiveFormat format, @TempDir Path folder) throws Exception {
    IOException failure = new IOException("no space left on device");
    EntryVisitor full =
        new EntryVisitor() {
          @Override
          public void file(FileEntry entry, InputStream content) throws IOException {
            throw failure;
          }

          @Override
          public void symbolicLink(String path, String target) {}

          @Override
          public void hardLink(String path, String existingPath) {}
        };
    InputStream archive = new ByteArrayInputStream(small(format, folder));

    assertThatThrownBy(() -> PackageReader.read("a", archive, format, full, SILENT))
        .isSameAs(failure);
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void contentThatIsNotReadIsSkipped(ArchiveFormat format, @TempDir Path folder) throws Exception {
    RecordingVisitor lazy = new RecordingVisitor();
    EntryVisitor skipping =
        new EntryVisitor() {
          @Override
          public void file(FileEntry entry, InputStream content) throws IOException {
            lazy.file(entry, InputStream.nullInputStream());
          }

          @Override
          public void symbolicLink(String path, String target) {}

          @Override
          public void hardLink(String path, String existingPath) {}
        };
    InputStream archive = new ByteArrayInputStream(small(format, folder));

    PackageReader.read("a", archive, format, skipping, SILENT);

    assertThat(lazy.files).containsKeys("lib/a.txt", "bin/b", "info/index.json");
    assertThat(archive.read()).isEqualTo(-1);
  }

  @Test
  void aCancelledOperationStops(@TempDir Path folder) throws Exception {
    CancellationToken token = CancellationToken.create();
    InputStream archive = new ByteArrayInputStream(small(ArchiveFormat.CONDA, folder));
    token.cancel("cancelled by the caller");

    assertThatThrownBy(
            () ->
                PackageReader.read(
                    "a",
                    archive,
                    ArchiveFormat.CONDA,
                    new RecordingVisitor(),
                    new OperationContext(token, Events.silent())))
        .isInstanceOf(OperationCancelledException.class);
  }
}
