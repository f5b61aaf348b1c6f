package io.jconda.core.host;

import io.jconda.core.host.Locks.Holder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps, beside the lock file, who holds which lock: one small file per lock and process. It serves
 * messages only; what a killed process left behind is seen through and ignored.
 */
final class HolderNotes {
  private static final Logger LOG = LoggerFactory.getLogger(HolderNotes.class);
  private static final String SUFFIX = ".holder";
  private static final long PID = ProcessHandle.current().pid();

  private final Path folder;
  private final Disk disk;

  HolderNotes(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
  }

  private static final class Host {
    static final String NAME = name();

    /** Asks no name server: that can take seconds. */
    private static String name() {
      Map<String, String> environment = System.getenv();
      for (String variable : List.of("HOSTNAME", "COMPUTERNAME")) {
        String value = environment.get(variable);
        if (value != null && !value.isBlank()) {
          return value.strip();
        }
      }
      try {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      } catch (IOException e) {
        return "this machine";
      }
    }
  }

  private Path file(String lock) {
    String host = Integer.toHexString(Host.NAME.toLowerCase(Locale.ROOT).hashCode());
    return folder.resolve(lock + "-" + PID + "-" + host + SUFFIX);
  }

  /** Notes that this process holds a lock. */
  void write(String lock) throws IOException {
    disk.write(file(lock), ofThisProcess());
  }

  /** Returns what a note says of this process, as of now. */
  static String ofThisProcess() {
    Instant since = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return PID + "\n" + Host.NAME + "\n" + since + "\n";
  }

  /** Notes that this process holds it no longer. */
  void delete(String lock) {
    try {
      disk.deleteIfExists(file(lock));
    } catch (IOException e) {
      // the lock itself goes all the same, and the note is rewritten by whoever takes it next
      LOG.debug("Could not delete the note on who holds a lock in {}", folder, e);
    }
  }

  /** Returns one of those that hold a lock. */
  Optional<Holder> read(String lock) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, lock + "-*" + SUFFIX)) {
      for (Path file : files) {
        Optional<Holder> holder = parse(file).filter(HolderNotes::isAlive);
        if (holder.isPresent()) {
          return holder;
        }
      }
      return Optional.empty();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw DiskFailure.explain("read who holds a lock", folder, e);
    }
  }

  /** Reads a note; nothing if it is not there, or not whole. */
  static Optional<Holder> parse(Path file) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      return lines.size() < 3
          ? Optional.empty()
          : Optional.of(
              new Holder(Long.parseLong(lines.get(0)), lines.get(1), Instant.parse(lines.get(2))));
    } catch (NoSuchFileException | NumberFormatException | DateTimeException e) {
      // given back, or being written, this very moment
      return Optional.empty();
    }
  }

  /** Tells whether a holder still runs, as far as this machine can tell. */
  static boolean isAlive(Holder holder) {
    if (!holder.host().equals(Host.NAME)) {
      return true;
    }
    return ProcessHandle.of(holder.pid())
        .filter(ProcessHandle::isAlive)
        // a process that began after the note was written has inherited the number
        .filter(
            process ->
                process
                    .info()
                    .startInstant()
                    .map(start -> start.minusSeconds(2).isBefore(holder.since()))
                    .orElse(true))
        .isPresent();
  }
}
