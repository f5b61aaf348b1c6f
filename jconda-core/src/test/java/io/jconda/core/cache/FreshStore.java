package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Opens a cache on a root where nothing is yet, and a folder that is its channel. */
abstract class FreshStore {
  static final OperationContext QUIET = OperationContext.silent();

  @TempDir Path root;
  @TempDir Path channel;
  final Network network = new Network(NetworkSettings.defaults());
  PackageCache cache;

  @BeforeEach
  void open() {
    cache = new PackageCache(root, Disk.real(), network);
  }

  @AfterEach
  void close() throws IOException {
    network.close();
    assertThat(StoreCheck.leftOvers(root)).isEmpty();
  }

  StoredPackage fetch(TestPackage made) throws IOException {
    return cache.fetch(made.in(channel), QUIET);
  }

  static StoredFile file(StoredPackage stored, String path) {
    return stored.files().stream()
        .filter(file -> file.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  Path usable(StoredPackage stored, String path) {
    return cache.usable(stored, file(stored, path), QUIET);
  }

  void withdraw(TestPackage made) throws IOException {
    Files.delete(channel.resolve(made.fileName()));
  }
}
