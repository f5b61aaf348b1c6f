package io.jconda.progress;

import io.jconda.CondaException;
import io.jconda.Plan;
import java.time.Duration;

/**
 * States one step of an operation; {@link ProgressListener} says in which order they come.
 *
 * <p>Every event carries the number of its operation, which is unique in the JVM, so that one
 * listener can serve many.
 */
public sealed interface ProgressEvent {
  /** Returns the number of the operation that this belongs to. */
  long operation();

  /**
   * An operation begins.
   *
   * @param operation the operation's number
   * @param what what it does, such as {@code create} or {@code install}
   * @param target what it does it to, such as the environment's name or prefix
   */
  record OperationStarted(long operation, String what, String target) implements ProgressEvent {}

  /**
   * A part of it begins.
   *
   * @param operation the operation's number
   * @param phase which part
   * @param items how many items it will have, -1 if that is not known yet
   * @param bytes how many bytes it will move, -1 if that is not known
   */
  record PhaseStarted(long operation, Phase phase, int items, long bytes)
      implements ProgressEvent {}

  /**
   * The index of one channel's subdir is there.
   *
   * @param operation the operation's number
   * @param channel the channel
   * @param subdir the subdir
   * @param records how many records the index has; of one in shards, how many names
   * @param elapsed how long it took
   */
  record IndexLoaded(long operation, String channel, String subdir, int records, Duration elapsed)
      implements ProgressEvent {}

  /**
   * The packages are chosen.
   *
   * @param operation the operation's number
   * @param packages how many there are
   * @param elapsed how long it took
   */
  record Solved(long operation, int packages, Duration elapsed) implements ProgressEvent {}

  /**
   * What will be done is decided; it has not begun.
   *
   * @param operation the operation's number
   * @param plan what will be done
   */
  record Planned(long operation, Plan plan) implements ProgressEvent {}

  /**
   * The download of an archive begins.
   *
   * @param operation the operation's number
   * @param fileName the archive
   * @param totalBytes its size, -1 if that is not known
   */
  record DownloadStarted(long operation, String fileName, long totalBytes)
      implements ProgressEvent {}

  /**
   * More of an archive has arrived.
   *
   * @param operation the operation's number
   * @param fileName the archive
   * @param bytes how much of it is there
   * @param totalBytes its size, -1 if that is not known
   */
  record DownloadProgressed(long operation, String fileName, long bytes, long totalBytes)
      implements ProgressEvent {}

  /**
   * An archive was downloaded, checked, extracted and stored.
   *
   * @param operation the operation's number
   * @param fileName the archive
   * @param bytes its size
   * @param elapsed how long it took
   */
  record DownloadFinished(long operation, String fileName, long bytes, Duration elapsed)
      implements ProgressEvent {}

  /**
   * A package left the prefix.
   *
   * @param operation the operation's number
   * @param distName the package, as {@code name-version-build}
   */
  record PackageUnlinked(long operation, String distName) implements ProgressEvent {}

  /**
   * A package entered the prefix.
   *
   * @param operation the operation's number
   * @param distName the package, as {@code name-version-build}
   */
  record PackageLinked(long operation, String distName) implements ProgressEvent {}

  /**
   * A part of the operation is done.
   *
   * @param operation the operation's number
   * @param phase which part
   * @param elapsed how long it took
   */
  record PhaseFinished(long operation, Phase phase, Duration elapsed) implements ProgressEvent {}

  /**
   * A program that the operation runs wrote a line.
   *
   * @param operation the operation's number
   * @param line the line, without its end
   */
  record OutputLine(long operation, String line) implements ProgressEvent {}

  /**
   * Something that the user should know and that stops nothing.
   *
   * @param operation the operation's number
   * @param message what, to what, and what to do about it
   */
  record Warning(long operation, String message) implements ProgressEvent {}

  /**
   * The operation is done.
   *
   * @param operation the operation's number
   * @param elapsed how long it took
   */
  record OperationFinished(long operation, Duration elapsed) implements ProgressEvent {}

  /**
   * The operation failed or was cancelled, and is undone.
   *
   * @param operation the operation's number
   * @param failure why
   * @param elapsed how long it took
   */
  record OperationFailed(long operation, CondaException failure, Duration elapsed)
      implements ProgressEvent {}
}
