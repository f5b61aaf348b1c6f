package io.jconda.core.install;

import io.jconda.core.cache.PackageCache;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells which packages are in the store and which have to be fetched. Counts as long as the store
 * is in use.
 *
 * @param present the packages that are there
 * @param missing the others
 */
record Supply(Map<PackageRecord, StoredPackage> present, List<PackageRecord> missing) {
  /**
   * Looks for packages; reads a small file for each.
   *
   * @throws io.jconda.StorageException if the store cannot be read
   * @throws io.jconda.OperationCancelledException if the operation should stop
   */
  static Supply of(PackageCache cache, List<PackageRecord> wanted, OperationContext context) {
    Map<PackageRecord, StoredPackage> present = new LinkedHashMap<>();
    List<PackageRecord> missing = new ArrayList<>();
    for (PackageRecord record : wanted) {
      context.checkpoint();
      Optional<StoredPackage> stored = cache.find(record);
      if (stored.isPresent()) {
        present.put(record, stored.get());
      } else {
        missing.add(record);
      }
    }
    return new Supply(present, missing);
  }

  /** Returns the size of what has to be fetched, as far as the records tell. */
  long bytesMissing() {
    long bytes = 0;
    for (PackageRecord record : missing) {
      bytes += record.size().orElse(0);
    }
    return bytes;
  }
}
