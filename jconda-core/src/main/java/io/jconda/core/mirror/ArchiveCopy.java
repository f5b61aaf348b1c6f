package io.jconda.core.mirror;

import io.jconda.ChannelException;
import io.jconda.IntegrityException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.net.Network;
import io.jconda.core.net.Response;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one archive from its URL to its place, by way of a part file that survives whatever stops
 * this, so that the next attempt or the next process goes on with it.
 *
 * <p>Whether the pieces of a part file fit together the hash of the whole decides in the end; where
 * a record has none, each attempt begins anew. For one thread.
 */
final class ArchiveCopy {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveCopy.class);
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int UNSATISFIABLE_RANGE = 416;
  private static final int MOST_WRONG = 2;
  private static final int MOST_FRUITLESS = 3;
  private static final int BUFFER = 1 << 16;

  /** What an attempt must bring to count as a step forward; a server may break off at each byte. */
  private static final long PIECE = 1 << 20;

  private static final long BETWEEN_EVENTS = Duration.ofMillis(100).toNanos();

  private final PackageRecord record;
  private final Path part;
  private final Path target;
  private final Disk disk;
  private final Network network;
  private final OperationContext context;
  private final long begin = System.nanoTime();
  private long lastEvent = begin;
  private long received;

  /**
   * Makes a copy.
   *
   * @param part where it gathers; on the file system of the target
   * @param target where it goes when it is right
   */
  ArchiveCopy(
      PackageRecord record,
      Path part,
      Path target,
      Disk disk,
      Network network,
      OperationContext context) {
    this.record = record;
    this.part = part;
    this.target = target;
    this.disk = disk;
    this.network = network;
    this.context = context;
  }

  /** A body ended too soon or broke. */
  private static final class BrokenOff extends Exception {
    BrokenOff(IOException cause) {
      super(cause);
    }
  }

  /**
   * Copies; blocks.
   *
   * @return how many bytes came in this run
   */
  long run() {
    long total = record.size().orElse(-1);
    context
        .events()
        .emit(number -> new ProgressEvent.DownloadStarted(number, record.fileName(), total));
    int wrong = 0;
    int fruitless = 0;
    while (true) {
      context.checkpoint();
      long before = partSize();
      try {
        Optional<String> contradiction = attempt(before);
        if (contradiction.isEmpty()) {
          break;
        }
        dropPart();
        // a part of an earlier run may be of another archive: that is nobody's fault
        wrong += before > 0 ? 0 : 1;
        if (wrong >= MOST_WRONG) {
          throw wrong(contradiction.get());
        }
        LOG.debug("{} came wrong: {}", record.url(), contradiction.get());
      } catch (BrokenOff e) {
        fruitless = partSize() - before >= PIECE ? 1 : fruitless + 1;
        if (fruitless >= MOST_FRUITLESS) {
          throw brokenOff(e);
        }
        LOG.debug("{} broke off after {} bytes", record.url(), partSize(), e);
      }
    }
    publish();
    long size = total < 0 ? received : total;
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
    context
        .events()
        .emit(
            number -> new ProgressEvent.DownloadFinished(number, record.fileName(), size, elapsed));
    return received;
  }

  private long partSize() {
    try {
      return Checksum.isHashed(record) && Files.isRegularFile(part) ? Files.size(part) : 0;
    } catch (IOException e) {
      throw DiskFailure.explain("read a part of an archive", part, e);
    }
  }

  private Optional<String> attempt(long have) throws BrokenOff {
    boolean complete = record.size().isPresent() && have == record.size().getAsLong();
    if (complete && have > 0) {
      return partAlone();
    }
    Map<String, String> headers = have > 0 ? Map.of("Range", "bytes=" + have + "-") : Map.of();
    try (Response response = network.exchange(uri(), headers, context)) {
      boolean goesOn =
          response.status() == PARTIAL
              && have > 0
              && response.header("Content-Range").orElse("").startsWith("bytes " + have + "-");
      if (goesOn || response.status() == OK) {
        Optional<String> contradiction = receive(response, goesOn);
        contradiction.ifPresent(response::reject);
        return contradiction;
      }
      if (have > 0 && (response.status() == UNSATISFIABLE_RANGE || response.status() == PARTIAL)) {
        return Optional.of("a part that its server cannot go on with");
      }
      throw new ChannelException(
          "The archive %s is not there (the server answered %d)."
              .formatted(record.url(), response.status()),
          "Load the channel's index again: the package may have been withdrawn; or exclude it.");
    }
  }

  private Optional<String> partAlone() {
    Checksum checksum = new Checksum(record);
    try {
      checksum.addAll(part, context);
    } catch (IOException e) {
      throw DiskFailure.explain("read a part of an archive", part, e);
    }
    return checksum.contradiction();
  }

  private Optional<String> receive(Response response, boolean goesOn) throws BrokenOff {
    Checksum checksum = new Checksum(record);
    StandardOpenOption how =
        goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    try (OutputStream out =
        disk.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
      if (goesOn) {
        checksum.addAll(part, context);
      }
      byte[] buffer = new byte[BUFFER];
      for (int got = read(response, buffer); got >= 0; got = read(response, buffer)) {
        out.write(buffer, 0, got);
        checksum.add(buffer, got);
        received += got;
        progress(checksum.count());
        if (checksum.isTooLong()) {
          break;
        }
      }
    } catch (IOException e) {
      throw DiskFailure.explain("write the archive", part, e);
    }
    return checksum.contradiction();
  }

  private int read(Response response, byte[] buffer) throws BrokenOff {
    try {
      return response.body().read(buffer);
    } catch (IOException e) {
      throw new BrokenOff(e);
    }
  }

  private void progress(long count) {
    long now = System.nanoTime();
    if (now - lastEvent >= BETWEEN_EVENTS) {
      lastEvent = now;
      long total = record.size().orElse(-1);
      context
          .events()
          .emit(
              number ->
                  new ProgressEvent.DownloadProgressed(number, record.fileName(), count, total));
    }
  }

  private void dropPart() {
    try {
      disk.deleteIfExists(part);
    } catch (IOException e) {
      throw DiskFailure.explain("delete a part of an archive", part, e);
    }
  }

  private void publish() {
    try {
      disk.force(part);
      disk.move(part, target);
    } catch (IOException e) {
      throw DiskFailure.explain("put the archive in its place", target, e);
    }
  }

  private IntegrityException wrong(String contradiction) {
    return new IntegrityException(
        "The archive %s from %s has %s.".formatted(record.fileName(), record.url(), contradiction),
        "Load the channel's index again and try once more; if it stays so, tell who serves the"
            + " channel. Nothing of the archive was kept, and the folder's index is as it was.");
  }

  private ChannelException brokenOff(BrokenOff e) {
    return new ChannelException(
        "The download of %s broke off: %s"
            .formatted(record.url(), String.valueOf(e.getCause()).replaceFirst("^[^:]*: ", "")),
        "Check the connection and try again; it will go on where it broke off.",
        e);
  }

  private URI uri() {
    try {
      return URI.create(record.url());
    } catch (IllegalArgumentException e) {
      throw new ChannelException(
          "The record of %s has no proper URL: '%s'.".formatted(record.distName(), record.url()),
          "Load the channel's index again, or tell who serves it.",
          e);
    }
  }
}
