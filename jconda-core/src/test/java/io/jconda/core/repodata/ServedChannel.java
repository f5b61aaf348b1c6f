package io.jconda.core.repodata;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Serves one channel, and loads it. */
@Timeout(60)
abstract class ServedChannel {
  static final String NATIVE = "/chan/linux-64/repodata.json";
  static final String NOARCH = "/chan/noarch/repodata.json";
  static final String PASSWORD = "s3cr3t-pass";
  static final String TOKEN = "tk-0123456789";

  /** Holds the server's answers back where a test wants it. */
  static final Gate GATE = new Gate();

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance()
          .options(wireMockConfig().dynamicPort().gzipDisabled(true).extensions(GATE))
          .build();

  @TempDir Path root;

  final Network network =
      new Network(
          NetworkSettings.builder()
              .retries(1)
              .backOff(Duration.ofMillis(1))
              .longestWait(Duration.ofMillis(5))
              .build());

  /**
   * Gives up soon what never comes; all else is asked through the other one, however busy it is.
   */
  private final Network hasty =
      new Network(
          NetworkSettings.builder()
              .retries(1)
              .backOff(Duration.ofMillis(1))
              .longestWait(Duration.ofMillis(5))
              .readTimeout(Duration.ofSeconds(2))
              .build());

  final SettableClock clock = new SettableClock();
  final List<ProgressEvent> events = new CopyOnWriteArrayList<>();
  Repodata repodata;

  @BeforeEach
  void makeRepodata() {
    repodata = repodata(Disk.real());
  }

  @AfterEach
  void close() {
    GATE.open();
    network.close();
    hasty.close();
  }

  Repodata repodata(Disk disk) {
    return new Repodata(network, Settings.builder().root(root).build(), disk, clock);
  }

  /** Returns a loader that waits two seconds for an answer. */
  Repodata hasty() {
    return new Repodata(hasty, Settings.builder().root(root).build(), Disk.real(), clock);
  }

  /** Tells whether a fault is that an answer does not come or does not end. */
  static boolean hangs(String fault) {
    return fault.equals("silent") || fault.equals("drip");
  }

  OperationContext context() {
    return new OperationContext(CancellationToken.create(), new Events(events::add));
  }

  static Channel channel() {
    return Channel.of(SERVER.baseUrl() + "/chan");
  }

  ChannelIndexes load() {
    return repodata.load(List.of(channel()), Platform.LINUX_64, context());
  }

  static String index(String... records) {
    return "{\"info\":{\"subdir\":\"x\"},\"packages\":{},\"packages.conda\":{"
        + String.join(",", records)
        + "},\"repodata_version\":1}";
  }

  static String record(String name, String version) {
    return "\"%s-%s-0.conda\":{\"name\":\"%s\",\"version\":\"%s\",\"build\":\"0\",\"depends\":[]}"
        .formatted(name, version, name, version);
  }

  static void serve(String path, String index) {
    SERVER.stubFor(get(path).willReturn(ok(index)));
  }

  static void serveBoth() {
    serve(NATIVE, index(record("alpha", "1.0")));
    serve(NOARCH, index(record("beta", "2.0")));
  }

  static int requests(String path) {
    return SERVER.findAll(getRequestedFor(urlEqualTo(path))).size();
  }

  List<String> warnings() {
    return events.stream()
        .filter(ProgressEvent.Warning.class::isInstance)
        .map(event -> ((ProgressEvent.Warning) event).message())
        .toList();
  }

  List<Path> cached(String ending) throws IOException {
    Path folder = root.resolve("index/v1");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  /** Waits for what only a server's log or a list of threads tells. */
  static void waitUntil(BooleanSupplier condition) {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - limit > 0) {
        throw new AssertionError("It did not happen within 20 seconds.");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
