package io.jconda.core.cache;

import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.util.List;
import java.util.Optional;

/**
 * Describes a package that lies in the store, with what linking needs to know of it.
 *
 * <p>Immutable and thread-safe. That one exists does not keep its files in the store: {@link
 * PackageCache#inUse} does.
 */
public final class StoredPackage {
  private final PackageRecord record;
  private final Manifest manifest;
  private final Store store;

  StoredPackage(PackageRecord record, Manifest manifest, Store store) {
    this.record = record;
    this.manifest = manifest;
    this.store = store;
  }

  /** Returns the record that it was fetched for. */
  public PackageRecord record() {
    return record;
  }

  /** Returns the SHA-256 of its archive in lower-case hex; the package's key in the store. */
  public String sha256OfArchive() {
    return manifest.sha256();
  }

  /** Returns the length of its archive in bytes. */
  public long sizeOfArchive() {
    return manifest.size();
  }

  /** Returns the text of its {@code info/index.json}. */
  public String indexJson() {
    return manifest.facts().indexJson();
  }

  /** Returns in which way it fits every platform, as the package itself says; empty if native. */
  public Optional<NoarchType> noarch() {
    return manifest.facts().noarch();
  }

  /** Returns the entry points of {@code info/link.json}, such as {@code pip = pip.main:main}. */
  public List<String> entryPoints() {
    return manifest.facts().entryPoints();
  }

  /**
   * Returns where this Python looks for modules, relative to the prefix (CEP-17), if it is a Python
   * that says so.
   */
  public Optional<String> pythonSitePackagesPath() {
    return manifest.facts().pythonSitePackagesPath();
  }

  /** Returns its paths, in the order of {@code paths.json}. */
  public List<StoredFile> files() {
    return manifest.files();
  }

  Manifest manifest() {
    return manifest;
  }

  /** Returns the same package for another record of it. */
  StoredPackage of(PackageRecord other) {
    return new StoredPackage(other, manifest, store);
  }

  /** Returns the store that it was found in. */
  Store store() {
    return store;
  }

  /** Returns the record's text and the archive's digest. */
  @Override
  public String toString() {
    return record + " (" + sha256OfArchive() + ")";
  }
}
