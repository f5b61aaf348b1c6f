package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.IntegrityException;
import io.jconda.OperationCancelledException;
import io.jconda.build.PackageBuilder;
import io.jconda.build.PackageFormat;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fetches an archive of many blocks of bzip2, which idle processors help to decode. */
@Timeout(60)
class UnpackingTogetherTest {
  @TempDir Path root;
  @TempDir Path channel;
  private final Network network = new Network(NetworkSettings.defaults());
  private Path archive;
  private byte[] first;
  private byte[] second;

  @BeforeEach
  void build() throws IOException {
    Random random = new Random(20261125);
    first = new byte[3_000_000];
    random.nextBytes(first);
    second = new byte[2_000_000];
    random.nextBytes(second);
    archive =
        PackageBuilder.of("big", "1")
            .platform(Platform.current())
            .format(PackageFormat.TAR_BZ2)
            .file("lib/first", first)
            .file("lib/second", second)
            .build(channel);
  }

  @AfterEach
  void nobodyIsAtWorkAndNothingIsLeft() throws IOException {
    network.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("jconda-unpack"));
    assertThat(StoreCheck.leftOvers(root)).isEmpty();
  }

  private PackageRecord record() throws IOException {
    return PackageRecord.builder("big", "1", "0")
        .fileName(archive.getFileName().toString())
        .url(archive.toUri().toString())
        .sha256(Hashes.sha256(archive))
        .build();
  }

  private StoredPackage fetch(PackageRecord record) {
    return new PackageCache(root, Disk.real(), network).fetch(record, OperationContext.silent());
  }

  @Test
  void itsFilesAreStoredAsTheyWerePacked() throws IOException {
    StoredPackage stored = fetch(record());

    assertThat(stored.files())
        .extracting(file -> file.sha256().orElseThrow())
        .containsExactlyInAnyOrder(Hashes.sha256(first), Hashes.sha256(second));
    StoreCheck.assertSound(root);
  }

  @Test
  void aCancelledOperationStopsInTheMidst() throws IOException {
    CancellationToken token = CancellationToken.create();
    AtomicInteger writes = new AtomicInteger();
    Path temporary = StoreLayout.of(root).tmp();
    Disk disk =
        new WatchedDisk(
            path -> {
              if (path.startsWith(temporary) && path.endsWith("1")) {
                writes.incrementAndGet();
                token.cancel("a test wants it");
              }
            });
    PackageCache cache = new PackageCache(root, disk, network);
    PackageRecord record = record();

    assertThatThrownBy(() -> cache.fetch(record, new OperationContext(token, Events.silent())))
        .isInstanceOf(OperationCancelledException.class);

    assertThat(writes).hasValueGreaterThanOrEqualTo(1);
    assertThat(cache.has(record)).isFalse();
  }

  @Test
  void aTornBlockIsRefused() throws IOException {
    PackageRecord wholeRecord = record();
    byte[] torn = Files.readAllBytes(archive);
    torn[torn.length * 2 / 3] ^= 0x10;
    Files.write(archive, torn);

    assertThatThrownBy(() -> fetch(wholeRecord))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("SHA-256");
    PackageRecord tornRecord = record();
    assertThatThrownBy(() -> fetch(tornRecord))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("torn");
  }
}
