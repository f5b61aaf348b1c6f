package io.jconda.build;

import java.time.Duration;

/** Tells what a copy of channels to a folder did. Immutable. */
public final class MirrorReport {
  private final MirrorPlan plan;
  private final long bytesFetched;
  private final Duration elapsed;

  /**
   * Makes a report; for JConda itself.
   *
   * @param plan what was to be done
   * @param bytesFetched how many bytes of archives came from the channels
   * @param elapsed how long it took
   */
  public MirrorReport(MirrorPlan plan, long bytesFetched, Duration elapsed) {
    this.plan = plan;
    this.bytesFetched = bytesFetched;
    this.elapsed = elapsed;
  }

  /** Returns what was to be done, and was. */
  public MirrorPlan plan() {
    return plan;
  }

  /**
   * Returns how many bytes of archives came from the channels in this run; what an earlier run had
   * of an archive does not count.
   */
  public long bytesFetched() {
    return bytesFetched;
  }

  /** Returns how long it took. */
  public Duration elapsed() {
    return elapsed;
  }

  /** Returns how many archives were fetched. */
  public int fetched() {
    return plan.toFetch().size();
  }

  /** Returns how many archives were there already, and right. */
  public int kept() {
    return plan.records().size() - fetched();
  }

  /** Returns how many archives left the folder. */
  public int removed() {
    return plan.toRemove().size();
  }

  /** Returns what was done, on one line. */
  @Override
  public String toString() {
    return "%s: %d packages, %d fetched (%s), %d removed"
        .formatted(
            plan.folder(),
            plan.records().size(),
            fetched(),
            MirrorPlan.megabytes(bytesFetched),
            removed());
  }
}
