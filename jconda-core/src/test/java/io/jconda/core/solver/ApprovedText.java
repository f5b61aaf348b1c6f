package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares a text with the one that somebody has read and approved: a file beside the tests'
 * resources. What differs is written under {@code target/}.
 */
final class ApprovedText {
  private static final String RESOURCES = "src/test/resources/io/jconda/core/solver/";

  private ApprovedText() {}

  /**
   * Asserts that a text is the approved one.
   *
   * @param file the path of the approved file, such as {@code conflicts/a.txt}
   */
  static void assertApproved(String file, String text) throws IOException {
    String received = text.replace(System.lineSeparator(), "\n");
    String approved = "";
    try (InputStream in = ApprovedText.class.getResourceAsStream(file)) {
      if (in != null) {
        approved = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
      }
    }
    if (!received.equals(approved)) {
      Path path = Path.of("target", "received", file);
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, received);
      assertThat(received)
          .as("If it reads well, approve it: mv %s %s%s", path, RESOURCES, file)
          .isEqualTo(approved);
    }
  }
}
