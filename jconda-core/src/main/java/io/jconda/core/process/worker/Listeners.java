package io.jconda.core.process.worker;

import io.jconda.process.WorkerLogRecord;
import io.jconda.process.WorkerOptions;
import io.jconda.process.WorkerProgress;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tells those who listen to a worker; one that throws is logged once and hears nothing more. */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final Consumer<String> onLine;
  private final Consumer<WorkerProgress> onProgress;
  private final Consumer<WorkerLogRecord> onLog;

  Listeners(WorkerOptions options) {
    this.onLine = muting(options.onLine().orElse(line -> LOG.debug("A worker printed: {}", line)));
    this.onProgress =
        muting(options.onProgress().orElse(step -> LOG.debug("A worker tells: {}", step)));
    this.onLog = muting(options.onLog().orElse(Listeners::log));
  }

  private static <T> Consumer<T> muting(Consumer<T> listener) {
    AtomicBoolean muted = new AtomicBoolean();
    return news -> {
      if (muted.get()) {
        return;
      }
      try {
        listener.accept(news);
      } catch (RuntimeException e) {
        muted.set(true);
        LOG.warn("A listener of a worker failed and hears nothing more: {}", listener, e);
      }
    };
  }

  private static void log(WorkerLogRecord entry) {
    Level level =
        entry.level() >= 40
            ? Level.ERROR
            : entry.level() >= 30 ? Level.WARN : entry.level() >= 20 ? Level.INFO : Level.DEBUG;
    LoggerFactory.getLogger("python." + entry.logger()).atLevel(level).log("{}", entry.message());
  }

  void line(String line) {
    onLine.accept(line);
  }

  void progress(Message message) {
    double fraction = message.json().path("fraction").doubleValue();
    onProgress.accept(
        new WorkerProgress(
            fraction < 0 ? OptionalDouble.empty() : OptionalDouble.of(fraction),
            message.text("text")));
  }

  void log(Message message) {
    onLog.accept(
        new WorkerLogRecord(
            message.json().path("level").intValue(), message.text("logger"), message.text("text")));
  }
}
