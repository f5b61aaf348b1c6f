package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.cache.CleanOptions;
import io.jconda.core.host.ChildJvm;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills JVMs at random while they change a store, 20 of them, 500 with {@code -Pstress}. */
@Tag("stress")
class KillTest {
  private static final int KILLS = Integer.getInteger("jconda.kills", 20);
  private static final OperationContext QUIET = OperationContext.silent();

  @TempDir Path folder;

  @Test
  void aKilledJvmLeavesAStoreThatIsSoundAndGoesOn() throws Exception {
    long seed = System.nanoTime();
    System.out.println("KillTest: seed " + seed);
    Random random = new Random(seed);
    Path root = folder.resolve("root");
    Path channel = Files.createDirectories(folder.resolve("channel"));
    List<PackageRecord> records = new ArrayList<>();
    List<Object> arguments = new ArrayList<>(List.of(root, 0));
    for (int i = 0; i < 5; i++) {
      TestPackage made = TestPackage.named("a" + i);
      for (int file = 0; file < 40; file++) {
        made.file("share/" + file, file % 2 == 0 ? "common " + file : i + " " + file);
      }
      PackageRecord record = made.in(channel);
      records.add(record);
      arguments.add(record.url());
      arguments.add(record.sha256().orElseThrow());
    }
    for (int kill = 0; kill < KILLS; kill++) {
      arguments.set(1, random.nextInt());
      try (ChildJvm child = ChildJvm.start(ChurningChild.class, arguments.toArray())) {
        assertThat(child.line()).isEqualTo("begins");
        assertThat(child.endsWithin(random.nextInt(200))).isFalse();
        child.kill();
      }
      StoreCheck.assertSound(root);
      assertEverythingCanBeHad(root, records);
    }
    try (Network network = new Network(NetworkSettings.defaults())) {
      PackageCache cache = new PackageCache(root, Disk.real(), network);
      assertThat(cache.care().verify(record -> true, QUIET).damages()).isEmpty();
      cache.care().clean(CleanOptions.defaults().packages(false), Set.of(), QUIET);
      assertThat(cache.care().size(QUIET).leftoverBytes()).isZero();
      cache.care().clean(CleanOptions.defaults().archives(true), Set.of(), QUIET);
      assertThat(cache.care().size(QUIET).totalBytes()).isZero();
    }
  }

  private static void assertEverythingCanBeHad(Path root, List<PackageRecord> records)
      throws Exception {
    try (Network network = new Network(NetworkSettings.defaults())) {
      PackageCache cache = new PackageCache(root, Disk.real(), network);
      for (PackageRecord record : records) {
        StoredPackage stored = cache.fetch(record, QUIET);
        for (StoredFile file : stored.files()) {
          assertThat(Hashes.sha256(cache.usable(stored, file, QUIET)))
              .isEqualTo(file.sha256().orElseThrow());
        }
      }
    }
    StoreCheck.assertSound(root);
  }
}
