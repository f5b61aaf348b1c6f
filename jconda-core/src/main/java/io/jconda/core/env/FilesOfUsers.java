package io.jconda.core.env;

import io.jconda.InvalidFileException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.file.EnvironmentFile;
import io.jconda.file.LockFile;
import io.jconda.spec.Platform;
import io.jconda.spi.UserFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes files for the API, on the real disk. Thread-safe. */
public final class FilesOfUsers implements UserFiles {
  @Override
  public EnvironmentFile readEnvironment(Path file, Platform platform) {
    Path whole = file.toAbsolutePath().normalize();
    String text = text(whole);
    if (ExplicitList.isOne(text)) {
      throw new InvalidFileException(
          "%s is an explicit list, no file of match specs.".formatted(whole),
          "Read it with LockFile.read.");
    }
    EnvironmentFile.Builder read =
        whole.toString().endsWith(".txt")
            ? EnvironmentYaml.readList(text, whole.toString(), platform)
            : EnvironmentYaml.read(text, whole.toString(), platform);
    Path folder = whole.getParent();
    return folder == null ? read.build() : read.folder(folder).build();
  }

  @Override
  public EnvironmentFile parseEnvironment(String text, Platform platform) {
    return EnvironmentYaml.read(text, "The environment file", platform).build();
  }

  @Override
  public String toYaml(EnvironmentFile file) {
    return EnvironmentYaml.write(file);
  }

  @Override
  public LockFile readLock(Path file) {
    Path whole = file.toAbsolutePath().normalize();
    return lock(text(whole), whole.toString());
  }

  @Override
  public LockFile parseLock(String text) {
    return lock(text, "The lock file");
  }

  private static LockFile lock(String text, String origin) {
    return ExplicitList.isOne(text)
        ? ExplicitList.read(text, origin, System.getenv())
        : LockYaml.read(text, origin);
  }

  @Override
  public String toYaml(LockFile lock) {
    return LockYaml.write(lock);
  }

  @Override
  public String toExplicit(LockFile lock, Platform platform) {
    return ExplicitList.write(lock, platform);
  }

  @Override
  public Path write(Path file, String text) {
    Path whole = file.toAbsolutePath().normalize();
    try {
      Disk.real().publish(whole, text.getBytes(StandardCharsets.UTF_8));
      return whole;
    } catch (IOException e) {
      throw DiskFailure.explain("write", whole, e);
    }
  }

  private static String text(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidFileException(
          "%s is not written in UTF-8.".formatted(file), "Save it as UTF-8.", e);
    } catch (IOException e) {
      throw DiskFailure.explain("read", file, e);
    }
  }
}
