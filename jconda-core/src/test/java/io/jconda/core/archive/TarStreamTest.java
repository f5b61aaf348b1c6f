package io.jconda.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarStreamTest {
  /** What was read of one entry, its content letter by byte. */
  private record Read(TarEntry entry, String text) {}

  private static List<Read> read(byte[] tar) throws IOException {
    Expansion expansion = new Expansion("the-archive", () -> tar.length);
    TarStream stream = new TarStream(new ByteArrayInputStream(tar), expansion, new byte[1000]);
    List<Read> all = new ArrayList<>();
    for (Optional<TarEntry> next = stream.next(); next.isPresent(); next = stream.next()) {
      TarEntry entry = next.get();
      InputStream content =
          entry.map().isPresent() ? entry.map().get().fill(stream, expansion) : stream;
      all.add(new Read(entry, letters(content)));
    }
    return all;
  }

  private static String letters(InputStream content) throws IOException {
    return new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static Read only(TarBlocks tar) throws IOException {
    List<Read> all = read(tar.end());
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static void assertTorn(byte[] tar, String why) {
    assertThatThrownBy(() -> read(tar)).isInstanceOf(IOException.class).hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void whatCommonsCompressWritesIsReadAsCommonsCompressReadsIt(int seed) throws Exception {
    Random random = new Random(seed);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out =
        new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
      boolean gnu = seed % 2 == 0;
      out.setLongFileMode(
          gnu ? TarArchiveOutputStream.LONGFILE_GNU : TarArchiveOutputStream.LONGFILE_POSIX);
      out.setBigNumberMode(
          gnu ? TarArchiveOutputStream.BIGNUMBER_STAR : TarArchiveOutputStream.BIGNUMBER_POSIX);
      out.setAddPaxHeadersForNonAsciiNames(!gnu);
      for (int i = 0; i < 300; i++) {
        put(out, random);
      }
    }
    byte[] tar = bytes.toByteArray();

    List<Read> all = read(tar);

    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar), StandardCharsets.UTF_8.name())) {
      for (Read read : all) {
        TarArchiveEntry expected = in.getNextEntry();
        assertThat(read.entry().name()).isEqualTo(expected.getName());
        assertThat(read.entry().linkName()).isEqualTo(expected.getLinkName());
        assertThat(read.entry().mode()).isEqualTo(expected.getMode());
        assertThat(read.entry().modified())
            .as(expected.getName())
            .isEqualTo(expected.getLastModifiedTime().toInstant());
        assertThat(read.entry().kind() == TarEntry.Kind.FOLDER).isEqualTo(expected.isDirectory());
        assertThat(read.entry().kind() == TarEntry.Kind.SYMBOLIC_LINK)
            .isEqualTo(expected.isSymbolicLink());
        assertThat(read.entry().kind() == TarEntry.Kind.HARD_LINK).isEqualTo(expected.isLink());
        assertThat(read.entry().size()).isEqualTo(expected.getSize());
        assertThat(read.text()).isEqualTo(letters(in));
      }
      assertThat(in.getNextEntry()).isNull();
    }
    assertThat(all).hasSize(300);
  }

  private static void put(TarArchiveOutputStream out, Random random) throws IOException {
    String name = name(random);
    int what = random.nextInt(8);
    TarArchiveEntry entry;
    byte[] content = new byte[0];
    if (what == 0) {
      entry = new TarArchiveEntry(name + "/");
    } else if (what <= 2) {
      entry = new TarArchiveEntry(name, what == 1 ? TarConstants.LF_SYMLINK : TarConstants.LF_LINK);
      entry.setLinkName(name(random));
    } else {
      entry = new TarArchiveEntry(name);
      content = new byte[random.nextInt(3) * 512 + random.nextInt(600) * random.nextInt(2)];
      random.nextBytes(content);
    }
    entry.setSize(content.length);
    entry.setMode(random.nextInt(01000));
    entry.setUserId(random.nextInt(5) == 0 ? 5_000_000_000L : 1000);
    long second = random.nextInt(4) == 0 ? 20_000_000_000L : random.nextInt(2_000_000_000);
    entry.setLastModifiedTime(FileTime.from(Instant.ofEpochSecond(second)));
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static String name(Random random) {
    StringBuilder name = new StringBuilder();
    int length = random.nextInt(3) == 0 ? 90 + random.nextInt(200) : 1 + random.nextInt(30);
    while (name.length() < length) {
      name.appendCodePoint(
          random.nextInt(20) == 0
              ? "/é漢😀".codePointAt(random.nextInt(4))
              : 'a' + random.nextInt(26));
    }
    return "n" + name + "n";
  }

  @Test
  void aNameIsPutTogetherWherePosixDoesSo() throws Exception {
    assertThat(only(new TarBlocks().header(h -> h.text(345, "a/b").text(0, "c"))).entry().name())
        .isEqualTo("a/b/c");
    // GNU tar keeps times there, xstar two of them behind a shorter prefix
    assertThat(
            only(new TarBlocks()
                    .header(h -> h.text(257, "ustar  ").text(345, "12345").text(0, "c")))
                .entry()
                .name())
        .isEqualTo("c");
    assertThat(
            only(new TarBlocks()
                    .header(
                        h ->
                            h.text(345, "a".repeat(131) + "12345670123 ")
                                .text(508, "tar")
                                .text(0, "c")))
                .entry()
                .name())
        .isEqualTo("a".repeat(131) + "/c");
    assertThat(
            only(new TarBlocks().header(h -> h.text(257, "\0").text(345, "x").text(0, "c")))
                .entry()
                .name())
        .isEqualTo("c");
  }

  @Test
  void aNameMayFillItsField() throws Exception {
    String name = "n".repeat(100);
    assertThat(only(new TarBlocks().header(h -> h.text(0, name))).entry().name()).isEqualTo(name);
  }

  @Test
  void numbersMayBeBinaryOrPaddedInAnyWay() throws Exception {
    for (String size : List.of("00000000005\0", "          5 ", "5\0\0\0\0\0\0\0\0\0\0\0")) {
      assertThat(only(new TarBlocks().header(h -> h.text(124, size)).content("hello")).text())
          .isEqualTo("hello");
    }
    byte[] five = HexFormat.of().parseHex("800000000000000000000005");
    assertThat(only(new TarBlocks().header(h -> h.bytes(124, five)).content("hello")).text())
        .isEqualTo("hello");
    byte[] before = HexFormat.of().parseHex("ffffffffffffffffffffff00");
    assertThat(only(new TarBlocks().header(h -> h.bytes(136, before))).entry().modified())
        .isEqualTo(Instant.ofEpochSecond(-256));
  }

  @Test
  void numbersThatAreNoneAreRefused() throws Exception {
    assertTorn(new TarBlocks().header(h -> h.text(124, "12x")).end(), "no number");
    assertTorn(
        new TarBlocks()
            .header(h -> h.bytes(124, HexFormat.of().parseHex("80ffffffffffffffffffffff")))
            .end(),
        "too large");
    assertTorn(
        new TarBlocks()
            .header(h -> h.bytes(124, HexFormat.of().parseHex("ffffffffffffffffffffff00")))
            .end(),
        "below zero");
  }

  @Test
  void aHeaderThatIsNotWhatItsSumSaysIsRefused() throws Exception {
    byte[] tar = new TarBlocks().header(h -> h.text(0, "name")).end();
    tar[1] ^= 1;
    assertTorn(tar, "damaged");
  }

  @Test
  void aSumOfSignedBytesWillDo() throws Exception {
    byte[] tar = new TarBlocks().header(h -> h.text(0, "é")).end();
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += i >= 148 && i < 156 ? ' ' : tar[i];
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, tar, 148, digits.length);
    assertThat(read(tar).get(0).entry().name()).isEqualTo("é");
  }

  @Test
  void foldersAndLinksHaveNoContentWhateverTheirSize() throws Exception {
    List<Read> all =
        read(
            new TarBlocks()
                .header(h -> h.type('5').text(0, "d/").size(1000))
                .header(h -> h.type('2').text(0, "s").text(157, "f").size(1000))
                .header(h -> h.type('1').text(0, "h").text(157, "f").size(1000))
                .header(h -> h.text(0, "f").size(1))
                .content("x")
                .end());
    assertThat(all)
        .extracting(read -> read.entry().kind().name())
        .containsExactly("FOLDER", "SYMBOLIC_LINK", "HARD_LINK", "FILE");
    assertThat(all).extracting(read -> read.entry().size()).containsExactly(0L, 0L, 0L, 1L);
  }

  @ParameterizedTest
  @CsvSource({
    "0, FILE",
    "7, FILE",
    "S, FILE",
    "1, HARD_LINK",
    "2, SYMBOLIC_LINK",
    "5, FOLDER",
    "3, OTHER",
    "4, OTHER",
    "6, OTHER",
    "V, OTHER",
    "M, OTHER",
    "D, OTHER",
    "Z, OTHER"
  })
  void everyTypeIsWhatItsLetterSays(char type, TarEntry.Kind kind) throws Exception {
    assertThat(only(new TarBlocks().header(h -> h.type(type).text(483, "0"))).entry().kind())
        .isEqualTo(kind);
  }

  @Test
  void aSlashMakesAFolderOfWhatIsOlderThanItsType() throws Exception {
    assertThat(only(new TarBlocks().header(h -> h.type('\0').text(0, "d/"))).entry().kind())
        .isEqualTo(TarEntry.Kind.FOLDER);
  }

  @Test
  void extendedRecordsCountForMoreThanHeaders() throws Exception {
    Read read =
        only(
            new TarBlocks()
                .pax(
                    'x',
                    "path",
                    "é/ü",
                    "linkpath",
                    "nowhere",
                    "mtime",
                    "1700000000.25",
                    "size",
                    "3",
                    "SCHILY.xattr.user",
                    "a=b\nc")
                .header(h -> h.text(0, "plain").size(0))
                .content("abc"));
    assertThat(read.entry().name()).isEqualTo("é/ü");
    assertThat(read.entry().linkName()).isEmpty();
    assertThat(read.entry().modified()).isEqualTo(Instant.parse("2023-11-14T22:13:20.25Z"));
    assertThat(read.text()).isEqualTo("abc");
  }

  @Test
  void extendedRecordsCountForOneEntryAndGlobalOnesForAllThatFollow() throws Exception {
    List<Read> all =
        read(
            new TarBlocks()
                .pax('g', "mtime", "5", "path", "global")
                .header(h -> h.text(0, "a"))
                .pax('x', "path", "own", "mtime", "-1.5")
                .header(h -> h.text(0, "b"))
                .header(h -> h.text(0, "c"))
                .pax('x', "path", "")
                .header(h -> h.text(0, "d"))
                .end());
    assertThat(all)
        .extracting(read -> read.entry().name())
        .containsExactly("global", "own", "global", "d");
    assertThat(all)
        .extracting(read -> read.entry().modified().toEpochMilli())
        .containsExactly(5000L, -1500L, 5000L, 5000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "8 path=x\n", "99 path=x\n", "10 path=xx", "8 path x\n", "0 a=b\n"})
  void anExtendedHeaderThatIsNoListIsRefused(String text) throws Exception {
    byte[] tar =
        new TarBlocks()
            .header(h -> h.type('x').size(Math.max(1, text.length())))
            .content(text.isEmpty() ? "\0" : text)
            .header(h -> h.text(0, "a"))
            .end();
    assertTorn(tar, "no list of records");
  }

  @ParameterizedTest
  @CsvSource({"mtime, soon", "mtime, 99999999999999999", "mtime, 1.x", "size, many", "size, -1"})
  void anExtendedRecordThatIsNoNumberIsRefused(String key, String value) throws Exception {
    assertThatThrownBy(
            () -> read(new TarBlocks().pax('x', key, value).header(h -> h.text(0, "a")).end()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("of its tarball");
  }

  @Test
  void headersBeforeOneEntryStayBelowAMegabyteTogether() throws Exception {
    TarBlocks tar = new TarBlocks();
    for (int i = 0; i < 3; i++) {
      tar.pax('x', "path", "p".repeat(400_000));
    }
    assertTorn(tar.header(h -> h.text(0, "a")).end(), "longer than 1048576 bytes");
    TarBlocks sparse = new TarBlocks().header(h -> h.type('S').size(0).byteAt(482, 1));
    for (int i = 0; i < 3000; i++) {
      sparse.block(b -> b.byteAt(504, 1));
    }
    assertTorn(sparse.end(), "longer than 1048576 bytes");
  }

  @Test
  void longNamesOfGnuEndAtTheirNul() throws Exception {
    String name = "n".repeat(700);
    Read read =
        only(
            new TarBlocks()
                .header(h -> h.type('L').text(0, "././@LongLink").size(701))
                .content(name + "\0")
                .header(h -> h.type('K').text(0, "././@LongLink").size(4))
                .content("lnk\0")
                .header(h -> h.type('2').text(0, "n").text(157, "l")));
    assertThat(read.entry().name()).isEqualTo(name);
    assertThat(read.entry().linkName()).isEqualTo("lnk");
  }

  @Test
  void aTarballCutAnywhereIsRefused() throws Exception {
    byte[] tar =
        new TarBlocks()
            .pax('x', "path", "long")
            .header(h -> h.text(0, "a").size(700))
            .content("c".repeat(700))
            .pax(
                'x',
                "GNU.sparse.major",
                "1",
                "GNU.sparse.minor",
                "0",
                "GNU.sparse.realsize",
                "2000")
            .header(h -> h.text(0, "b").size(512 + 3))
            .content("1\n100\n3\n" + "\0".repeat(504) + "abc")
            .end();
    int whole = tar.length - 512;
    assertThat(read(Arrays.copyOf(tar, whole))).hasSize(2);
    for (int length = 0; length < whole; length++) {
      byte[] cut = Arrays.copyOf(tar, length);
      assertThatThrownBy(() -> read(cut)).as("cut at %d", length).isInstanceOf(IOException.class);
    }
  }

  @Test
  void sparseFilesOfEveryFormatHaveTheirHoles() throws Exception {
    String expected = "\0".repeat(10) + "abc" + "\0".repeat(7) + "de" + "\0".repeat(3);
    TarBlocks tar =
        new TarBlocks()
            .header(
                h ->
                    h.type('S')
                        .text(0, "old")
                        .size(5)
                        .octal(386, 10)
                        .octal(398, 3)
                        .octal(410, 20)
                        .octal(422, 2)
                        .octal(483, 25))
            .content("abcde")
            .pax(
                'x',
                "GNU.sparse.size",
                "25",
                "GNU.sparse.numblocks",
                "2",
                "GNU.sparse.offset",
                "10",
                "GNU.sparse.numbytes",
                "3",
                "GNU.sparse.offset",
                "20",
                "GNU.sparse.numbytes",
                "2")
            .header(h -> h.text(0, "0.0").size(5))
            .content("abcde")
            .pax(
                'x',
                "GNU.sparse.size",
                "25",
                "GNU.sparse.numblocks",
                "2",
                "GNU.sparse.name",
                "0.1",
                "GNU.sparse.map",
                "10,3,20,2")
            .header(h -> h.text(0, "GNUSparseFile.1/x").size(5))
            .content("abcde")
            .pax(
                'x',
                "GNU.sparse.major",
                "1",
                "GNU.sparse.minor",
                "0",
                "GNU.sparse.name",
                "1.0",
                "GNU.sparse.realsize",
                "25")
            .header(h -> h.text(0, "GNUSparseFile.1/x").size(517))
            .content("2\n10\n3\n20\n2\n" + "\0".repeat(500) + "abcde");

    List<Read> all = read(tar.end());

    assertThat(all).extracting(r -> r.entry().name()).containsExactly("old", "0.0", "0.1", "1.0");
    assertThat(all).extracting(Read::text).containsOnly(expected);
    assertThat(all).extracting(r -> r.entry().size()).containsOnly(25L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10,3,12,2", "10,3,20,1", "10,3,20,9", "20,2,10,3", "10,-3", "a,b"})
  void mapsThatDoNotFitAreRefused(String map) throws Exception {
    byte[] tar =
        new TarBlocks()
            .pax('x', "GNU.sparse.size", "25", "GNU.sparse.map", map)
            .header(h -> h.text(0, "a").size(5))
            .content("abcde")
            .end();
    assertThatThrownBy(() -> read(tar))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tarball");
  }
}
