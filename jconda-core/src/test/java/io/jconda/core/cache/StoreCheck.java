package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.cache.StoredFile.Kind;
import io.jconda.core.util.Hashes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Looks at a store from outside: whether it tells a lie, and what lies about. */
final class StoreCheck {
  private StoreCheck() {}

  /** Asserts that every file has the content its name says, and every package all its files. */
  static void assertSound(Path root) throws IOException {
    StoreLayout layout = StoreLayout.of(root);
    for (Path file : filesBelow(layout.files())) {
      String name = layout.files().relativize(file).toString().replace(File.separator, "");
      assertThat(Hashes.sha256(file)).isEqualTo(name.substring(0, 64));
      if (name.length() > 64 && name.charAt(64) == 'x') {
        assertThat(file).isExecutable();
      }
    }
    for (Path file : filesBelow(layout.packages())) {
      Path kind = layout.packages().relativize(file).getName(0);
      boolean note = kind.toString().length() > 2;
      if (file.toString().endsWith(".tmp") || note) {
        continue;
      }
      Manifest manifest = Manifest.decode(Files.readAllBytes(file)).orElseThrow();
      for (StoredFile stored : manifest.files()) {
        if (stored.kind() == Kind.FILE) {
          assertThat(layout.content(stored)).hasSize(stored.size());
        }
      }
    }
  }

  static List<Path> leftOvers(Path root) throws IOException {
    return filesBelow(StoreLayout.of(root).tmp());
  }

  static List<Path> filesBelow(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
