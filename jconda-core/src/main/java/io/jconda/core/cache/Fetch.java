package io.jconda.core.cache;

import io.jconda.ChannelException;
import io.jconda.CondaException;
import io.jconda.IntegrityException;
import io.jconda.core.archive.ArchiveFormat;
import io.jconda.core.archive.PackageReader;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.net.Network;
import io.jconda.core.net.Response;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one package into the store: downloads, hashes, extracts and stores it as one stream. Who
 * runs it holds the package's lock.
 *
 * <p>The files gather under numbers in a temporary folder; only when the whole archive has proved
 * to be what its record says they move into the store, and the manifest comes last.
 */
final class Fetch {
  private static final Logger LOG = LoggerFactory.getLogger(Fetch.class);
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final int MAX_BROKEN = 3;
  private static final int MAX_WRONG = 2;
  private static final long BETWEEN_EVENTS = Duration.ofMillis(100).toNanos();

  private final Workshop workshop;
  private final PackageRecord record;
  private final Flight flight;
  private final OperationContext context;
  private final long begin = System.nanoTime();
  private long lastEvent = begin;

  /**
   * What fetches work with.
   *
   * @param keepArchives whether archives stay in the store
   */
  record Workshop(
      StoreLayout layout, FileStore store, Disk disk, Network network, boolean keepArchives) {}

  Fetch(Workshop workshop, PackageRecord record, Flight flight, OperationContext context) {
    this.workshop = workshop;
    this.record = record;
    this.flight = flight;
    this.context = context;
  }

  /** An attempt failed in a way that another one may not. */
  private static final class Unsound extends Exception {
    private final boolean wrong;
    private final CondaException failure;

    Unsound(boolean wrong, CondaException failure) {
      super(failure);
      this.wrong = wrong;
      this.failure = failure;
    }
  }

  /** An archive that can be read. */
  private record Source(InputStream body, long length, boolean kept, AutoCloseable owner)
      implements AutoCloseable {
    @Override
    public void close() {
      try {
        owner.close();
      } catch (Exception e) {
        LOG.debug("Closing an archive failed after all of it was read or given up.", e);
      }
    }
  }

  Manifest run() {
    ArchiveFormat format = format();
    int broken = 0;
    int wrong = 0;
    while (true) {
      context.checkpoint();
      try {
        return attempt(format);
      } catch (Unsound e) {
        wrong += e.wrong ? 1 : 0;
        broken += e.wrong ? 0 : 1;
        if (wrong >= MAX_WRONG || broken >= MAX_BROKEN) {
          throw e.failure;
        }
        LOG.debug("Fetching {} again", record.fileName(), e);
      }
    }
  }

  private Manifest attempt(ArchiveFormat format) throws Unsound {
    Path folder =
        workshop
            .layout()
            .tmp()
            .resolve(ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet() + "-" + begin);
    try {
      workshop.disk().createDirectories(folder);
    } catch (IOException e) {
      throw DiskFailure.explain("make a temporary folder", folder, e);
    }
    Throwable failure = null;
    try {
      return attempt(format, folder);
    } catch (RuntimeException | Unsound e) {
      failure = e;
      throw e;
    } finally {
      try {
        workshop.disk().deleteTree(folder);
      } catch (IOException e) {
        flight.warn("What is left of a download could not be deleted: " + e + ". Clean the cache.");
        if (failure != null) {
          failure.addSuppressed(e);
        }
      }
    }
  }

  private Manifest attempt(ArchiveFormat format, Path folder) throws Unsound {
    PackageInfo info = new PackageInfo(record.fileName());
    Extraction extraction = new Extraction(folder, workshop.disk(), info, context);
    Path kept = folder.resolve("archive");
    ArchiveStream.Digest digest;
    try (Source source = source()) {
      digest = read(format, source, extraction, source.kept() ? Optional.empty() : copy(kept));
    }
    try {
      List<StoredFile> files = publish(folder, extraction, info.files(extraction.found()));
      if (Files.exists(kept)) {
        place(kept, workshop.layout().archive(digest.sha256()));
      }
      Manifest manifest =
          new Manifest(digest.sha256(), digest.size(), Boot.ID, info.facts(), files);
      new Manifests(workshop.layout(), workshop.disk()).publish(manifest, record);
      flight.emit(
          number ->
              new ProgressEvent.DownloadFinished(
                  number,
                  record.fileName(),
                  digest.size(),
                  Duration.ofNanos(System.nanoTime() - begin)));
      return manifest;
    } catch (IOException e) {
      throw DiskFailure.explain("store the package " + record.fileName(), folder, e);
    }
  }

  private Optional<Path> copy(Path kept) {
    return workshop.keepArchives() ? Optional.of(kept) : Optional.empty();
  }

  private Source source() {
    Optional<Source> kept = record.sha256().map(Digests::normal).flatMap(this::kept);
    return kept.orElseGet(this::remote);
  }

