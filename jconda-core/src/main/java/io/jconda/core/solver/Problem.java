package io.jconda.core.solver;

import io.jconda.core.host.Disk;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Is a request and all records that its solve reaches: what can be solved anywhere, with the same
 * answer. Immutable.
 *
 * @see RecordingSource
 */
public final class Problem {
  private final SolveRequest request;
  private final KnownRecords records;

  Problem(SolveRequest request, KnownRecords records) {
    this.request = request;
    this.records = records;
  }

  /** Returns what is asked for. */
  public SolveRequest request() {
    return request;
  }

  /** Returns the records that there are to choose from. */
  public RecordSource source() {
    return records;
  }

  KnownRecords records() {
    return records;
  }

  /**
   * Writes the problem to a file, as JSON without secrets. Whoever reads the file meanwhile sees
   * what was there before or all of it.
   *
   * @param file replaced if it is there; its folder must exist
   * @param disk what is written through
   * @throws IOException if the disk refuses
   */
  public void write(Path file, Disk disk) throws IOException {
    disk.publish(file, ProblemWriter.toBytes(this));
  }

  /**
   * Reads what {@link #write} wrote, also by an older version.
   *
   * @throws io.jconda.StorageException if the file cannot be read
   * @throws io.jconda.CondaException if it is no such file, is torn, or is of a newer version
   */
  public static Problem read(Path file) {
    return ProblemReader.read(file);
  }
}
