package io.jconda.core.cache;

import io.jconda.cache.CleanOptions;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import java.nio.file.Path;
import java.util.Set;

/** Cleans a root, and halts before the disk operation that it is told. */
final class CleaningChild {
  private CleaningChild() {}

  public static void main(String[] arguments) {
    FaultyDisk disk = FaultyDisk.failingAt(Integer.parseInt(arguments[1]), FaultyDisk.Fault.HALT);
    try (Network network = new Network(NetworkSettings.defaults())) {
      PackageCache cache = new PackageCache(Path.of(arguments[0]), disk, network);
      cache.care().clean(CleanOptions.defaults(), Set.of(), OperationContext.silent());
    }
  }
}
