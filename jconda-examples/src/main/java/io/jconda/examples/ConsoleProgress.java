package io.jconda.examples;

import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.progress.ProgressListener;
import java.io.PrintStream;

/** Prints what an operation is doing, a line each, for people. */
public final class ConsoleProgress implements ProgressListener {
  private final PrintStream out;
  private final boolean withPlan;

  /**
   * Makes a listener that prints.
   *
   * @param out where to
   * @param withPlan whether to print the plan too
   */
  public ConsoleProgress(PrintStream out, boolean withPlan) {
    this.out = out;
    this.withPlan = withPlan;
  }

  @Override
  public void on(ProgressEvent event) {
    if (event instanceof ProgressEvent.IndexLoaded index) {
      out.printf(
          "  index    %s/%s: %,d packages (%d ms)%n",
          index.channel(), index.subdir(), index.records(), index.elapsed().toMillis());
    } else if (event instanceof ProgressEvent.Solved solved) {
      out.printf(
          "  solved   %d packages (%d ms)%n", solved.packages(), solved.elapsed().toMillis());
    } else if (event instanceof ProgressEvent.Planned planned && withPlan) {
      out.println(planned.plan());
    } else if (event instanceof ProgressEvent.DownloadFinished download) {
      out.printf(
          "  fetched  %s (%.1f MB, %d ms)%n",
          download.fileName(), download.bytes() / 1e6, download.elapsed().toMillis());
    } else if (event instanceof ProgressEvent.PackageUnlinked unlinked) {
      out.printf("  unlinked %s%n", unlinked.distName());
    } else if (event instanceof ProgressEvent.PackageLinked linked) {
      out.printf("  linked   %s%n", linked.distName());
    } else if (event instanceof ProgressEvent.PhaseFinished phase
        && phase.phase() == Phase.COMPILE) {
      out.printf("  compiled Python modules (%d ms)%n", phase.elapsed().toMillis());
    } else if (event instanceof ProgressEvent.OutputLine line) {
      out.printf("  | %s%n", line.line());
    } else if (event instanceof ProgressEvent.Warning warning) {
      out.printf("  warning: %s%n", warning.message());
    }
  }
}
