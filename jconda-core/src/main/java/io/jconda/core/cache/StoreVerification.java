package io.jconda.core.cache;

import io.jconda.CondaException;
import io.jconda.cache.VerifyReport;
import io.jconda.cache.VerifyReport.Damage;
import io.jconda.core.cache.StoreSurvey.Entry;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Reads the files of a store again, on all processors, and fetches again what is not as it should
 * be. Who runs it keeps the store in use.
 */
final class StoreVerification {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final PackageCache cache;
  private final Store store;
  private final Predicate<PackageRecord> wanted;
  private final OperationContext context;

  StoreVerification(PackageCache cache, Predicate<PackageRecord> wanted, OperationContext context) {
    this.cache = cache;
    this.store = cache.stores().primary();
    this.wanted = wanted;
    this.context = context;
  }

  /** A content, and the first package that has it. */
  private record Content(Manifest manifest, StoredFile file) {}

  VerifyReport run() {
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : StoreSurvey.of(store, context).entries()) {
      if (wanted.test(CacheCare.record(entry.manifest()))) {
        entries.add(entry);
      }
    }
    Map<String, Content> contents = new LinkedHashMap<>();
    for (Entry entry : entries) {
      for (StoredFile file : entry.manifest().files()) {
        if (file.kind() == StoredFile.Kind.FILE) {
          contents.putIfAbsent(StoreLayout.contentName(file), new Content(entry.manifest(), file));
        }
      }
    }
    List<Damage> damages = new ArrayList<>();
    entries.forEach(entry -> dropWrongArchive(entry.manifest(), damages));
    Map<Manifest, List<StoredFile>> wrong = new LinkedHashMap<>();
    for (Content content : wrong(List.copyOf(contents.values()))) {
      wrong.computeIfAbsent(content.manifest, key -> new ArrayList<>()).add(content.file);
    }
    wrong.forEach((manifest, files) -> repair(manifest, files, damages));
    long bytes = contents.values().stream().mapToLong(content -> content.file.size()).sum();
    return new VerifyReport(entries.size(), contents.size(), bytes, damages);
  }

  /** Deletes a kept archive that is damaged: it is only a convenience, and would be no help. */
  private void dropWrongArchive(Manifest manifest, List<Damage> damages) {
    Path archive = store.layout().archive(manifest.sha256());
    if (!Files.exists(archive)) {
      return;
    }
    context.checkpoint();
    try {
      if (!Hashes.sha256(archive).equals(manifest.sha256())) {
        cache.disk().deleteIfExists(archive);
        damages.add(
            new Damage(
                manifest.origin().fileName(),
                manifest.origin().fileName(),
                true,
                "The kept archive was damaged, and was deleted."));
      }
    } catch (IOException e) {
      throw DiskFailure.explain("verify a kept archive", archive, e);
    }
  }

  /** Returns the contents that are wrong or missing, in their order. */
  private List<Content> wrong(List<Content> contents) {
    int threads =
        Math.max(1, Math.min(contents.size(), Runtime.getRuntime().availableProcessors()));
    ExecutorService readers =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "jconda-verify-" + NUMBERS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    try {
      AtomicInteger next = new AtomicInteger();
      boolean[] right = new boolean[contents.size()];
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        work.add(
            readers.submit(
                () -> {
                  for (int at = next.getAndIncrement();
                      at < right.length;
                      at = next.getAndIncrement()) {
                    context.checkpoint();
                    right[at] = isRight(contents.get(at).file);
                  }
                }));
      }
      work.forEach(StoreVerification::await);
      List<Content> wrong = new ArrayList<>();
      for (int i = 0; i < right.length; i++) {
        if (!right[i]) {
          wrong.add(contents.get(i));
        }
      }
      return wrong;
    } finally {
      readers.shutdownNow();
    }
  }

  private static void await(Future<?> work) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          work.get();
          return;
        } catch (InterruptedException e) {
          // the operation is told by its token; the interrupt is handed on below
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException("A file could not be verified.", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isRight(StoredFile file) {
    Path content = store.path(file);
    try {
      if (!store.files().isRightToTheByte(file)) {
        return false;
      }
      if (file.executable() && !Files.isExecutable(content)) {
        cache.disk().setExecutable(content, true);
      }
      return true;
    } catch (IOException e) {
      throw DiskFailure.explain("verify a file of the cache", content, e);
    }
  }

  private void repair(Manifest manifest, List<StoredFile> files, List<Damage> damages) {
    String failure = "";
    Map<StoredFile, String> problems = new LinkedHashMap<>();
    for (StoredFile file : files) {
      boolean there = Files.exists(store.path(file));
      problems.put(file, there ? "Its content was not what it should be." : "It was missing.");
    }
    try {
      cache.fetchAnew(CacheCare.record(manifest), manifest.sha256(), context);
    } catch (CondaException e) {
      context.checkpoint();
      failure = " " + e.getMessage();
    }
    for (StoredFile file : files) {
      boolean repaired = isRight(file);
      if (!repaired) {
        mark(file);
      }
      damages.add(
          new Damage(
              manifest.origin().fileName(),
              file.path(),
              repaired,
              problems.get(file) + (repaired ? "" : failure)));
    }
  }

  /** Gives a damaged file a time that is not its own, so that it is looked at before it is used. */
  private void mark(StoredFile file) {
    Path content = store.path(file);
    try {
      if (Files.exists(content)) {
        cache
            .disk()
            .setLastModified(
                content, FileTime.from(file.modified().plusSeconds(1).plusMillis(500)));
      }
    } catch (IOException e) {
      throw DiskFailure.explain("mark a damaged file of the cache", content, e);
    }
  }
}
