package io.jconda.core.cache;

import io.jconda.IntegrityException;
import io.jconda.cache.CacheSize;
import io.jconda.cache.CachedPackage;
import io.jconda.cache.CleanOptions;
import io.jconda.cache.CleanReport;
import io.jconda.cache.VerifyReport;
import io.jconda.core.archive.ArchiveFormat;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.host.Locks.Held;
import io.jconda.core.repodata.PackagedRecord;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes care of a package cache: measures, verifies and cleans the store that it writes, and brings
 * archives in. Thread-safe; everything blocks.
 */
public final class CacheCare {
  private static final Logger LOG = LoggerFactory.getLogger(CacheCare.class);

  private final PackageCache cache;

  CacheCare(PackageCache cache) {
    this.cache = cache;
  }

  /**
   * Measures the store.
   *
   * @throws io.jconda.StorageException if it cannot be read
   */
  public CacheSize size(OperationContext context) {
    return inUse(context, () -> measure(context));
  }

  private CacheSize measure(OperationContext context) {
    StoreSurvey survey = StoreSurvey.of(store(), context);
    long[] files = new long[4];
    long[] other = new long[3];
    survey.contents(
        item -> {
          int packages = StoreSurvey.isContent(item.name()) ? survey.keys().count(item.name()) : 0;
          if (packages == 0) {
            other[2] += item.size();
            return;
          }
          files[0]++;
          files[1] += item.size();
          files[2] += packages > 1 ? item.size() : 0;
          files[3] += item.isLinked() ? item.size() : 0;
        });
    survey.archives(
        item -> {
          other[0]++;
          other[1] += item.size();
        });
    survey.temporary(item -> other[2] += item.size());
    long unpacked = survey.entries().stream().mapToLong(entry -> bytes(entry.manifest())).sum();
    return new CacheSize(
        survey.entries().size(),
        files[0],
        files[1],
        files[2],
        files[3],
        unpacked,
        (int) other[0],
        other[1],
        other[2]);
  }

  private <T> T inUse(OperationContext context, Supplier<T> work) {
    Held use = cache.inUse(context);
    try {
      return work.get();
    } finally {
      use.close();
    }
  }

  private Store store() {
    return cache.stores().primary();
  }

  private static long bytes(Manifest manifest) {
    return manifest.files().stream().mapToLong(StoredFile::size).sum();
  }

  /**
   * Lists the packages of the store, by file name.
   *
   * @param installed the SHA-256 or URL of every archive that some environment is known to have
   * @throws io.jconda.StorageException if it cannot be read
   */
  public List<CachedPackage> packages(Set<String> installed, OperationContext context) {
    return inUse(context, () -> list(installed, context));
  }

  private List<CachedPackage> list(Set<String> installed, OperationContext context) {
    StoreSurvey survey = StoreSurvey.of(store(), context);
    List<CachedPackage> packages = new ArrayList<>();
    for (StoreSurvey.Entry entry : survey.entries()) {
      context.checkpoint();
      Manifest manifest = entry.manifest();
      long own =
          manifest.files().stream()
              .filter(file -> file.kind() == StoredFile.Kind.FILE)
              .filter(file -> survey.keys().count(StoreLayout.contentName(file)) == 1)
              .mapToLong(StoredFile::size)
              .sum();
      boolean used = StoreCleaning.isUsed(manifest, survey, installed);
      packages.add(
          new CachedPackage(record(manifest), bytes(manifest), own, entry.lastUsed(), used));
    }
    packages.sort(Comparator.comparing(one -> one.record().fileName()));
    return List.copyOf(packages);
  }

  /**
   * Reads the files of packages again, and repairs what is damaged.
   *
   * @param wanted which packages
   * @throws io.jconda.StorageException if the store cannot be read or written
   */
  public VerifyReport verify(Predicate<PackageRecord> wanted, OperationContext context) {
    return inUse(context, () -> new StoreVerification(cache, wanted, context).run());
  }

  /**
   * Removes what nobody needs; waits until nobody uses the store.
   *
   * @param installed the SHA-256 or URL of every archive that some environment is known to have
   * @throws io.jconda.StorageException if the store cannot be read, or others cannot be kept out
   */
  public CleanReport clean(CleanOptions options, Set<String> installed, OperationContext context) {
    Held alone = cache.alone(context);
    try {
      return new StoreCleaning(store(), cache.disk(), options, installed, context).run();
    } finally {
      alone.close();
    }
  }

