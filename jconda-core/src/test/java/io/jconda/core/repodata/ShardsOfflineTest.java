package io.jconda.core.repodata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaClient;
import io.jconda.EnvironmentRequest;
import io.jconda.OfflineException;
import io.jconda.Plan;
import io.jconda.core.util.Hashes;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plans through the client, with a server and without one. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class ShardsOfflineTest {
  @TempDir Path folder;

  private final List<ProgressEvent> events = Collections.synchronizedList(new ArrayList<>());
  private FileServer server;
  private CondaClient client;

  @BeforeEach
  void serve() throws IOException {
    Map<String, Object> hashes = new LinkedHashMap<>();
    Path subdir = folder.resolve("channel/linux-64");
    Files.createDirectories(subdir.resolve("shards"));
    shard(Shards.record("alpha", "1.0", "beta"), subdir, hashes);
    shard(Shards.record("beta", "1.0"), subdir, hashes);
    shard(Shards.record("gamma", "1.0"), subdir, hashes);
    table(subdir, hashes);
    table(folder.resolve("channel/noarch"), Map.of());
    server = new FileServer(folder.resolve("channel"));
    client = client(server.url());
  }

  private CondaClient client(String channel) {
    return CondaClient.builder()
        .root(folder.resolve("root"))
        .channels(channel)
        .onProgress(events::add)
        .build();
  }

  private static void shard(Map<String, Object> record, Path subdir, Map<String, Object> hashes)
      throws IOException {
    byte[] shard = ServedShards.compressed(Shards.shard(record));
    String hash = Hashes.sha256(shard);
    hashes.put(String.valueOf(record.get("name")), HexFormat.of().parseHex(hash));
    Files.write(subdir.resolve("shards").resolve(hash + ".msgpack.zst"), shard);
  }

  private static void table(Path subdir, Map<String, Object> hashes) throws IOException {
    Files.createDirectories(subdir);
    Files.write(
        subdir.resolve("repodata_shards.msgpack.zst"),
        ServedShards.compressed(Shards.table("shards", hashes)));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private EnvironmentRequest request() {
    return client.env("demo").platform(Platform.LINUX_64);
  }

  private static List<String> names(Plan plan) {
    return plan.solution().stream().map(record -> record.name()).sorted().toList();
  }

  @Test
  void aPlanFetchesTheShardsOfWhatItReaches() {
    assertThat(names(request().plan("alpha"))).containsExactly("alpha", "beta");

    // two indexes, two shards
    assertThat(server.requests()).isEqualTo(4);
  }

  @Test
  void aSecondPlanAsksForNothingAndAForcedOneForTheIndexesOnly() {
    assertThat(names(request().plan("alpha"))).hasSize(2);
    int before = server.requests();

    assertThat(names(request().plan("alpha"))).hasSize(2);
    assertThat(server.requests()).isEqualTo(before);

    assertThat(names(request().refreshIndexes(true).plan("alpha"))).hasSize(2);
    assertThat(server.requests()).isEqualTo(before + 2);
  }

  @Test
  void whatWasPlannedOnceIsPlannedOfflineWithoutAServer() {
    Plan online = request().plan("alpha");
    int requests = server.requests();
    server.close();

    Plan offline = request().offline(true).plan("alpha");

    assertThat(offline.solution()).isEqualTo(online.solution());
    assertThat(server.requests()).isEqualTo(requests);
    assertThat(request().offline(true).refreshIndexes(true).plan("alpha").solution())
        .isEqualTo(online.solution());
  }

  @Test
  void whatIsNotInTheCacheIsNamedWhereThereIsNoSolutionWithoutIt() {
    assertThat(names(request().plan("alpha"))).hasSize(2);
    server.close();

    assertThatThrownBy(() -> request().offline(true).plan("alpha", "gamma"))
        .isInstanceOf(OfflineException.class)
        .hasMessageContaining("gamma");

    assertThat(events)
        .filteredOn(ProgressEvent.Warning.class::isInstance)
        .singleElement()
        .asString()
        .contains("gamma", "offline");
  }

  @Test
  void offlineOpensNoConnection() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    ServerSocket counting = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread accepting = new Thread(() -> count(counting, connections));
    accepting.start();
    try {
      String url = "http://127.0.0.1:" + counting.getLocalPort() + "/channel";
      try (CondaClient other = client(url)) {
        EnvironmentRequest request = other.env("demo").platform(Platform.LINUX_64).offline(true);
        assertThatThrownBy(() -> request.plan("alpha"))
            .isInstanceOf(OfflineException.class)
            .hasMessageContaining(Channel.of(url).name());
      }
    } finally {
      counting.close();
      accepting.join();
    }
    assertThat(connections).hasValue(0);
  }

  /** Counts connections until the socket is closed. */
  private static void count(ServerSocket socket, AtomicInteger connections) {
    try {
      while (!socket.isClosed()) {
        socket.accept().close();
        connections.incrementAndGet();
      }
    } catch (IOException e) {
      assertThat(socket.isClosed()).isTrue();
    }
  }
}
