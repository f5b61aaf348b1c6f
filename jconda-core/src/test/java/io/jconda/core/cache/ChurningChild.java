package io.jconda.core.cache;

import io.jconda.cache.CleanOptions;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Fetches, cleans and verifies until it is killed: root, seed, then URL and SHA-256 of packages.
 */
final class ChurningChild {
  private ChurningChild() {}

  public static void main(String[] arguments) {
    OperationContext quiet = OperationContext.silent();
    Random random = new Random(Long.parseLong(arguments[1]));
    List<PackageRecord> records = new ArrayList<>();
    for (int i = 2; i < arguments.length; i += 2) {
      String url = arguments[i];
      records.add(
          PackageRecord.builder("a", "1.0", "0")
              .fileName(url.substring(url.lastIndexOf('/') + 1))
              .url(url)
              .sha256(arguments[i + 1])
              .build());
    }
    try (Network network = new Network(NetworkSettings.defaults())) {
      PackageCache cache =
          new PackageCache(Path.of(arguments[0]), Disk.real(), network, random.nextBoolean());
      System.out.println("begins");
      while (true) {
        switch (random.nextInt(8)) {
          case 0 -> cache.care().clean(CleanOptions.defaults(), Set.of(), quiet);
          case 1 -> cache.care().verify(record -> true, quiet);
          default -> cache.fetch(records.get(random.nextInt(records.size())), quiet);
        }
      }
    }
  }
}
