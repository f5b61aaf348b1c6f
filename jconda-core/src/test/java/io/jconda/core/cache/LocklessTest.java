package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.StorageException;
import io.jconda.cache.CleanOptions;
import io.jconda.core.host.ChildJvm;
import io.jconda.core.host.LocklessDisk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses a store on a file system that has no locks, as some network file systems have none. */
class LocklessTest {
  private static final OperationContext QUIET = OperationContext.silent();

  @TempDir Path root;
  @TempDir Path channel;

  /** Fetches a package as soon as its input ends: root, URL, SHA-256. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      PackageRecord record =
          PackageRecord.builder("a", "1.0", "0")
              .fileName("a-1.0-0.tar.bz2")
              .url(arguments[1])
              .sha256(arguments[2])
              .build();
      try (Network network = new Network(NetworkSettings.defaults())) {
        PackageCache cache = new PackageCache(Path.of(arguments[0]), new LocklessDisk(), network);
        System.out.println("ready");
        System.in.read();
        StoredPackage stored = cache.fetch(record, QUIET);
        for (StoredFile file : stored.files()) {
          cache.usable(stored, file, QUIET);
        }
        System.out.println(stored.files().size());
      }
    }
  }

  private TestPackage made() {
    TestPackage made = TestPackage.named("a");
    for (int i = 0; i < 200; i++) {
      made.file("share/" + i, "content " + i % 150);
    }
    return made;
  }

  @Test
  void threeJvmsThatDoNotSeeEachOtherStoreThePackageRightly() throws Exception {
    PackageRecord record = made().in(channel);
    List<ChildJvm> children = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      children.add(ChildJvm.start(Child.class, root, record.url(), record.sha256().orElseThrow()));
    }
    for (ChildJvm child : children) {
      assertThat(child.line()).isEqualTo("ready");
    }
    for (ChildJvm child : children) {
      child.endInput();
    }
    for (ChildJvm child : children) {
      assertThat(child.line()).isEqualTo("200");
      assertThat(child.exitCode()).isZero();
    }
    StoreCheck.assertSound(root);
    assertThat(StoreCheck.leftOvers(root)).isEmpty();
  }

  @Test
  void cleaningIsRefusedWhereNobodyKnowsWhoUsesTheStore() throws Exception {
    try (Network network = new Network(NetworkSettings.defaults())) {
      PackageCache cache = new PackageCache(root, new LocklessDisk(), network);
      PackageRecord record = made().in(channel);
      cache.fetch(record, QUIET);
      assertThatThrownBy(() -> cache.care().clean(CleanOptions.defaults(), Set.of(), QUIET))
          .isInstanceOf(StorageException.class)
          .hasMessageContainingAll(root.toString(), "no locks", "Delete the folder");
      assertThat(cache.has(record)).isTrue();
      assertThat(cache.care().verify(each -> true, QUIET).isSound()).isTrue();
    }
  }
}