  /**
   * Takes an archive into the store.
   *
   * @param archive a package's archive
   * @return the package, with the record that the archive itself has
   * @throws IntegrityException if it is no sound package
   * @throws io.jconda.StorageException if it cannot be read, or the store not be written
   */
  public StoredPackage importArchive(Path archive, OperationContext context) {
    Path file = archive.toAbsolutePath().normalize();
    String name = String.valueOf(file.getFileName());
    if (ArchiveFormat.of(name).isEmpty()) {
      throw new IntegrityException(
          "%s is no package: its name ends neither in .conda nor in .tar.bz2.".formatted(file),
          "Name a package's archive.");
    }
    PackageRecord known = hashed(file, name, context);
    StoredPackage stored = cache.fetch(known, context);
    PackageRecord record = complete(stored);
    PackageRecord byMd5 =
        PackageRecord.builder("archive", "0", "0")
            .fileName(name)
            .url(known.url())
            .md5(known.md5().orElseThrow())
            .build();
    return inUse(
        context,
        () -> {
          try {
            store().manifests().publishAlias(stored.manifest(), byMd5);
          } catch (IOException e) {
            throw DiskFailure.explain("note the archive " + name, store().layout().store(), e);
          }
          return stored.of(record);
        });
  }

  /**
   * Brings an archive into the store that is named by its URL alone.
   *
   * @param asked its URL and file name, and what else is known of it; a file is read once to find
   *     what hash it has, what lies behind another URL is fetched unless its hash is known
   * @return the package, with the record that the archive itself has
   * @throws IntegrityException if it is no sound package, or not what its name and hash say
   * @throws io.jconda.ChannelException if it cannot be had
   * @throws io.jconda.OfflineException if it would need the network and there shall be none
   * @throws io.jconda.StorageException if it cannot be read, or the store not be written
   */
  public StoredPackage fetchNamed(PackageRecord asked, OperationContext context) {
    StoredPackage stored = cache.fetch(identified(asked, context), context);
    return stored.of(complete(stored));
  }

  /**
   * Adds the hash of an archive that nobody has told, if it is a file of this machine.
   *
   * @throws io.jconda.StorageException if it cannot be read
   */
  public PackageRecord identified(PackageRecord asked, OperationContext context) {
    if (asked.sha256().isPresent() || asked.md5().isPresent() || !asked.url().startsWith("file:")) {
      return asked;
    }
    Path file = Path.of(URI.create(asked.url()));
    PackageRecord hashed = hashed(file, asked.fileName(), context);
    return asked.toBuilder().sha256(hashed.sha256().orElseThrow()).build();
  }

  private static PackageRecord hashed(Path file, String name, OperationContext context) {
    MessageDigest sha256 = Hashes.sha256();
    MessageDigest md5 = Hashes.md5();
    long size = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        context.checkpoint();
        sha256.update(buffer, 0, got);
        md5.update(buffer, 0, got);
        size += got;
      }
    } catch (IOException e) {
      throw DiskFailure.explain("read the archive", file, e);
    }
    return PackageRecord.builder("archive", "0", "0")
        .fileName(name)
        .url("file://" + file.toUri().getRawPath())
        .sha256(Hashes.hex(sha256))
        .md5(Hashes.hex(md5))
        .size(size)
        .build();
  }

  /**
   * Returns the record of a package as its archive has it, with the place and the hashes of the
   * record that it was fetched for.
   *
   * @throws IntegrityException if the archive is not what its name says
   */
  public static PackageRecord complete(StoredPackage stored) {
    PackageRecord asked = stored.record();
    PackageRecord own =
        PackagedRecord.of(
            stored.indexJson(), asked.fileName(), asked.channel(), asked.subdir(), asked.url());
    PackageRecord.Builder complete =
        own.toBuilder().sha256(stored.sha256OfArchive()).size(stored.sizeOfArchive());
    asked.md5().ifPresent(complete::md5);
    return complete.build();
  }

  /** Returns the record of a package of the store; one with an odd name has little more. */
  static PackageRecord record(Manifest manifest) {
    Manifest.Origin origin = manifest.origin();
    PackageRecord record;
    try {
      record =
          PackagedRecord.of(manifest.facts().indexJson(), origin.fileName(), "", "", origin.url());
    } catch (IntegrityException e) {
      LOG.debug("Only the archive's name is known of {}", origin.fileName(), e);
      record =
          PackageRecord.builder("unknown", "0", "0")
              .fileName(origin.fileName())
              .url(origin.url())
              .build();
    }
    return record.toBuilder().sha256(origin.sha256()).size(origin.size()).build();
  }
}
