package io.jconda.core.install;

import io.jconda.core.host.Disk;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, beside a prefix's records, which requests its present state is known to fulfil, so
 * that {@code ensure} need not look closely again.
 *
 * <p>The note holds the state that it was made for; another state makes it void. It is a note only:
 * where it cannot be read or written, the answer takes longer and is the same.
 */
public final class SatisfiedRequests {
  private static final Logger LOG = LoggerFactory.getLogger(SatisfiedRequests.class);
  private static final int MOST = 32;

  private final Disk disk;

  /** Makes notes on a disk. */
  public SatisfiedRequests(Disk disk) {
    this.disk = disk;
  }

  private static Path file(Path prefix) {
    return PrefixRecords.notesFolder(prefix).resolve("satisfied");
  }

  /**
   * Tells whether a request is known to be fulfilled.
   *
   * @param prefix the environment
   * @param state its present state, as {@link io.jconda.core.prefix.PrefixState} has it
   * @param request a text that identifies the request
   */
  public boolean holds(Path prefix, String state, String request) {
    List<String> lines = read(prefix);
    return !lines.isEmpty()
        && lines.get(0).equals(state)
        && lines.subList(1, lines.size()).contains(Hashes.sha256(request));
  }

  /** Notes that a request is fulfilled in a state. */
  public void note(Path prefix, String state, String request) {
    List<String> lines = new ArrayList<>(read(prefix));
    if (lines.isEmpty() || !lines.get(0).equals(state)) {
      lines = new ArrayList<>(List.of(state));
    }
    String added = Hashes.sha256(request);
    lines.remove(added);
    lines.add(added);
    if (lines.size() > MOST) {
      lines.remove(1);
    }
    Path file = file(prefix);
    try {
      disk.createDirectories(PrefixRecords.notesFolder(prefix));
      // others read the old note or the new one; that it outlives a crash is not worth a wait
      Path next =
          file.resolveSibling(
              "satisfied." + ProcessHandle.current().pid() + "." + System.nanoTime() + ".tmp");
      disk.write(next, String.join("\n", lines) + "\n");
      disk.move(next, file);
    } catch (IOException e) {
      LOG.debug("{} cannot be written; the next look will be a close one.", file, e);
    }
  }

  private static List<String> read(Path prefix) {
    Path file = file(prefix);
    try {
      return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      LOG.debug("{} cannot be read; this look is a close one.", file, e);
      return List.of();
    }
  }
}
