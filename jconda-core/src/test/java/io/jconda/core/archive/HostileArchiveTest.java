package io.jconda.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.IntegrityException;
import io.jconda.core.util.OperationContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
}
