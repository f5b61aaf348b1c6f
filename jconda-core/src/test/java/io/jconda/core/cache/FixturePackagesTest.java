package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.core.Fixtures;
import io.jconda.core.cache.StoredFile.Kind;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixturePackagesTest {
  @TempDir Path root;
  private final Network network = new Network(NetworkSettings.defaults());
  private PackageCache cache;

  @BeforeEach
  void open() {
    cache = new PackageCache(root, Disk.real(), network);
  }

  @AfterEach
  void close() {
    network.close();
  }

  private static List<Path> packages() throws Exception {
    try (Stream<Path> files = Files.list(Fixtures.of("packages"))) {
      return files.sorted().toList();
    }
  }

  private static PackageRecord record(Path archive) throws Exception {
    return PackageRecord.builder("any", "1", "0")
        .fileName(archive.getFileName().toString())
        .url(archive.toUri().toString())
        .sha256(Hashes.sha256(archive))
        .size(Files.size(archive))
        .build();
  }

  private StoredPackage fetch(String fileName) throws Exception {
    return cache.fetch(
        record(Fixtures.of("packages").resolve(fileName)), OperationContext.silent());
  }

  @Test
  void storesEveryPackageAndFindsEveryFileAgain() throws Exception {
    for (Path archive : packages()) {
      PackageRecord record = record(archive);
      assertThat(cache.has(record)).isFalse();
      StoredPackage stored = cache.fetch(record, OperationContext.silent());

      assertThat(cache.has(record)).isTrue();
      assertThat(stored.sha256OfArchive()).isEqualTo(record.sha256().orElseThrow());
      JsonNode index = new ObjectMapper().readTree(stored.indexJson());
      assertThat(record.fileName()).startsWith(index.get("name").asText() + "-");
      for (StoredFile file : stored.files()) {
        if (file.kind() == Kind.FILE) {
          Path content = cache.usable(stored, file, OperationContext.silent());
          assertThat(Hashes.sha256(content)).isEqualTo(file.sha256().orElseThrow());
          assertThat(Files.isExecutable(content)).isEqualTo(file.executable());
        }
      }
      StoredPackage again = cache.fetch(record, OperationContext.silent());
      assertThat(again.files()).isEqualTo(stored.files());
    }
    try (Stream<Path> left = Files.list(root.resolve("store/v1/tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void knowsSymbolicLinks() throws Exception {
    assertThat(fetch("clobber-with-symlink-a-0.1.0-h4616a5c_0.conda").files())
        .anySatisfy(
            file -> {
              assertThat(file.kind()).isEqualTo(Kind.SYMLINK);
              assertThat(file.target()).isPresent();
            });
  }

  @Test
  void knowsNoarchPython() throws Exception {
    assertThat(fetch("clobber-pynoarch-1-0.1.0-pyh4616a5c_0.tar.bz2").noarch())
        .contains(NoarchType.PYTHON);
  }

  @Test
  void aPackageOfNothingButInfoHasNoPaths() throws Exception {
    assertThat(fetch("info-only-1.0.0-0.conda").files()).isEmpty();
  }
}
