package io.jconda.core.prefix;

import io.jconda.core.host.DiskFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the pins of a prefix, {@code conda-meta/pinned}. */
public final class Pinned {
  private Pinned() {}

  /**
   * Returns the text of each pin: a spec for each line that is neither blank nor a comment; none if
   * there is no such file. Blocks.
   */
  public static List<String> read(Path prefix) {
    Path file = PrefixRecords.metaFolder(prefix).resolve("pinned");
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw DiskFailure.explain("read the pins of the environment", file, e);
    }
    List<String> pins = new ArrayList<>();
    for (String raw : text.split("\\R", -1)) {
      String line = raw.strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        pins.add(line);
      }
    }
    return pins;
  }
}
