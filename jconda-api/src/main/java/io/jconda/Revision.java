package io.jconda;

import java.util.List;

/**
 * Is one entry of an environment's history: what was called, and what it changed. Immutable.
 *
 * <p>Histories are written by several tools; what one of them left out is empty.
 */
public final class Revision {
  private final int number;
  private final String time;
  private final String command;
  private final List<String> added;
  private final List<String> removed;
  private final List<String> requested;

  private Revision(
      int number,
      String time,
      String command,
      List<String> added,
      List<String> removed,
      List<String> requested) {
    this.number = number;
    this.time = time;
    this.command = command;
    this.added = List.copyOf(added);
    this.removed = List.copyOf(removed);
    this.requested = List.copyOf(requested);
  }

  /**
   * Makes one; for JConda itself and for tests.
   *
   * @param number its place in the history; the first is 0, as conda counts
   * @param time when, in local time, as {@code 2026-08-01 12:00:00}
   * @param command what was called
   * @param added the packages that came, as {@code channel/subdir::name-version-build}
   * @param removed the packages that went, likewise
   * @param requested the specs that were asked for
   */
  public static Revision of(
      int number,
      String time,
      String command,
      List<String> added,
      List<String> removed,
      List<String> requested) {
    return new Revision(number, time, command, added, removed, requested);
  }

  /** Returns its place in the history; the first is 0, as conda counts. */
  public int number() {
    return number;
  }

  /** Returns when, in the local time of whoever wrote it, as {@code 2026-08-01 12:00:00}. */
  public String time() {
    return time;
  }

  /** Returns what was called. */
  public String command() {
    return command;
  }

  /** Returns the packages that came, as {@code channel/subdir::name-version-build}. */
  public List<String> added() {
    return added;
  }

  /** Returns the packages that went, as {@code channel/subdir::name-version-build}. */
  public List<String> removed() {
    return removed;
  }

  /** Returns the specs that were asked for. */
  public List<String> requested() {
    return requested;
  }

  /** Returns a head line, and a line for each package. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("%s  (rev %d)  %s".formatted(time, number, command));
    removed.forEach(dist -> text.append(System.lineSeparator()).append("  -").append(dist));
    added.forEach(dist -> text.append(System.lineSeparator()).append("  +").append(dist));
    return text.toString();
  }
}
