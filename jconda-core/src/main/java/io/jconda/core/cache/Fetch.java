package io.jconda.core.cache;

import io.jconda.ChannelException;
import io.jconda.CondaException;
import io.jconda.IntegrityException;
import io.jconda.core.archive.ArchiveFormat;
import io.jconda.core.archive.PackageReader;
import io.jconda.core.cache.ArchiveSources.Source;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.net.Network;
import io.jconda.core.repodata.StandaloneRecord;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
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
 * Brings one package into the store: downloads, hashes, extracts and stores it as one stream, or
 * copies it from where another tool has it. Who runs it holds the package's lock.
 *
 * <p>The files gather under numbers in a temporary folder; only when the whole archive has proved
 * to be what its record says they move into the store, and the manifest comes last.
 */
final class Fetch {
  private static final Logger LOG = LoggerFactory.getLogger(Fetch.class);
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Turns PROCESSORS = new Turns(Runtime.getRuntime().availableProcessors());
  private static final int MAX_WRONG = 2;
  private static final long BETWEEN_EVENTS = Duration.ofMillis(100).toNanos();

  private final Workshop workshop;
  private final Store store;
  private final PackageRecord record;
  private final Flight flight;
  private final OperationContext context;
  private final Patience patience = new Patience();
  private final ArchiveSources sources;
  private final long begin = System.nanoTime();
  private long lastEvent = begin;

  /**
   * What fetches work with.
   *
   * @param stores all stores; what is fetched goes into the first
   * @param folders where other tools keep packages
   * @param keepArchives whether archives stay in the store
   */
  record Workshop(
      List<Store> stores,
      List<CondaFolder> folders,
      Disk disk,
      Network network,
      boolean keepArchives) {}

