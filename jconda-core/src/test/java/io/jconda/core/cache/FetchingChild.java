package io.jconda.core.cache;

import io.jconda.core.host.FaultyDisk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.nio.file.Path;

/** Fetches one package into a root, and halts before the disk operation that it is told. */
final class FetchingChild {
  private FetchingChild() {}

  public static void main(String[] arguments) {
    FaultyDisk disk = FaultyDisk.failingAt(Integer.parseInt(arguments[3]), FaultyDisk.Fault.HALT);
    PackageRecord record =
        PackageRecord.builder("a", "1.0", "0")
            .fileName("a-1.0-0.tar.bz2")
            .url(arguments[1])
            .sha256(arguments[2])
            .build();
    try (Network network = new Network(NetworkSettings.builder().retries(0).build())) {
      PackageCache cache = new PackageCache(Path.of(arguments[0]), disk, network, true);
      int files = cache.fetch(record, OperationContext.silent()).files().size();
      System.out.println(files + " files");
    }
  }
}
