package io.jconda;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tells what an operation on an environment did and what it cost. Immutable. */
public final class InstallReport {
  private static final InstallReport NOTHING = builder().build();

  private final List<Change> changes;
  private final List<String> skippedScripts;
  private final List<String> skippedMenuItems;
  private final List<String> warnings;
  private final int filesLinked;
  private final int filesCopied;
  private final int filesPatched;
  private final int archivesFetched;
  private final long bytesFetched;
  private final Duration solveTime;
  private final Duration fetchTime;
  private final Duration linkTime;
  private final Duration elapsed;

  private InstallReport(Builder builder) {
    this.changes = List.copyOf(builder.changes);
    this.skippedScripts = List.copyOf(builder.skippedScripts);
    this.skippedMenuItems = List.copyOf(builder.skippedMenuItems);
    this.warnings = List.copyOf(builder.warnings);
    this.filesLinked = builder.filesLinked;
    this.filesCopied = builder.filesCopied;
    this.filesPatched = builder.filesPatched;
    this.archivesFetched = builder.archivesFetched;
    this.bytesFetched = builder.bytesFetched;
    this.solveTime = builder.solveTime;
    this.fetchTime = builder.fetchTime;
    this.linkTime = builder.linkTime;
    this.elapsed = builder.elapsed;
  }

  /** Starts a report. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the report of an operation that found nothing to do and took no time. */
  public static InstallReport nothing() {
    return NOTHING;
  }

  /** Returns a builder that holds what this report holds. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.changes.addAll(changes);
    builder.skippedScripts.addAll(skippedScripts);
    builder.skippedMenuItems.addAll(skippedMenuItems);
    builder.warnings.addAll(warnings);
    builder.filesLinked = filesLinked;
    builder.filesCopied = filesCopied;
    builder.filesPatched = filesPatched;
    builder.archivesFetched = archivesFetched;
    builder.bytesFetched = bytesFetched;
    builder.solveTime = solveTime;
    builder.fetchTime = fetchTime;
    builder.linkTime = linkTime;
    builder.elapsed = elapsed;
    return builder;
  }

  /** Tells whether nothing had to be done. */
  public boolean nothingToDo() {
    return changes.isEmpty();
  }

  /** Returns what changed, in the order of the plan. */
  public List<Change> changes() {
    return changes;
  }

  /**
   * Returns the packages' link scripts that were not run, as {@code package: path}, because nobody
   * allowed them.
   */
  public List<String> skippedScripts() {
    return skippedScripts;
  }

  /**
   * Returns the packages' menu items, as {@code package: path}: JConda makes no shortcuts in
   * anybody's menus.
   */
  public List<String> skippedMenuItems() {
    return skippedMenuItems;
  }

  /**
   * Returns what the user should know, a sentence each: messages of packages, links that had to be
   * copies.
   */
  public List<String> warnings() {
    return warnings;
  }

  /** Returns how many files came by hard link. */
  public int filesLinked() {
    return filesLinked;
  }

  /** Returns how many files came by copy, whole and unchanged. */
  public int filesCopied() {
    return filesCopied;
  }

  /** Returns how many files were written with the prefix put in the place of a placeholder. */
  public int filesPatched() {
    return filesPatched;
  }

  /** Returns how many archives were downloaded; the others were in the cache. */
  public int archivesFetched() {
    return archivesFetched;
  }

  /** Returns how many bytes of archives were downloaded. */
  public long bytesFetched() {
    return bytesFetched;
  }

  /** Returns how long it took to load indexes and to choose packages. */
  public Duration solveTime() {
    return solveTime;
  }

  /** Returns how long it took until every archive was in the cache. */
  public Duration fetchTime() {
    return fetchTime;
  }

  /** Returns how long it took to change the prefix, byte code included. */
  public Duration linkTime() {
    return linkTime;
  }

  /** Returns how long the whole operation took. */
  public Duration elapsed() {
    return elapsed;
  }

  /** Returns one line: what was done, and in how many milliseconds. */
  @Override
  public String toString() {
    if (nothingToDo()) {
      return "Nothing had to be done (%d ms).".formatted(elapsed.toMillis());
    }
    return "%d packages changed, %d files linked, %d copied, %d patched, %.1f MB fetched in %d ms."
        .formatted(
            changes.size(),
            filesLinked,
            filesCopied,
            filesPatched,
            bytesFetched / 1e6,
            elapsed.toMillis());
  }

  /** Collects what a report holds. Not safe to share between threads. */
  public static final class Builder {
    private final List<Change> changes = new ArrayList<>();
    private final List<String> skippedScripts = new ArrayList<>();
    private final List<String> skippedMenuItems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int filesLinked;
    private int filesCopied;
    private int filesPatched;
    private int archivesFetched;
    private long bytesFetched;
    private Duration solveTime = Duration.ZERO;
    private Duration fetchTime = Duration.ZERO;
    private Duration linkTime = Duration.ZERO;
    private Duration elapsed = Duration.ZERO;

    private Builder() {}

    /** Adds what changed. */
    public Builder changes(List<Change> more) {
      changes.addAll(more);
      return this;
    }

    /** Adds a link script that was not run. */
    public Builder skippedScript(String script) {
      skippedScripts.add(script);
      return this;
    }

    /** Adds a menu item that was not made. */
    public Builder skippedMenuItem(String item) {
      skippedMenuItems.add(item);
      return this;
    }

    /** Adds something that the user should know. */
    public Builder warning(String sentence) {
      warnings.add(sentence);
      return this;
    }

    /** Adds to the counts of files. */
    public Builder files(int linked, int copied, int patched) {
      filesLinked += linked;
      filesCopied += copied;
      filesPatched += patched;
      return this;
    }

    /** Adds to the counts of what was downloaded. */
    public Builder fetched(int archives, long bytes) {
      archivesFetched += archives;
      bytesFetched += bytes;
      return this;
    }

    /** Sets how long it took to choose packages. */
    public Builder solveTime(Duration time) {
      this.solveTime = time;
      return this;
    }

    /** Sets how long it took until every archive was in the cache. */
    public Builder fetchTime(Duration time) {
      this.fetchTime = time;
      return this;
    }

    /** Sets how long it took to change the prefix. */
    public Builder linkTime(Duration time) {
      this.linkTime = time;
      return this;
    }

    /** Sets how long the whole operation took. */
    public Builder elapsed(Duration time) {
      this.elapsed = time;
      return this;
    }

    /** Makes the report. */
    public InstallReport build() {
      return new InstallReport(this);
    }
  }
}