  Fetch(Workshop workshop, PackageRecord record, Flight flight, OperationContext context) {
    this.workshop = workshop;
    this.store = workshop.stores().get(0);
    this.record = record;
    this.flight = flight;
    this.context = context;
    this.sources =
        new ArchiveSources(
            record, workshop.stores(), workshop.folders(), workshop.network(), patience, context);
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

  /** Does one thing with a temporary folder, which is gone afterwards. */
  private interface Attempt {
    Manifest in(Path folder) throws Unsound, IOException;
  }

  Manifest run() {
    Optional<Manifest> copied = copyExtracted();
    if (copied.isPresent()) {
      return copied.get();
    }
    ArchiveFormat format = format();
    int wrong = 0;
    while (true) {
      context.checkpoint();
      try {
        return attempt(folder -> read(format, folder));
      } catch (Unsound e) {
        wrong += e.wrong ? 1 : 0;
        if (wrong >= MAX_WRONG || patience.isAtEnd()) {
          throw e.failure;
        }
        LOG.debug("Fetching {} again", record.fileName(), e);
      }
    }
  }

  private Manifest attempt(Attempt attempt) throws Unsound {
    Path folder = store.layout().temporary(Long.toString(NUMBERS.incrementAndGet()));
    try {
      workshop.disk().createDirectories(folder);
    } catch (IOException e) {
      throw DiskFailure.explain("make a temporary folder", folder, e);
    }
    Throwable failure = null;
    try {
      return attempt.in(folder);
    } catch (IOException e) {
      failure = e;
      throw DiskFailure.explain("store the package " + record.fileName(), folder, e);
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

  private Optional<Manifest> copyExtracted() {
    for (CondaFolder folder : workshop.folders()) {
      if (!folder.mayHave(record)) {
        continue;
      }
      try {
        return Optional.of(attempt(temporary -> copy(folder, temporary)));
      } catch (Unsound e) {
        LOG.debug("{} is not extracted in {}", record.fileName(), folder.folder());
      }
    }
    return Optional.empty();
  }

  private Manifest copy(CondaFolder folder, Path temporary) throws Unsound, IOException {
    PackageInfo info = new PackageInfo(record.fileName());
    Extraction extraction = new Extraction(temporary, workshop.disk(), info, context);
    CondaFolder.Found found =
        folder
            .extract(record, info, extraction, context)
            .orElseThrow(() -> new Unsound(false, notThere(folder)));
    long size = record.size().orElse(found.size());
    flight.start(number -> new ProgressEvent.DownloadStarted(number, record.fileName(), size));
    return publish(temporary, extraction, info, new ArchiveStream.Digest(found.sha256(), size));
  }

  private ChannelException notThere(CondaFolder folder) {
    return new ChannelException(
        "%s is not in %s.".formatted(record.fileName(), folder.folder()), "Download it.");
  }

  private Manifest read(ArchiveFormat format, Path folder) throws Unsound, IOException {
    PackageInfo info = new PackageInfo(record.fileName());
    Extraction extraction = new Extraction(folder, workshop.disk(), info, context);
    Path kept = folder.resolve("archive");
    ArchiveStream.Digest digest;
    try (Source source = sources.open()) {
      boolean keeps = workshop.keepArchives() && !isOurs(source);
      digest = read(format, source, extraction, keeps ? Optional.of(kept) : Optional.empty());
    }
    if (Files.exists(kept)) {
      place(kept, store.layout().archive(digest.sha256()));
    }
    return publish(folder, extraction, info, digest);
  }

  private boolean isOurs(Source source) {
    Optional<Path> place = source.place();
    return place.isPresent() && place.get().startsWith(store.layout().archives());
  }

  private Manifest publish(
      Path folder, Extraction extraction, PackageInfo info, ArchiveStream.Digest digest)
      throws IOException {
    List<StoredFile> files = publish(folder, extraction, info.files(extraction.found()));
    Manifest.Origin origin =
        new Manifest.Origin(
            digest.sha256(),
            digest.size(),
            record.fileName(),
            StandaloneRecord.withoutSecrets(record.url()));
    Manifest manifest = new Manifest(origin, Boot.ID, info.facts(), files);
    store.manifests().publish(manifest, record);
    flight.emit(
        number ->
            new ProgressEvent.DownloadFinished(
                number,
                record.fileName(),
                digest.size(),
                Duration.ofNanos(System.nanoTime() - begin)));
    return manifest;
  }

  private ArchiveStream.Digest read(
      ArchiveFormat format, Source source, Extraction extraction, Optional<Path> copy)
      throws Unsound {
    long total = record.size().orElse(source.length());
    flight.start(number -> new ProgressEvent.DownloadStarted(number, record.fileName(), total));
    try (Turns.Turn turn = PROCESSORS.begin();
        Hands hands = new Hands(PROCESSORS, turn);
        OutputStream written =
            copy.isPresent()
                ? StoreOutput.create(copy.get(), workshop.disk())
                : OutputStream.nullOutputStream()) {
      ArchiveStream archive =
          new ArchiveStream(source.body(), record, written, turn, count -> progress(count, total));
      Optional<IntegrityException> refused = Optional.empty();
      try {
        PackageReader.read(record.fileName(), archive, format, extraction, hands, context);
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
      patience.broke(0);
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
    source.place().filter(place -> isOurs(source)).ifPresent(this::forget);
    if (source.owner() instanceof ResumingBody body) {
      body.reject(contradiction);
    }
    LOG.debug("{} came with {}", record.url(), digest);
    return new Unsound(
        source.place().isEmpty(),
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
    Optional<ArchiveFormat> named = ArchiveFormat.of(record.fileName());
    Optional<ArchiveFormat> format = named.isPresent() ? named : ArchiveFormat.of(record.url());
    if (format.isEmpty()) {
      throw new IntegrityException(
          "The file %s is no package: its name ends neither in .conda nor in .tar.bz2."
              .formatted(record.fileName()),
          "Name a package's archive.");
    }
    return format.get();
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
        workshop.disk().copy(store.path(before), place);
      }
      StoredFile there = store.files().publish(place, kept);
      gone.put(place, there);
      published.add(there);
    }
    return published;
  }

  private void place(Path temporary, Path target) throws IOException {
    workshop.disk().createDirectories(store.layout().folder(target));
    workshop.disk().move(temporary, target);
  }
}
