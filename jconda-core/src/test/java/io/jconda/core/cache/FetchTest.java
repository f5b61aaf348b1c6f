package io.jconda.core.cache;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.jconda.ChannelException;
import io.jconda.IntegrityException;
import io.jconda.OfflineException;
import io.jconda.OperationCancelledException;
import io.jconda.core.host.ChildJvm;
import io.jconda.core.host.Disk;
import io.jconda.core.host.LockingChild;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent.DownloadFinished;
import io.jconda.progress.ProgressEvent.DownloadProgressed;
import io.jconda.progress.ProgressEvent.DownloadStarted;
import io.jconda.progress.ProgressEvent.Warning;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FetchTest {
  private static final OperationContext QUIET = OperationContext.silent();

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path root;
  private final Network network = new Network(NetworkSettings.builder().retries(0).build());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final TestPackage made = TestPackage.named("a").file("share/a", "good");
  private PackageCache cache;
  private PackageRecord record;

  @BeforeEach
  void open() {
    cache = new PackageCache(root, Disk.real(), network);
    record = made.record(SERVER.url("/" + made.fileName()));
  }

  @AfterEach
  void close() throws IOException {
    threads.shutdownNow();
    network.close();
    assertThat(StoreCheck.leftOvers(root)).isEmpty();
    StoreCheck.assertSound(root);
  }

  private void serve(ResponseDefinitionBuilder response) {
    SERVER.stubFor(get(urlEqualTo("/" + made.fileName())).willReturn(response));
  }

  /** Serves something at first, and the archive from then on. */
  private void serveFirst(ResponseDefinitionBuilder response) {
    String path = "/" + made.fileName();
    SERVER.stubFor(
        get(urlEqualTo(path))
            .inScenario("first")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(response)
            .willSetStateTo("then"));
    SERVER.stubFor(
        get(urlEqualTo(path))
            .inScenario("first")
            .whenScenarioStateIs("then")
            .willReturn(ok().withBody(made.bytes())));
  }

  private void assertRequests(int count) {
    SERVER.verify(count, getRequestedFor(urlEqualTo("/" + made.fileName())));
  }

  private byte[] halfOfIt() {
    byte[] bytes = made.bytes();
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  @Test
  void aDownloadIsToldFromBeginningToEnd() {
    serve(ok().withBody(made.bytes()));
    RecordingListener listener = new RecordingListener();
    cache.fetch(record, listener.context());
    assertThat(listener.events().get(0))
        .isEqualTo(
            new DownloadStarted(
                listener.events().get(0).operation(), made.fileName(), made.bytes().length));
    assertThat(listener.events(DownloadFinished.class))
        .singleElement()
        .satisfies(event -> assertThat(event.bytes()).isEqualTo(made.bytes().length));
    cache.fetch(record, listener.context());
    assertThat(listener.events(DownloadStarted.class)).hasSize(1);
  }

  @Test
  void progressIsToldTenTimesASecondAtMost() {
    byte[] noise = new byte[300_000];
    new Random(1).nextBytes(noise);
    TestPackage large =
        TestPackage.named("large")
            .file("noise", java.util.Base64.getEncoder().encodeToString(noise));
    SERVER.stubFor(
        get(urlEqualTo("/large"))
            .willReturn(ok().withBody(large.bytes()).withChunkedDribbleDelay(30, 600)));
    RecordingListener listener = new RecordingListener();
    long begin = System.nanoTime();
    cache.fetch(large.record(SERVER.url("/large")), listener.context());
    long tenths = (System.nanoTime() - begin) / 100_000_000 + 1;
    List<DownloadProgressed> progress = listener.events(DownloadProgressed.class);
    assertThat(progress).isNotEmpty().hasSizeLessThanOrEqualTo((int) tenths);
    assertThat(progress).extracting(DownloadProgressed::bytes).isSorted();
  }

  @Test
  void twoWrongHashesAreAnErrorThatNamesBoth() {
    byte[] other = TestPackage.named("a").file("share/a", "evil").bytes();
    serve(ok().withBody(other));
    assertThatThrownBy(() -> cache.fetch(record, QUIET))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContainingAll(
            record.sha256().orElseThrow(),
            TestPackage.sha256(other),
            record.url(),
            made.fileName());
    assertRequests(2);
    assertThat(cache.has(record)).isFalse();
  }

  @Test
  void oneWrongHashIsForgiven() {
    serveFirst(ok().withBody(TestPackage.named("a").file("share/a", "evil").bytes()));
    assertThat(cache.fetch(record, QUIET).files()).hasSize(1);
    assertRequests(2);
  }

  @Test
  void bytesThatAreNoArchiveAreAWrongHash() {
    serve(ok().withBody("Welcome to our hotel's network"));
    assertThatThrownBy(() -> cache.fetch(record, QUIET))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(record.sha256().orElseThrow());
    assertRequests(2);
  }

  @Test
  void anArchiveCutCleanlyIsAWrongHash() {
    serveFirst(ok().withBody(halfOfIt()));
    assertThat(cache.fetch(record, QUIET).files()).hasSize(1);
    assertRequests(2);
  }

  @Test
  void aBrokenStreamIsTriedAgain() {
    serveFirst(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));
    assertThat(cache.fetch(record, QUIET).files()).hasSize(1);
    assertRequests(2);
  }

  @Test
  void aStreamThatBreaksAgainAndAgainIsAnError() {
    serve(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));
    assertThatThrownBy(() -> cache.fetch(record, QUIET))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(record.url());
    assertRequests(3);
  }

  @Test
  void anArchiveThatIsNotThereIsAnError() {
    serve(aResponse().withStatus(404));
    assertThatThrownBy(() -> cache.fetch(record, QUIET))
        .isInstanceOf(ChannelException.class)
        .hasMessageContainingAll(record.url(), "404");
    assertRequests(1);
  }

  @Test
  void aServerInTroubleIsAnError() {
    serve(aResponse().withStatus(503));
    assertThatThrownBy(() -> cache.fetch(record, QUIET)).isInstanceOf(ChannelException.class);
  }

  @Test
  void offlineOnlyWhatIsThereCanBeHad() {
    serve(ok().withBody(made.bytes()));
    Network none = new Network(NetworkSettings.builder().offline(true).build());
    PackageCache offline = new PackageCache(root, Disk.real(), none);
    assertThatThrownBy(() -> offline.fetch(record, QUIET)).isInstanceOf(OfflineException.class);
    cache.fetch(record, QUIET);
    assertThat(offline.fetch(record, QUIET).files()).hasSize(1);
    none.close();
  }

  @Test
  void eightThreadsMakeOneRequestAndAllHearOfIt() throws Exception {
    serve(ok().withBody(made.bytes()).withFixedDelay(200));
    CyclicBarrier together = new CyclicBarrier(8);
    List<RecordingListener> listeners = new ArrayList<>();
    List<Future<StoredPackage>> results = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      RecordingListener listener = new RecordingListener();
      listeners.add(listener);
      results.add(
          threads.submit(
              () -> {
                together.await();
                return cache.fetch(record, listener.context());
              }));
    }
    for (Future<StoredPackage> result : results) {
      assertThat(result.get().files()).hasSize(1);
    }
    assertRequests(1);
    assertThat(listeners)
        .allSatisfy(
            listener ->
                assertThat(listener.events(DownloadFinished.class).size())
                    .isEqualTo(listener.events(DownloadStarted.class).size())
                    .isLessThanOrEqualTo(1));
    assertThat(listeners.stream().filter(one -> !one.events().isEmpty()).count()).isGreaterThan(1);
  }

  @Test
  void twoCachesOfOneRootMakeOneRequest() throws Exception {
    serve(ok().withBody(made.bytes()).withFixedDelay(200));
    PackageCache other = new PackageCache(root, Disk.real(), network);
    Future<StoredPackage> first = threads.submit(() -> cache.fetch(record, QUIET));
    Future<StoredPackage> second = threads.submit(() -> other.fetch(record, QUIET));
    assertThat(first.get().files()).isEqualTo(second.get().files());
    assertRequests(1);
  }

  @Test
  void whoWaitsTakesOverFromALeaderThatIsCancelled() throws Exception {
    serve(ok().withBody(made.bytes()).withFixedDelay(500));
    CountDownLatch leading = new CountDownLatch(1);
    RecordingListener leader = new RecordingListener();
    Future<StoredPackage> cancelled =
        threads.submit(
            () -> {
              leading.countDown();
              return cache.fetch(record, leader.context());
            });
    leading.await();
    Future<StoredPackage> waiting = threads.submit(() -> cache.fetch(record, QUIET));
    leader.token().cancel("the test says so");
    assertThatThrownBy(cancelled::get).hasCauseInstanceOf(OperationCancelledException.class);
    assertThat(waiting.get().files()).hasSize(1);
  }

  @Test
  void whoWaitsAndIsCancelledStopsWaiting() throws Exception {
    serve(ok().withBody(made.bytes()).withFixedDelay(1000));
    Future<StoredPackage> leader = threads.submit(() -> cache.fetch(record, QUIET));
    RecordingListener listener = new RecordingListener();
    Future<StoredPackage> waiting = threads.submit(() -> cache.fetch(record, listener.context()));
    listener.token().cancel("the test says so");
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(OperationCancelledException.class);
    assertThat(leader.get().files()).hasSize(1);
  }

  @Test
  void fourJvmsMakeOneRequest() throws Exception {
    serve(ok().withBody(made.bytes()).withFixedDelay(300));
    List<ChildJvm> children = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      children.add(
          ChildJvm.start(
              FetchingChild.class,
              root,
              record.url(),
              record.sha256().orElseThrow(),
              Integer.MAX_VALUE));
    }
    for (ChildJvm child : children) {
      assertThat(child.line()).isEqualTo("1 files");
      assertThat(child.exitCode()).isZero();
    }
    assertRequests(1);
    assertThat(cache.has(record)).isTrue();
  }

  @Test
  void whoWaitsForAnotherProcessHearsWhichOneAndSinceWhen() throws Exception {
    serve(ok().withBody(made.bytes()));
    Path locks = StoreLayout.of(root).lock();
    String key = "package " + record.sha256().orElseThrow();
    CountDownLatch warned = new CountDownLatch(1);
    List<String> warnings = new CopyOnWriteArrayList<>();
    Events events =
        new Events(
            event -> {
              if (event instanceof Warning warning) {
                warnings.add(warning.message());
                warned.countDown();
              }
            });
    try (ChildJvm child = ChildJvm.start(LockingChild.class, locks, key, "EXCLUSIVE")) {
      assertThat(child.line()).isEqualTo("held");
      OperationContext context = new OperationContext(CancellationToken.create(), events);
      Future<StoredPackage> waiting = threads.submit(() -> cache.fetch(record, context));
      warned.await();
      assertRequests(0);
      child.finish();
      assertThat(waiting.get().files()).hasSize(1);
      assertThat(warnings)
          .singleElement()
          .satisfies(
              warning ->
                  assertThat(warning)
                      .contains("'" + made.fileName() + "'", "process " + child.pid())
                      .containsPattern("since \\d{4}-"));
    }
  }

  @Test
  void aCancelledDownloadLeavesNothing() {
    serve(ok().withBody(made.bytes()).withChunkedDribbleDelay(20, 4000));
    CancellationToken token = CancellationToken.create();
    Events events =
        new Events(
            event -> {
              if (event instanceof DownloadStarted) {
                token.cancel("the test says so");
              }
            });
    assertThatThrownBy(() -> cache.fetch(record, new OperationContext(token, events)))
        .isInstanceOf(OperationCancelledException.class);
    assertThat(cache.has(record)).isFalse();
  }
}
