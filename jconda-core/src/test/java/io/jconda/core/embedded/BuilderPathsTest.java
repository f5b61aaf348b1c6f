package io.jconda.core.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BuilderPathsTest {
  private final BuilderPaths paths = new BuilderPaths().replace("/long/path", "/new");

  private String rewrite(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new String(paths.rewrite(bytes), StandardCharsets.UTF_8);
  }

  @Test
  void textBecomesShorter() {
    assertThat(rewrite("a /long/path/lib:/long/path b")).isEqualTo("a /new/lib:/new b");
  }

  @Test
  void stringsInBinaryFilesKeepTheirPlace() {
    assertThat(rewrite("x\0/long/path/lib:/long/path/a\0y\0/long/path"))
        .isEqualTo("x\0/new/lib:/new/a" + "\0".repeat(12) + "\0y\0/new" + "\0".repeat(6));
  }

  @Test
  void contentWithoutThePathIsUntouched() {
    byte[] bytes = {1, 0, 2};

    assertThat(paths.rewrite(bytes)).isSameAs(bytes);
  }

  @Test
  void aLongerReplacementIsRefused() {
    assertThatThrownBy(() -> new BuilderPaths().replace("a", "bb"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
