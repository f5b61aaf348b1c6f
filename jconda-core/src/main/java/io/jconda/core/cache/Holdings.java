package io.jconda.core.cache;

import io.jconda.StorageException;
import io.jconda.core.host.DiskFailure;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells which packages the stores hold whole. Thread-safe. */
final class Holdings {
  private static final Logger LOG = LoggerFactory.getLogger(Holdings.class);

  private final Stores stores;

  /** Packages of stores that are only read, which a crash of a machine has not torn. */
  private final Set<String> survivors = ConcurrentHashMap.newKeySet();

  Holdings(Stores stores) {
    this.stores = stores;
  }

  /** Tells whether a store has a package. */
  boolean has(PackageRecord record) {
    return stores.all().stream().anyMatch(store -> find(record, store).isPresent());
  }

  /**
   * Finds a package; one that a crash of the machine may have torn is read once from end to end.
   */
  Optional<StoredPackage> find(PackageRecord record) {
    for (Store store : stores.all()) {
      Optional<Manifest> manifest = find(record, store);
      if (manifest.isPresent()) {
        return Optional.of(new StoredPackage(record, manifest.get(), store));
      }
    }
    return Optional.empty();
  }

  private Optional<Manifest> find(PackageRecord record, Store store) {
    try {
      Optional<Manifest> manifest = store.manifests().find(record);
      if (manifest.isEmpty() || !isWhole(store, manifest.get())) {
        return Optional.empty();
      }
      if (!store.readOnly()) {
        store.manifests().touch(manifest.get());
      }
      return manifest;
    } catch (StorageException e) {
      if (!store.readOnly()) {
        throw e;
      }
      // somebody else's store must not keep anybody from working with the own one
      LOG.warn("A package cache is passed over: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private boolean isWhole(Store store, Manifest manifest) {
    return manifest.boot().equals(Boot.ID)
        || manifest.boot().isEmpty()
        || survivors.contains(manifest.sha256())
        || survived(store, manifest);
  }

  private boolean survived(Store store, Manifest manifest) {
    try {
      for (StoredFile file : manifest.files()) {
        if (file.kind() == StoredFile.Kind.FILE && !store.files().isRightToTheByte(file)) {
          return false;
        }
      }
      if (store.readOnly()) {
        survivors.add(manifest.sha256());
      } else {
        store.manifests().publish(manifest.withBoot(""));
      }
      return true;
    } catch (IOException e) {
      throw DiskFailure.explain(
          "check the package " + manifest.sha256(), store.layout().store(), e);
    }
  }
}
