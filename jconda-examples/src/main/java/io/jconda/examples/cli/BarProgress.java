package io.jconda.examples.cli;

import io.jconda.examples.ConsoleProgress;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.progress.ProgressListener;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Draws a bar for what is downloaded where a person looks on, and prints a line per step where
 * nobody does.
 */
final class BarProgress implements ProgressListener {
  private final PrintStream err;
  private final ProgressListener lines;
  private final boolean interactive = Terminal.isThere();
  private final Map<String, Long> arrived = new HashMap<>();
  private @Nullable ProgressBar bar;

  BarProgress(PrintStream err) {
    this.err = err;
    this.lines = new ConsoleProgress(err, false);
  }

  @Override
  public void on(ProgressEvent event) {
    if (!interactive) {
      lines.on(event);
    } else if (event instanceof ProgressEvent.PhaseStarted start && start.phase() == Phase.FETCH) {
      arrived.clear();
      bar =
          new ProgressBarBuilder()
              .setTaskName("Fetching")
              .setUnit(" MB", 1_000_000)
              .setInitialMax(start.bytes())
              .setConsumer(new ConsoleProgressBarConsumer(err))
              .build();
    } else if (event instanceof ProgressEvent.DownloadProgressed more) {
      step(more.fileName(), more.bytes());
    } else if (event instanceof ProgressEvent.DownloadFinished done) {
      step(done.fileName(), done.bytes());
    } else if (event instanceof ProgressEvent.PhaseFinished end && end.phase() == Phase.FETCH) {
      close();
    } else if (event instanceof ProgressEvent.OperationFailed) {
      close();
    } else if (event instanceof ProgressEvent.Warning
        || event instanceof ProgressEvent.OutputLine) {
      lines.on(event);
    }
  }

  private void step(String fileName, long bytes) {
    arrived.put(fileName, bytes);
    if (bar != null) {
      bar.stepTo(arrived.values().stream().mapToLong(Long::longValue).sum());
    }
  }

  private void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
