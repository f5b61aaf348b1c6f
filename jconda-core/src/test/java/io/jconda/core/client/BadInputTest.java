package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.jconda.ChannelException;
import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import io.jconda.IntegrityException;
import io.jconda.InvalidNameException;
import io.jconda.InvalidSpecException;
import io.jconda.OfflineException;
import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.PackageNotFoundException;
import io.jconda.StorageException;
import io.jconda.UnsatisfiableException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.NoarchType;
import io.jconda.spi.ClientOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Asks for what cannot be had: a clear exception of the family each time, and nothing half-made
 * left behind.
 */
class BadInputTest {
  @TempDir Path folder;
  private Path channel;
  private CondaClient client;

  @BeforeEach
  void makeChannel() {
    channel = folder.resolve("channel");
    PackageBuilder.of("numpy", "2.0")
        .noarch(NoarchType.GENERIC)
        .file("lib/numpy.txt", "numbers\n".repeat(5000))
        .build(channel);
    PackageBuilder.of("needs-cuda", "1.0")
        .noarch(NoarchType.GENERIC)
        .depends("__cuda >=99")
        .file("lib/cuda.txt", "none")
        .build(channel);
    ChannelIndexer.index(channel);
    client = CondaClient.builder().root(folder.resolve("root")).build();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    assertNothingHalfMade();
  }

  private EnvironmentRequest request() {
    return client.env("demo").channel(channel.toString());
  }

  /** No environment, no folder beside its place, and no unfinished file in the store. */
  private void assertNothingHalfMade() throws IOException {
    Path root = folder.resolve("root");
    Path envs = root.resolve("envs");
    if (Files.exists(envs)) {
      assertThat(envs).isEmptyDirectory();
    }
    Path unfinished = root.resolve("store/v1/tmp");
    if (Files.exists(unfinished)) {
      try (Stream<Path> tree = Files.walk(unfinished)) {
        assertThat(tree.filter(Files::isRegularFile)).isEmpty();
      }
    }
  }

  @Test
  void aSpecThatDoesNotParseShowsThePosition() {
    InvalidSpecException e =
        catchThrowableOfType(InvalidSpecException.class, () -> request().install("numpy>="));

    assertThat(e.position()).isEqualTo(7);
    assertThat(e).hasMessageContaining("numpy>=").hasMessageContaining("^");
    assertThat(e.remedy()).isNotBlank();
  }

  @Test
  void anUnknownPackageComesWithNearNames() {
    PackageNotFoundException e =
        catchThrowableOfType(PackageNotFoundException.class, () -> request().install("nunpy"));

    assertThat(e.nearNames()).contains("numpy");
    assertThat(e).hasMessageContaining("nunpy").hasMessageContaining("numpy");
  }

  @Test
  void aVersionThatNobodyHasIsNamed() {
    assertThatThrownBy(() -> request().install("numpy>=3"))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("numpy")
        .hasMessageContaining("3");
  }

  @Test
  void aMachineThatLacksSomethingIsToldWhat() {
    UnsatisfiableException e =
        catchThrowableOfType(UnsatisfiableException.class, () -> request().install("needs-cuda"));

    assertThat(e).hasMessageContaining("needs-cuda").hasMessageContaining("__cuda");
    assertThat(e.conflict().specs()).containsExactly("needs-cuda");
  }

  @Test
  void aChannelThatNobodyServesIsNamed() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String url = "http://localhost:" + port + "/channel";

