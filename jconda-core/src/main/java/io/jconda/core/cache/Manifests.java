package io.jconda.core.cache;

import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.Hashes;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and writes the manifests of a store.
 *
 * <p>They lie under the SHA-256 of the archive. A record that knows only its MD5, or only its URL
 * and size, finds the SHA-256 in a note under that; one that knows nothing finds nothing, because
 * what lies behind a URL may change.
 */
final class Manifests {
  private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);
  private static final Duration ONE_DAY = Duration.ofDays(1);

  private final StoreLayout layout;
  private final Disk disk;

  Manifests(StoreLayout layout, Disk disk) {
    this.layout = layout;
    this.disk = disk;
  }

  /** Returns the name by which callers who want the same archive meet. */
  static String key(PackageRecord record) {
    if (record.sha256().isPresent()) {
      return Digests.normal(record.sha256().get());
    }
    return record.md5().isPresent()
        ? Digests.normal(record.md5().get())
        : record.url() + " " + record.size().orElse(-1);
  }

  Optional<Manifest> find(PackageRecord record) {
    Optional<String> sha256 = sha256(record);
    if (sha256.isEmpty()) {
      return Optional.empty();
    }
    Optional<Manifest> manifest = read(sha256.get());
    boolean fits =
        manifest.isPresent()
            && (record.sha256().isPresent()
                || record.md5().isPresent()
                || record.size().orElse(-1) == manifest.get().size());
    return fits ? manifest : Optional.empty();
  }

  /**
   * Notes that a package is used, once a day: cleaning takes first what nobody has used for long.
   */
  void touch(Manifest manifest) {
    Path file = layout.manifest(manifest.sha256());
    try {
      Instant now = Instant.now();
      Instant noted = Files.getLastModifiedTime(file).toInstant();
      // a clock that was wrong once must not make a package look used for ever
      if (Duration.between(noted, now).abs().compareTo(ONE_DAY) > 0) {
        disk.setLastModified(file, FileTime.from(now));
      }
    } catch (IOException e) {
      LOG.debug("Nobody will know that {} was used now", file, e);
    }
  }

  private Optional<String> sha256(PackageRecord record) {
    if (record.sha256().isPresent()) {
      String sha256 = Digests.normal(record.sha256().get());
      return Digests.isSha256(sha256) ? Optional.of(sha256) : Optional.empty();
    }
    return alias(record).flatMap(Manifests::text).filter(Digests::isSha256);
  }

  private Optional<Path> alias(PackageRecord record) {
    if (record.md5().isPresent()) {
      return record
          .md5()
          .map(Digests::normal)
          .filter(Digests::isMd5)
          .map(md5 -> layout.alias("md5", md5));
    }
    return record.size().isPresent()
        ? Optional.of(layout.alias("url", Hashes.sha256(record.url())))
        : Optional.empty();
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw DiskFailure.explain("read the cache", file, e);
    }
  }

  /** Returns the manifest of an archive; nothing if it is not there or not whole. */
  Optional<Manifest> read(String sha256) {
    Path file = layout.manifest(sha256);
    try {
      Optional<Manifest> manifest = Manifest.decode(Files.readAllBytes(file));
      boolean right = manifest.isPresent() && manifest.get().sha256().equals(sha256);
      return right ? manifest : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw DiskFailure.explain("read the cache", file, e);
    }
  }

  /**
   * Writes a manifest, so that the package is in the store from now on.
   *
   * <p>One that names the boot does not wait for the disk: a crash of the machine ends that boot,
   * and after it a torn manifest is none, by its check sum, and a whole one has its package read
   * before it counts.
   */
  void publish(Manifest manifest) throws IOException {
    Path file = layout.manifest(manifest.sha256());
    disk.createDirectories(layout.folder(file));
    if (manifest.boot().isEmpty()) {
      disk.publish(file, manifest.encode());
    } else {
      disk.publishUnforced(file, manifest.encode());
    }
  }

  /** Writes a manifest, and notes by what the record will look for it. */
  void publish(Manifest manifest, PackageRecord record) throws IOException {
    publish(manifest);
    if (record.sha256().isEmpty()) {
      publishAlias(manifest, record);
    }
  }

  /** Notes that a record without a SHA-256 means a package of the store. */
  void publishAlias(Manifest manifest, PackageRecord record) throws IOException {
    Optional<Path> alias = alias(record);
    if (alias.isPresent()) {
      disk.createDirectories(layout.folder(alias.get()));
      disk.publish(alias.get(), (manifest.sha256() + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }
}
