package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.ChannelException;
import io.jconda.core.host.Disk;
import io.jconda.core.util.Hashes;
import io.jconda.progress.ProgressEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What somebody changed in the store, or a crash of the machine tore, is noticed and fetched again.
 */
class DamagedStoreTest extends FreshStore {
  @Test
  void aFileChangedThroughAnEnvironmentIsReplacedByANewInodeAndReported() throws Exception {
    StoredPackage stored = fetch(TestPackage.named("a").file("share/a", "good"));
    Path linked = Files.createLink(channel.resolve("linked"), usable(stored, "share/a"));
    Files.writeString(linked, "evil", StandardOpenOption.TRUNCATE_EXISTING);

    RecordingListener listener = new RecordingListener();
    Path content = cache.usable(stored, file(stored, "share/a"), listener.context());

    assertThat(content).hasContent("good");
    assertThat(linked).hasContent("evil");
    assertThat(listener.events(ProgressEvent.Warning.class))
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("share/a", "a-1.0-0"));
    StoreCheck.assertSound(root);
  }

  @Test
  void aFileThatWasOnlyTouchedIsGoodAsItIs() throws Exception {
    TestPackage made = TestPackage.named("a").file("share/a", "good");
    StoredPackage stored = fetch(made);
    withdraw(made);
    Path content = usable(stored, "share/a");
    Object inode = Files.getAttribute(content, "fileKey");
    Files.setLastModifiedTime(content, FileTime.from(Instant.now()));

    assertThat(usable(stored, "share/a")).hasContent("good");
    PackageCache other = new PackageCache(root, Disk.real(), network);
    assertThat(other.usable(stored, file(stored, "share/a"), QUIET)).hasContent("good");
    assertThat(Files.getAttribute(content, "fileKey")).isEqualTo(inode);
    assertThat(Files.getLastModifiedTime(content).toInstant()).isEqualTo(TestPackage.TIME);
  }

  @Test
  void aDeletedFileComesBack() throws Exception {
    StoredPackage stored = fetch(TestPackage.named("a").file("share/a", "good"));
    Files.delete(usable(stored, "share/a"));
    assertThat(usable(stored, "share/a")).hasContent("good");
  }

  @Test
  void aDamagedFileWhoseArchiveIsGoneIsAnError() throws Exception {
    TestPackage made = TestPackage.named("a").file("share/a", "good");
    StoredPackage stored = fetch(made);
    withdraw(made);
    Files.writeString(usable(stored, "share/a"), "evil");
    assertThatThrownBy(() -> usable(stored, "share/a"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(made.fileName());
  }

  @Test
  void keptArchivesRestoreADamagedFileWithoutTheChannel() throws Exception {
    cache = new PackageCache(root, Disk.real(), network, true);
    TestPackage made = TestPackage.named("a").file("share/a", "good");
    StoredPackage stored = fetch(made);
    withdraw(made);
    Files.writeString(usable(stored, "share/a"), "evil");
    assertThat(usable(stored, "share/a")).hasContent("good");
  }

  @Test
  void aDamagedKeptArchiveIsFetchedAgain() throws Exception {
    cache = new PackageCache(root, Disk.real(), network, true);
    StoredPackage stored = fetch(TestPackage.named("a").file("share/a", "good"));
    Path kept = StoreLayout.of(root).archive(stored.sha256OfArchive());
    Files.writeString(kept, "no archive");
    Files.delete(usable(stored, "share/a"));
    assertThat(usable(stored, "share/a")).hasContent("good");
    assertThat(Hashes.sha256(kept)).isEqualTo(stored.sha256OfArchive());
  }

  @Test
  void contentThatSomebodyDamagedIsNotTakenForAnotherPackages() throws Exception {
    StoredPackage first = fetch(TestPackage.named("a").file("share/a", "good"));
    Files.writeString(usable(first, "share/a"), "evil");
    StoredPackage second = fetch(TestPackage.named("b").file("share/b", "good"));
    assertThat(usable(second, "share/b")).hasContent("good");
    StoreCheck.assertSound(root);
  }

  @Test
  void contentGetsANewInodeWhereTheOldOneCanHaveNoMoreNames() throws Exception {
    StoredPackage stored = fetch(TestPackage.named("a").file("share/a", "good"));
    Path content = usable(stored, "share/a");
    Object inode = Files.getAttribute(content, "fileKey");
    assertThat(cache.renewed(stored, file(stored, "share/a"), QUIET))
        .isEqualTo(content)
        .hasContent("good");
    assertThat(Files.getAttribute(content, "fileKey")).isNotEqualTo(inode);
    assertThat(Files.getLastModifiedTime(content).toInstant()).isEqualTo(TestPackage.TIME);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 40, 100})
  void aManifestThatIsNotWholeIsNone(int changed) throws Exception {
    TestPackage made = TestPackage.named("a").file("share/a", "good");
    StoredPackage stored = fetch(made);
    Path manifest = StoreLayout.of(root).manifest(stored.sha256OfArchive());
    byte[] bytes = Files.readAllBytes(manifest);
    bytes[changed] ^= 1;
    Files.write(manifest, bytes);
    assertThat(cache.has(stored.record())).isFalse();
    assertThat(cache.fetch(stored.record(), QUIET).files()).isEqualTo(stored.files());
    assertThat(cache.has(stored.record())).isTrue();
  }

  @Test
  void aManifestThatACrashOfTheMachineCutOrFilledWithZerosIsNone() throws Exception {
    StoredPackage stored = fetch(TestPackage.named("a").file("share/a", "good"));
    Path manifest = StoreLayout.of(root).manifest(stored.sha256OfArchive());
    byte[] whole = Files.readAllBytes(manifest);
    for (int length = 0; length < whole.length; length++) {
      Files.write(manifest, Arrays.copyOf(whole, length));
      assertThat(cache.has(stored.record())).as("cut to %d bytes", length).isFalse();
      // the file has its length already, and the rest of its blocks is not written
      byte[] zeros = Arrays.copyOf(Arrays.copyOf(whole, length), whole.length);
      Files.write(manifest, zeros);
      assertThat(cache.has(stored.record()))
          .as("%d bytes, then zeros", length)
          .isEqualTo(Arrays.equals(zeros, whole));
    }
    assertThat(cache.fetch(stored.record(), QUIET).files()).isEqualTo(stored.files());
  }

  @Test
  void aManifestWaitsForTheDiskOnlyWhereNoBootTellsThatTheMachineCrashed() throws Exception {
    List<Path> forced = new ArrayList<>();
    Disk watched =
        new Disk() {
          @Override
          public void force(Path file) throws IOException {
            forced.add(file);
            super.force(file);
          }
        };
    StoredPackage stored = fetch(TestPackage.named("a").file("share/a", "good"));
    Manifests manifests = new Manifests(StoreLayout.of(root), watched);
    manifests.publish(stored.manifest().withBoot("a boot"));
    assertThat(forced).isEmpty();
    manifests.publish(stored.manifest().withBoot(""));
    assertThat(forced).hasSize(1);
  }

  @Test
  void aPackageThatACrashOfTheMachineToreIsFetchedAgain() throws Exception {
    StoredPackage stored = fetch(TestPackage.named("a").file("share/a", "good"));
    Path content = usable(stored, "share/a");
    Files.write(content, new byte[4]);
    Files.setLastModifiedTime(content, FileTime.from(TestPackage.TIME));
    new Manifests(StoreLayout.of(root), Disk.real())
        .publish(stored.manifest().withBoot("an earlier boot"));

    PackageCache afterwards = new PackageCache(root, Disk.real(), network);
    StoredPackage again = afterwards.fetch(stored.record(), QUIET);
    assertThat(afterwards.usable(again, file(again, "share/a"), QUIET)).hasContent("good");
  }

  @Test
  void aPackageThatSurvivedACrashOfTheMachineIsNeverReadAgain() throws Exception {
    TestPackage made = TestPackage.named("a").file("share/a", "good");
    StoredPackage stored = fetch(made);
    withdraw(made);
    Manifests manifests = new Manifests(StoreLayout.of(root), Disk.real());
    manifests.publish(stored.manifest().withBoot("an earlier boot"));

    assertThat(cache.fetch(stored.record(), QUIET).files()).isEqualTo(stored.files());
    assertThat(manifests.read(stored.sha256OfArchive()).orElseThrow().boot()).isEmpty();
  }
}
