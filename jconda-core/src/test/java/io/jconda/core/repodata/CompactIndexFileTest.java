package io.jconda.core.repodata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.core.host.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactIndexFileTest {
  private static final int NAMES = 50;
  private static final int EACH = 40;

  @TempDir Path folder;

  private Path write() throws IOException {
    Path file = folder.resolve("a.idx");
    try (CompactIndexFile writing = new CompactIndexFile(Disk.real(), folder.resolve("a.tmp"));
        CompactIndexBuilder builder = new CompactIndexBuilder(writing)) {
      // every name comes back later, as in packages and packages.conda
      for (int half = 0; half < 2; half++) {
        for (int name = NAMES - 1; name >= 0; name--) {
          for (int i = 0; i < EACH / 2; i++) {
            byte[] json = "{\"v\":\"%d %s\"}".formatted(i, "x".repeat(300)).getBytes(UTF_8);
            builder.record("n" + name, "n%d-%d-%d".formatted(name, half, i), json, 0, json.length);
          }
        }
      }
      builder.removed("n7-0-0");
      builder.baseUrl("../x");
      writing.publish(builder.finish(), file);
    }
    return file;
  }

  private static List<String> fileNames(CompactIndex index, String name) throws IOException {
    List<String> found = new ArrayList<>();
    index.entries(name).forEach(entry -> found.add(entry.fileName()));
    return found;
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    CompactIndex index = CompactIndexFile.open(write());

    assertThat(index.size()).isEqualTo(NAMES * EACH);
    assertThat(index.names()).hasSize(NAMES).isSorted();
    assertThat(index.baseUrl()).isEqualTo("../x");
    for (int name = 0; name < NAMES; name++) {
      List<String> found = fileNames(index, "n" + name);
      assertThat(found).hasSize(name == 7 ? EACH - 1 : EACH).endsWith("n" + name + "-1-19");
    }
    assertThat(fileNames(index, "none")).isEmpty();
    assertThat(folder.resolve("a.tmp")).doesNotExist();
  }

  @Test
  void aFileThatWasNotPublishedIsGone() throws IOException {
    try (CompactIndexFile writing = new CompactIndexFile(Disk.real(), folder.resolve("b.tmp"))) {
      writing.block(new byte[100], 100);
    }

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aTruncatedFileIsNoticedWhereverItEnds() throws IOException {
    byte[] whole = Files.readAllBytes(write());
    Path cut = folder.resolve("cut.idx");
    for (int length = 0; length < whole.length; length += 1 + whole.length / 300) {
      Files.write(cut, Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> CompactIndexFile.open(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aFlippedBitIsNoticedOrChangesNothing() throws IOException {
    Path file = write();
    byte[] whole = Files.readAllBytes(file);
    List<String> content = content(file);
    Path damaged = folder.resolve("damaged.idx");
    int noticed = 0;
    for (int at = 0; at < whole.length; at += 1 + whole.length / 300) {
      byte[] copy = whole.clone();
      copy[at] ^= 0x10;
      Files.write(damaged, copy);
      try {
        // a bit that zstd does not use may be flipped with impunity
        assertThat(content(damaged)).as("byte %d", at).isEqualTo(content);
      } catch (IOException e) {
        noticed++;
      }
    }
    assertThat(noticed).isGreaterThan(200);
  }

  private static List<String> content(Path file) throws IOException {
    CompactIndex index = CompactIndexFile.open(file);
    List<String> content = new ArrayList<>();
    for (String name : index.names()) {
      for (IndexEntry entry : index.entries(name)) {
        content.add(
            entry.fileName() + new String(entry.buffer(), entry.offset(), entry.length(), UTF_8));
      }
    }
    return content;
  }
}
