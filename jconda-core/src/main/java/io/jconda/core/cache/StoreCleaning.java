package io.jconda.core.cache;

import io.jconda.cache.CleanOptions;
import io.jconda.cache.CleanReport;
import io.jconda.core.cache.StoreSurvey.Entry;
import io.jconda.core.cache.StoreSurvey.Item;
import io.jconda.core.host.Disk;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes from a store what nobody needs. Who runs it keeps everybody else out.
 *
 * <p>Manifests go first and files after them: whatever stops the process, no package is left that
 * looks whole and is not.
 */
final class StoreCleaning {
  private final Store store;
  private final Disk disk;
  private final CleanOptions options;
  private final Set<String> installed;
  private final OperationContext context;
  private final StoreSurvey survey;
  private final List<PackageRecord> packages = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Set<String> staying = new HashSet<>();
  private long files;
  private int archives;
  private int leftovers;
  private long bytes;
  private long freed;

  StoreCleaning(
      Store store,
      Disk disk,
      CleanOptions options,
      Set<String> installed,
      OperationContext context) {
    this.store = store;
    this.disk = disk;
    this.options = options;
    this.installed = installed;
    this.context = context;
    this.survey = StoreSurvey.of(store, context);
  }

  /**
   * Tells whether an environment has a package.
   *
   * @param installed the SHA-256 or URL of every archive that some environment is known to have
   */
  static boolean isUsed(Manifest manifest, StoreSurvey survey, Set<String> installed) {
    return installed.contains(manifest.sha256())
        || installed.contains(manifest.origin().url())
        || survey.isLinked(manifest);
  }

  CleanReport run() {
    removePackages();
    survey.remains().forEach(this::removeLeftover);
    for (Path alias : survey.aliases()) {
      if (leadsNowhere(alias)) {
        removeLeftover(alias);
      }
    }
    survey.contents(this::lookAtContent);
    survey.archives(this::lookAtArchive);
    survey.temporary(item -> count(item, true));
    removeTemporary();
    return new CleanReport(
        options.isDryRun(), packages, files, archives, leftovers, bytes, freed, problems);
  }

  private void removePackages() {
    List<Entry> oldestFirst = new ArrayList<>(survey.entries());
    oldestFirst.sort(
        Comparator.comparing(Entry::lastUsed)
            .thenComparing(entry -> entry.manifest().origin().fileName()));
    Instant now = Instant.now();
    long size = options.maxBytes().isPresent() ? bytesOfAll() : 0;
    for (Entry entry : oldestFirst) {
      context.checkpoint();
      Manifest manifest = entry.manifest();
      boolean tooMuch = size > options.maxBytes().orElse(Long.MAX_VALUE);
      boolean goes =
          options.removesPackages()
              && (tooMuch || isOld(entry, now))
              && !isUsed(manifest, survey, installed);
      if (goes && remove(entry.file())) {
        packages.add(CacheCare.record(manifest));
        survey.keys().remove(manifest);
        size -= bytesThatGo(manifest);
      } else {
        staying.add(manifest.sha256());
      }
    }
  }

  private boolean isOld(Entry entry, Instant now) {
    Optional<Duration> limit = options.unusedFor();
    if (limit.isEmpty()) {
      return options.maxBytes().isEmpty();
    }
    return Duration.between(entry.lastUsed(), now).compareTo(limit.get()) >= 0;
  }

  private long bytesOfAll() {
    long[] sum = new long[1];
    survey.contents(item -> sum[0] += item.size());
    return sum[0];
  }

  /** Returns how large the files are that no package has, now that this one is gone. */
  private long bytesThatGo(Manifest manifest) {
    Set<String> names = new HashSet<>();
    long sum = 0;
    for (StoredFile file : manifest.files()) {
      if (file.kind() == StoredFile.Kind.FILE) {
        String name = StoreLayout.contentName(file);
        sum += survey.keys().count(name) == 0 && names.add(name) ? file.size() : 0;
      }
    }
    return sum;
  }

  private boolean leadsNowhere(Path alias) {
    try {
      return !staying.contains(Files.readString(alias).strip());
    } catch (IOException e) {
      problems.add("%s cannot be read (%s).".formatted(alias, e));
      return false;
    }
  }

  private void lookAtContent(Item item) {
    if (StoreSurvey.isContent(item.name()) && survey.keys().count(item.name()) > 0) {
      return;
    }
    if (remove(item.path())) {
      files++;
      count(item, false);
    }
  }

  private void lookAtArchive(Item item) {
    boolean stays = !options.removesArchives() && staying.contains(item.name());
    if (!stays && remove(item.path())) {
      archives++;
      count(item, false);
    }
  }

  private void removeLeftover(Path path) {
    if (remove(path)) {
      leftovers++;
    }
  }

  private void count(Item item, boolean leftover) {
    leftovers += leftover ? 1 : 0;
    bytes += item.size();
    freed += item.isLinked() ? 0 : item.size();
  }

  private boolean remove(Path path) {
    if (options.isDryRun()) {
      return true;
    }
    context.checkpoint();
    try {
      disk.deleteIfExists(path);
      return true;
    } catch (IOException e) {
      problems.add("%s could not be removed (%s).".formatted(path, e));
      return false;
    }
  }

  private void removeTemporary() {
    if (options.isDryRun()) {
      return;
    }
    try {
      disk.deleteTree(store.layout().tmp());
    } catch (IOException e) {
      problems.add("%s could not be removed (%s).".formatted(store.layout().tmp(), e));
    }
  }
}
