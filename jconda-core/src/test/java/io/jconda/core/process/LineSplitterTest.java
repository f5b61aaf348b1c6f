package io.jconda.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  @Test
  void linesAreTheSameHoweverTheBytesArrive() {
    byte[] bytes = "eins\r\nzwölf\rdrei\n\nende€".getBytes(StandardCharsets.UTF_8);
    for (int chunk = 1; chunk <= bytes.length; chunk++) {
      List<String> lines = new ArrayList<>();
      LineSplitter splitter = new LineSplitter(StandardCharsets.UTF_8, lines::add);
      for (int at = 0; at < bytes.length; at += chunk) {
        byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk));
        splitter.add(part, part.length);
      }
      splitter.end();
      assertThat(lines).containsExactly("eins", "zwölf", "drei", "", "ende€");
    }
  }

  @Test
  void aLineWithoutEndComesInPieces() {
    List<String> lines = new ArrayList<>();
    LineSplitter splitter = new LineSplitter(StandardCharsets.UTF_8, lines::add);
    byte[] block = "x".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    splitter.add(block, block.length);
    splitter.add(block, block.length);
    splitter.end();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).hasSize(LineSplitter.LONGEST_LINE);
    assertThat(String.join("", lines)).hasSize(100_000);
  }
}