  private Optional<Source> kept(String sha256) {
    Path archive = workshop.layout().archive(sha256);
    try {
      InputStream in = Files.newInputStream(archive);
      return Optional.of(new Source(in, Files.size(archive), true, in));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw DiskFailure.explain("read an archive", archive, e);
    }
  }

  private Source remote() {
    Response response = workshop.network().get(uri(), Map.of(), context);
    if (response.status() != 200) {
      response.close();
      throw new ChannelException(
          "The archive %s is not there (the server answered %d)."
              .formatted(record.url(), response.status()),
          "Load the channel's index again and solve anew: the package may have been withdrawn.");
    }
    return new Source(response.body(), response.contentLength(), false, response);
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

  private ArchiveStream.Digest read(
      ArchiveFormat format, Source source, Extraction extraction, Optional<Path> copy)
      throws Unsound {
    long total = record.size().orElse(source.length());
    flight.start(number -> new ProgressEvent.DownloadStarted(number, record.fileName(), total));
    try (OutputStream written =
        copy.isPresent()
            ? StoreOutput.create(copy.get(), workshop.disk())
            : OutputStream.nullOutputStream()) {
      ArchiveStream archive =
          new ArchiveStream(source.body(), record, written, count -> progress(count, total));
      Optional<IntegrityException> refused = Optional.empty();
      try {
        PackageReader.read(record.fileName(), archive, format, extraction, context);
      } catch (IntegrityException e) {
        // a wrong byte shows up as some nonsense first: the hash tells whose fault it is
        refused = Optional.of(e);
        archive.drain(total < 0 ? Long.MAX_VALUE : total);
      }
      ArchiveStream.Digest digest = archive.digest();
      Optional<String> contradiction = digest.contradiction(record);
      if (contradiction.isPresent()) {
        throw wrong(source, contradiction.get(), digest, refused);
      }
      if (refused.isPresent()) {
        throw refused.get();
      }
      return digest;
    } catch (IOException e) {
      throw new Unsound(
          false,
          new ChannelException(
              "The download of %s broke off: %s".formatted(record.url(), e.getMessage()),
              "Check the connection and try again; nothing of it was used.",
              e));
    }
  }

  private Unsound wrong(
      Source source,
      String contradiction,
      ArchiveStream.Digest digest,
      Optional<IntegrityException> refused) {
    if (source.kept()) {
      forget(workshop.layout().archive(Digests.normal(record.sha256().orElseThrow())));
    }
    LOG.debug("{} came with {}", record.url(), digest);
    return new Unsound(
        true,
        new IntegrityException(
            "The archive %s from %s has %s."
                .formatted(record.fileName(), record.url(), contradiction),
            "Load the channel's index again and try once more; if it stays so, tell who serves the"
                + " channel. Nothing of the archive was used.",
            refused.orElse(null)));
  }

  private void forget(Path archive) {
    try {
      workshop.disk().deleteIfExists(archive);
    } catch (IOException e) {
      throw DiskFailure.explain("delete a damaged archive", archive, e);
    }
  }

  private ArchiveFormat format() {
    return ArchiveFormat.of(record.fileName())
        .or(() -> ArchiveFormat.of(record.url()))
        .orElseThrow(
            () ->
                new IntegrityException(
                    "The file %s is no package: its name ends neither in .conda nor in .tar.bz2."
                        .formatted(record.fileName()),
                    "Name a package's archive."));
  }

  private void progress(long count, long total) {
    long now = System.nanoTime();
    if (now - lastEvent >= BETWEEN_EVENTS) {
      lastEvent = now;
      flight.emit(
          number -> new ProgressEvent.DownloadProgressed(number, record.fileName(), count, total));
    }
  }

  private List<StoredFile> publish(Path folder, Extraction extraction, List<StoredFile> files)
      throws IOException {
    CompiledPython compiled = new CompiledPython(extraction.found().keySet());
    List<StoredFile> published = new ArrayList<>(files.size());
    Map<Path, StoredFile> gone = new HashMap<>();
    for (StoredFile file : files) {
      context.checkpoint();
      if (file.kind() != StoredFile.Kind.FILE) {
        published.add(file);
        continue;
      }
      StoredFile kept = file.toBuilder().timeMatters(compiled.fits(file.path())).build();
      Path place = extraction.place(file.path());
      StoredFile before = gone.get(place);
      if (before != null) {
        // one more name in the archive for a file that has moved into the store already
        place = folder.resolve("again-" + published.size());
        workshop.disk().copy(workshop.store().path(before), place);
      }
      StoredFile there = workshop.store().publish(place, kept);
      gone.put(place, there);
      published.add(there);
    }
    return published;
  }

  private void place(Path temporary, Path target) throws IOException {
    workshop.disk().createDirectories(workshop.layout().folder(target));
    workshop.disk().move(temporary, target);
  }
}