    assertThatThrownBy(() -> client.env("demo").channel(url).install("numpy"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(url);
  }

  @Test
  void aFolderThatIsNoChannelIsNamed() {
    Path empty = folder.resolve("empty");

    assertThatThrownBy(() -> client.env("demo").channel(empty.toString()).install("numpy"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("empty");
  }

  @Test
  void aWrongHashNamesBothHashes() throws IOException {
    WireMockServer server = ChannelWorld.serve(channel);
    try {
      byte[] other = Files.readAllBytes(archive("numpy"));
      other[other.length / 2] ^= 1;
      server.stubFor(
          get(urlMatching(".*/numpy-.*")).atPriority(1).willReturn(aResponse().withBody(other)));

      assertThatThrownBy(
              () -> client.env("demo").channel(ChannelWorld.url(server)).install("numpy"))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("numpy-2.0");
    } finally {
      server.stop();
    }
  }

  @Test
  void aTruncatedArchiveIsRefused() throws IOException {
    WireMockServer server = ChannelWorld.serve(channel);
    try {
      byte[] whole = Files.readAllBytes(archive("numpy"));
      byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
      server.stubFor(
          get(urlMatching(".*/numpy-.*")).atPriority(1).willReturn(aResponse().withBody(half)));

      assertThatThrownBy(
              () -> client.env("demo").channel(ChannelWorld.url(server)).install("numpy"))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("numpy-2.0");
    } finally {
      server.stop();
    }
  }

  @Test
  void aConnectionThatBreaksEachTimeIsAFailureOfTheChannel() throws IOException {
    WireMockServer server = ChannelWorld.serve(channel);
    try {
      server.stubFor(
          get(urlMatching(".*/numpy-.*"))
              .atPriority(1)
              .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

      assertThatThrownBy(
              () -> client.env("demo").channel(ChannelWorld.url(server)).install("numpy"))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("numpy-2.0");
    } finally {
      server.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../escaped.txt", "/tmp/escaped.txt", "lib/../../escaped.txt"})
  void anArchiveWhoseEntriesLeaveTheirFolderIsRefused(String entry) throws Exception {
    publishHostile(tar -> file(tar, entry, "outside"));

    assertThatThrownBy(() -> request().install("hostile"))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("hostile-1.0");
    assertThat(folder.resolve("escaped.txt")).doesNotExist();
    assertThat(Path.of("/tmp/escaped.txt")).doesNotExist();
  }

  @Test
  void anArchiveThatWritesThroughItsOwnLinkIsRefused() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    publishHostile(
        tar -> {
          TarArchiveEntry link = new TarArchiveEntry("lib/door", TarConstants.LF_SYMLINK);
          link.setLinkName(outside.toString());
          tar.putArchiveEntry(link);
          tar.closeArchiveEntry();
          file(tar, "lib/door/escaped.txt", "outside");
        });

    assertThatThrownBy(() -> request().install("hostile"))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("hostile-1.0");
    assertThat(outside).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", "", "base", "two words", "a:b", "a#b", ".", ".."})
  void aNameThatIsNoNameIsRefused(String name) {
    assertThatThrownBy(() -> request(name))
        .isInstanceOf(InvalidNameException.class)
        .hasMessageContaining(name);
  }

  private EnvironmentRequest request(String name) {
    return client.env(name);
  }

  @Test
  void aFullDiskIsSaidToBeFullAtWhateverOperationItFillsUp() throws IOException {
    int operations = operations(FaultyDisk.counting(), "counted");
    assertThat(operations).isGreaterThan(10);
    for (int n = 1; n <= operations; n++) {
      FaultyDisk full = FaultyDisk.failingAt(n, FaultyDisk.Fault.FULL);
      Path root = folder.resolve("full-" + n);
      try (CondaClient small = client(root, full)) {
        Environment made = small.env("demo").channel(channel.toString()).install("numpy");
        // what may fail without harm did: the environment must be whole
        assertThat(made.prefix().resolve("lib/numpy.txt")).isRegularFile();
      } catch (StorageException e) {
        assertThat(e).hasMessageContaining("full");
        assertThat(root.resolve("envs/demo")).doesNotExist();
      }
      try (CondaClient again = client(root, Disk.real())) {
        Environment made = again.env("demo").channel(channel.toString()).ensure("numpy");
        assertThat(made.prefix().resolve("lib/numpy.txt")).isRegularFile();
      }
    }
  }

  private int operations(FaultyDisk counting, String name) {
    try (CondaClient counted = client(folder.resolve(name), counting)) {
      Environment made = counted.env("demo").channel(channel.toString()).install("numpy");
      assertThat(made.packages()).hasSize(1);
    }
    return counting.operations();
  }

  private static CondaClient client(Path root, Disk disk) {
    return new CoreClient(ClientOptions.DEFAULTS.toBuilder().root(root).build(), disk);
  }

  @Test
  void anOfflineClientSaysThatItIsOffline() {
    assertThatThrownBy(
            () -> client.env("demo").channel("conda-forge").offline(true).install("numpy"))
        .isInstanceOf(OfflineException.class)
        .hasMessageContaining("conda-forge");
  }

  @Test
  @Timeout(60)
  void aCancelledOperationIsUndone() throws Exception {
    WireMockServer server = ChannelWorld.serve(channel);
    try {
      server.stubFor(
          get(urlMatching(".*/numpy-.*"))
              .atPriority(1)
              .willReturn(
                  aResponse()
                      .withBody(Files.readAllBytes(archive("numpy")))
                      .withChunkedDribbleDelay(100, 60_000)));
      CountDownLatch begun = new CountDownLatch(1);
      Operation<Environment> operation =
          client
              .env("demo")
              .channel(ChannelWorld.url(server))
              .onProgress(
                  event -> {
                    if (event instanceof ProgressEvent.DownloadStarted) {
                      begun.countDown();
                    }
                  })
              .installAsync("numpy");
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

      assertThat(operation.cancel()).isTrue();

      assertThatThrownBy(operation::await).isInstanceOf(OperationCancelledException.class);
      assertThat(operation.isCancelled()).isTrue();
    } finally {
      server.stop();
    }
  }

  @Test
  @Timeout(60)
  void aTimeLimitEndsAnOperation() throws IOException {
    WireMockServer server = ChannelWorld.serve(channel);
    try {
      server.stubFor(
          get(urlMatching(".*/repodata.*"))
              .atPriority(1)
              .willReturn(aResponse().withFixedDelay(60_000)));

      assertThatThrownBy(
              () ->
                  client
                      .env("demo")
                      .channel(ChannelWorld.url(server))
                      .timeout(Duration.ofMillis(300))
                      .install("numpy"))
          .isInstanceOf(OperationCancelledException.class)
          .hasMessageContaining("time limit");
    } finally {
      server.stop();
    }
  }

  private Path archive(String name) throws IOException {
    try (Stream<Path> files = Files.list(channel.resolve("noarch"))) {
      return files
          .filter(p -> p.getFileName().toString().startsWith(name + "-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private interface Content {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  private static void file(TarArchiveOutputStream tar, String name, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  /**
   * Writes an archive that no builder of ours would write, with an index that knows its true hash.
   */
  private void publishHostile(Content content) throws Exception {
    Path archive = channel.resolve("noarch/hostile-1.0-0.tar.bz2");
    String index =
        "{\"name\":\"hostile\",\"version\":\"1.0\",\"build\":\"0\",\"build_number\":0,\"depends\":[],\"subdir\":\"noarch\"";
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new BZip2CompressorOutputStream(out))) {
      file(tar, "info/index.json", index + "}");
      content.write(tar);
    }
    byte[] bytes = Files.readAllBytes(archive);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    String record = index + ",\"sha256\":\"" + sha256 + "\",\"size\":" + bytes.length + "}";
    for (String stale : List.of("repodata.json.zst", "repodata.json")) {
      Files.deleteIfExists(channel.resolve("noarch").resolve(stale));
    }
    Files.writeString(
        channel.resolve("noarch/repodata.json"),
        "{\"packages\":{\"hostile-1.0-0.tar.bz2\":" + record + "},\"packages.conda\":{}}");
  }
}
