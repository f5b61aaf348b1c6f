package io.jconda.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.jconda.IntegrityException;
import io.jconda.core.util.OperationContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileArchiveTest {
  private static RecordingVisitor read(byte[] archive, ArchiveFormat format) throws IOException {
    RecordingVisitor visitor = new RecordingVisitor();
    PackageReader.read(
        "the-archive",
        new ByteArrayInputStream(archive),
        format,
        visitor,
        OperationContext.silent());
    return visitor;
  }

  private static void assertRefused(TestArchive archive, String entry) throws IOException {
    byte[] tar = archive.tar();
    byte[] conda =
        new TestArchive.Zip()
            .stored("pkg-a-1-0.tar.zst", TestArchive.zst(tar))
            .stored("info-a-1-0.tar.zst", TestArchive.zst(TestArchive.emptyTar()))
            .bytes();
    assertThatThrownBy(() -> read(TestArchive.bz2(tar), ArchiveFormat.TAR_BZ2))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("the-archive")
        .hasMessageContaining(entry);
    assertThatThrownBy(() -> read(conda, ArchiveFormat.CONDA))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("the-archive")
        .hasMessageContaining(entry);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/../../x",
        "a/..",
        "/etc/passwd",
        "//etc/passwd",
        "\\windows\\x",
        "C:\\x",
        "C:x",
        "a\\..\\..\\x"
      })
  void namesThatLeaveTheFolderAreRefused(String name) throws Exception {
    assertRefused(new TestArchive().file(name, "x"), name);
  }

  @ParameterizedTest
  @CsvSource({
    "lib/a, ../../x",
    "a, ..",
    "a, /etc/passwd",
    "a, \\etc",
    "a, C:\\x",
    "lib/a, b/../../../x",
    "lib/a, ..\\..\\x"
  })
  void linksThatLeaveTheFolderAreRefused(String name, String target) throws Exception {
    assertRefused(new TestArchive().symbolicLink(name, target), name);
  }

  @Test
  void aLinkThatLeavesByWayOfAnotherLinkIsRefused() throws Exception {
    assertRefused(
        new TestArchive().symbolicLink("x/y/top", "../..").symbolicLink("out", "x/y/top/../z"),
        "out");
  }

  @Test
  void linksInARingAreHarmless() throws Exception {
    RecordingVisitor visitor =
        read(
            new TestArchive().symbolicLink("a", "b").symbolicLink("b", "a").tarBz2(),
            ArchiveFormat.TAR_BZ2);

    assertThat(visitor.symbolicLinks).hasSize(2);
  }

  @Test
  void aFileUnderALinkIsRefused() throws Exception {
    assertRefused(new TestArchive().symbolicLink("lib", "share").file("lib/x", "x"), "lib/x");
    assertRefused(new TestArchive().symbolicLink("a", "b").file("a/c/d/x", "x"), "a/c/d/x");
  }

  @Test
  void aLinkInPlaceOfAFolderWithFilesIsRefused() throws Exception {
    assertRefused(new TestArchive().file("lib/x", "x").symbolicLink("lib", "share"), "lib");
    assertRefused(new TestArchive().folder("lib").symbolicLink("lib", "share"), "lib");
    assertRefused(new TestArchive().symbolicLink("lib", "share").folder("lib"), "lib");
  }

  @Test
  void aFileUnderAFileIsRefused() throws Exception {
    assertRefused(new TestArchive().file("a", "x").file("a/b", "x"), "a/b");
  }

  @Test
  void namesGivenTwiceAreRefused() throws Exception {
    assertRefused(new TestArchive().file("a", "x").file("a", "y"), "a");
    assertRefused(new TestArchive().file("a", "x").file("./a", "y"), "a");
    assertRefused(new TestArchive().file("a", "x").file("b/x", "").hardLink("b/x", "a"), "b/x");
  }

  @Test
  void hardLinksToAnythingButAnEarlierFileAreRefused() throws Exception {
    assertRefused(new TestArchive().hardLink("a", "/etc/passwd"), "/etc/passwd");
    assertRefused(new TestArchive().hardLink("a", "../x"), "../x");
    assertRefused(new TestArchive().hardLink("a", "b").file("b", "x"), "a");
    assertRefused(new TestArchive().folder("b").hardLink("a", "b"), "a");
    assertRefused(new TestArchive().hardLink("a", "a"), "a");
  }

  @Test
  void aHardLinkToALinkIsOneMoreLinkAndIsCheckedAsSuch() throws Exception {
    RecordingVisitor visitor =
        read(
            new TestArchive().symbolicLink("lib/a", "b").hardLink("lib/c", "lib/a").tarBz2(),
            ArchiveFormat.TAR_BZ2);
    assertThat(visitor.symbolicLinks).containsEntry("lib/c", "b").hasSize(2);
    assertRefused(new TestArchive().symbolicLink("lib/a", "../b").hardLink("c", "lib/a"), "c");
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO})
  void devicesAreRefused(byte type) throws Exception {
    assertRefused(new TestArchive().special("dev/x", type, ""), "dev/x");
  }

  @Test
  void ownersAndSetuidAreForgotten() throws Exception {
    RecordingVisitor visitor =
        read(
            new TestArchive().file("a", "x", 0106755).file("b", "x", 0102644).tarBz2(),
            ArchiveFormat.TAR_BZ2);

    assertThat(visitor.entry("a").executable()).isTrue();
    assertThat(visitor.entry("b").executable()).isFalse();
  }

  @Test
  void aNameOfManyMegabytesIsRefusedBeforeItIsKept() throws Exception {
    byte[] archive = new TestArchive().longName(4 << 20).file("x", "x").tarBz2();

    assertThatThrownBy(() -> read(archive, ArchiveFormat.TAR_BZ2))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("header");
  }

  @Test
  void dotsInNamesAreNormalised() throws Exception {
    RecordingVisitor visitor =
        read(
            new TestArchive().folder(".").folder("./a").file("./a//b/./c", "x").tarBz2(),
            ArchiveFormat.TAR_BZ2);

    assertThat(visitor.files).containsOnlyKeys("a/b/c");
    assertThat(visitor.folders).containsExactly("a");
  }

  @Test
  void twoDotsInsideAPartAreJustAName() throws Exception {
    assertThat(read(new TestArchive().file("a..b/..c", "x").tarBz2(), ArchiveFormat.TAR_BZ2).files)
        .containsOnlyKeys("a..b/..c");
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void aFileThatUnpacksToAThousandTimesItsArchiveIsABomb(ArchiveFormat format) throws Exception {
    assertBomb(header("zeros", 300L << 20), format);
  }

  @ParameterizedTest
  @EnumSource(ArchiveFormat.class)
  void whatOnlyFollowsTheTarballsEndIsABombAllTheSame(ArchiveFormat format) throws Exception {
    assertBomb(new TestArchive().file("a", "x").tar(), format);
  }

  @Test
  void aMillionEntriesAreABombHoweverSmall() {
    Expansion expansion = new Expansion("the-archive", () -> 1L << 40);
    for (int i = 0; i < 1_000_000; i++) {
      expansion.addEntry();
    }
    assertThatThrownBy(expansion::addEntry)
        .isInstanceOf(IntegrityException.class)
        .hasMessageContainingAll("the-archive", "entries");
  }

  @Test
  void whatShrinksHundredfoldIsNoBomb() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] block = new byte[1 << 20];
    new Random(1).nextBytes(block);
    try (ZstdOutputStream zst = new ZstdOutputStream(out, 1).setWorkers(0).setLong(27)) {
      zst.write(header("large", 300L << 20));
      for (int i = 0; i < 300; i++) {
        zst.write(block);
      }
      zst.write(new byte[1024]);
    }
    assertThat(out.size()).isLessThan(3 << 20);
    RecordingSize visitor = new RecordingSize();
    PackageReader.read(
        "the-archive",
        new ByteArrayInputStream(conda(out.toByteArray())),
        ArchiveFormat.CONDA,
        visitor,
        OperationContext.silent());
    assertThat(visitor.size).isEqualTo(300L << 20);
  }

  private static byte[] header(String name, long size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    byte[] header = new byte[512];
    entry.writeEntryHeader(header);
    return header;
  }

  private static byte[] conda(byte[] pkg) throws IOException {
    return new TestArchive.Zip()
        .stored("pkg-a-1-0.tar.zst", pkg)
        .stored("info-a-1-0.tar.zst", TestArchive.zst(TestArchive.emptyTar()))
        .bytes();
  }

  /** Asserts that a tarball is refused that goes on with 300 MiB of zeros. */
  private static void assertBomb(byte[] tar, ArchiveFormat format) throws IOException {
    boolean conda = format == ArchiveFormat.CONDA;
    byte[] block = new byte[10 << 20];
    byte[] zeros = conda ? TestArchive.zst(block) : TestArchive.bz2(block);
    byte[] bomb = conda ? TestArchive.zst(tar) : TestArchive.bz2(tar);
    for (int i = 0; i < 30; i++) {
      bomb = TestArchive.join(bomb, zeros);
    }
    byte[] archive = conda ? conda(bomb) : bomb;
    assertThat(archive.length).isLessThan(1 << 20);
    RecordingSize visitor = new RecordingSize();
    assertThatThrownBy(
            () ->
                PackageReader.read(
                    "the-archive",
                    new ByteArrayInputStream(archive),
                    format,
                    visitor,
                    OperationContext.silent()))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContainingAll("the-archive", "unpack");
    assertThat(visitor.size).isLessThan(300L << 20);
  }

  /** Counts bytes and keeps none. */
  private static final class RecordingSize implements EntryVisitor {
    private long size;

    @Override
    public void file(FileEntry entry, InputStream content) throws IOException {
      byte[] buffer = new byte[1 << 16];
      for (int got = content.read(buffer); got >= 0; got = content.read(buffer)) {
        size += got;
      }
    }

    @Override
    public void symbolicLink(String path, String target) {}

    @Override
    public void hardLink(String path, String existingPath) {}
  }
}
