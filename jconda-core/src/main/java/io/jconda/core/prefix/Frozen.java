package io.jconda.core.prefix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.InstallException;
import io.jconda.core.host.DiskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Keeps a prefix from change that somebody marked as frozen (CEP-22). */
public final class Frozen {
  private Frozen() {}

  /** Tells whether the prefix is marked; blocks. */
  public static boolean isFrozen(Path prefix) {
    return Files.exists(file(prefix));
  }

  /**
   * Refuses a prefix that is marked; blocks.
   *
   * @throws InstallException if it is, with the reason that the mark gives
   */
  public static void refuse(Path prefix) {
    Path file = file(prefix);
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return;
    } catch (IOException e) {
      throw DiskFailure.explain("read the mark of a frozen environment", file, e);
    }
    String reason = message(content);
    throw new InstallException(
        "The environment %s is frozen%s".formatted(prefix, reason.isEmpty() ? "." : ": " + reason),
        "If it has to change nevertheless, delete %s first.".formatted(file));
  }

  private static Path file(Path prefix) {
    return PrefixRecords.metaFolder(prefix).resolve("frozen");
  }

  /** The mark counts by being there; what it holds is only a courtesy, and may be anything. */
  private static String message(byte[] content) {
    try {
      return new ObjectMapper().readTree(content).path("message").asText("").strip();
    } catch (JsonProcessingException e) {
      return "";
    } catch (IOException e) {
      throw new IllegalStateException("Reading from memory does no I/O.", e);
    }
  }
}
