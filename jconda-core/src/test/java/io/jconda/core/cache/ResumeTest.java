package io.jconda.core.cache;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.jconda.ChannelException;
import io.jconda.IntegrityException;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.progress.ProgressEvent.DownloadFinished;
import io.jconda.progress.ProgressEvent.DownloadStarted;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ResumeTest {
  private static final String TAG = "\"one\"";
  private static final String PATH = "/a-1.0-0.tar.bz2";

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path root;
  private final Network network = new Network(NetworkSettings.builder().retries(0).build());
  private final RecordingListener listener = new RecordingListener();
  private final byte[] archive = noise(1, 90_000).bytes();
  private final int half = archive.length / 2;
  private PackageCache cache;
  private PackageRecord hashed;

  private static TestPackage noise(long seed, int length) {
    byte[] noise = new byte[length];
    new Random(seed).nextBytes(noise);
    return TestPackage.named("a").file("share/a", Base64.getEncoder().encodeToString(noise));
  }

  @BeforeEach
  void open() {
    cache = new PackageCache(root, Disk.real(), network);
    hashed = noise(1, 90_000).record(SERVER.url(PATH));
  }

  @AfterEach
  void close() throws IOException {
    network.close();
    assertThat(StoreCheck.leftOvers(root)).isEmpty();
    StoreCheck.assertSound(root);
  }

  /** Returns an answer that breaks off in the middle of the archive. */
  private ResponseDefinitionBuilder broken() {
    return ok().withBody(Arrays.copyOf(archive, half))
        .withHeader("Content-Length", String.valueOf(archive.length));
  }

  private ResponseDefinitionBuilder rest() {
    return aResponse()
        .withStatus(206)
        .withBody(Arrays.copyOfRange(archive, half, archive.length))
        .withHeader(
            "Content-Range", "bytes %d-%d/%d".formatted(half, archive.length - 1, archive.length));
  }

  private static MappingBuilder whole() {
    return get(urlEqualTo(PATH)).withHeader("Range", absent());
  }

  private MappingBuilder range() {
    return get(urlEqualTo(PATH)).withHeader("Range", equalTo("bytes=" + half + "-"));
  }

  private void serveFirst(ResponseDefinitionBuilder first, ResponseDefinitionBuilder then) {
    SERVER.stubFor(
        whole()
            .inScenario("s")
            .willReturn(first)
            .willSetStateTo("then")
            .whenScenarioStateIs(Scenario.STARTED));
    SERVER.stubFor(
        get(urlEqualTo(PATH)).inScenario("s").whenScenarioStateIs("then").willReturn(then));
  }

  private StoredPackage fetch(PackageRecord record) {
    return cache.fetch(record, listener.context());
  }

  private void assertRequests(int count) {
    SERVER.verify(count, getRequestedFor(urlEqualTo(PATH)));
  }

  @Test
  void theRestOfABrokenDownloadIsAskedForOnTheConditionThatNothingChanged() {
    SERVER.stubFor(whole().willReturn(broken().withHeader("ETag", TAG)));
    SERVER.stubFor(range().withHeader("If-Range", equalTo(TAG)).willReturn(rest()));
    assertThat(fetch(hashed).files()).hasSize(1);
    assertRequests(2);
    assertThat(listener.events(DownloadStarted.class)).hasSize(1);
    assertThat(listener.events(DownloadFinished.class)).hasSize(1);
  }

  @Test
  void aDateServesWhereTheTagIsWeak() {
    String date = "Tue, 24 Nov 2026 10:00:00 GMT";
    SERVER.stubFor(
        whole()
            .willReturn(broken().withHeader("ETag", "W/" + TAG).withHeader("Last-Modified", date)));
    SERVER.stubFor(range().withHeader("If-Range", equalTo(date)).willReturn(rest()));
    assertThat(fetch(hashed).files()).hasSize(1);
    assertRequests(2);
  }

  @Test
  void withoutAValidatorTheHashDecides() {
    SERVER.stubFor(whole().willReturn(broken()));
    SERVER.stubFor(range().withHeader("If-Range", absent()).willReturn(rest()));
    assertThat(fetch(hashed).files()).hasSize(1);
    assertRequests(2);
  }

  @Test
  void whereAServerKnowsNoRangesTheBeginningIsSkipped() {
    serveFirst(broken(), ok().withBody(archive));
    assertThat(fetch(hashed).files()).hasSize(1);
    assertRequests(2);
  }

  @Test
  void piecesOfTwoArchivesAreAWrongHashAndTheThirdRequestIsWhole() {
    byte[] other = noise(2, 90_000).bytes();
    SERVER.stubFor(
        whole()
            .inScenario("s")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(broken())
            .willSetStateTo("then"));
    SERVER.stubFor(
        range()
            .willReturn(
                rest()
                    .withBody(Arrays.copyOfRange(other, half, other.length))
                    .withHeader(
                        "Content-Range", "bytes %d-%d/*".formatted(half, other.length - 1))));
    SERVER.stubFor(
        whole().inScenario("s").whenScenarioStateIs("then").willReturn(ok().withBody(archive)));
    assertThat(fetch(hashed).files()).hasSize(1);
    assertRequests(3);
  }

  @Test
  void aRangeThatWasNotAskedForIsNotUsed() {
    serveFirst(
        broken(),
        rest()
            .withBody(archive)
            .withHeader("Content-Range", "bytes 0-%d/%<d".formatted(archive.length - 1)));
    assertThatThrownBy(() -> fetch(hashed)).isInstanceOf(ChannelException.class);
  }

  @Test
  void withoutHashAndValidatorADownloadBeginsAnew() {
    PackageRecord plain = noise(1, 90_000).recordAt(SERVER.url(PATH)).build();
    serveFirst(broken(), ok().withBody(archive));
    assertThat(fetch(plain).files()).hasSize(1);
    SERVER.verify(2, getRequestedFor(urlEqualTo(PATH)).withoutHeader("Range"));
  }

  @Test
  void withoutAHashAnArchiveThatChangedMeanwhileIsFetchedAnew() {
    PackageRecord plain = noise(1, 90_000).recordAt(SERVER.url(PATH)).build();
    serveFirst(
        broken().withHeader("ETag", TAG),
        ok().withBody(noise(2, 90_000).bytes()).withHeader("ETag", "\"two\""));
    assertThat(fetch(plain).sha256OfArchive())
        .isEqualTo(TestPackage.sha256(noise(2, 90_000).bytes()));
    assertRequests(3);
  }

  @Test
  void aDownloadThatGetsNoFurtherIsGivenUp() {
    SERVER.stubFor(get(urlEqualTo(PATH)).willReturn(broken()));
    assertThatThrownBy(() -> fetch(hashed))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(SERVER.url(PATH));
    assertRequests(3);
  }

  @Test
  void aPoorLineBringsALargeArchiveInTheEnd() {
    byte[] large = noise(3, 5_000_000).bytes();
    int piece = 1_100_000;
    for (int from = 0; from < large.length; from += piece) {
      int end = Math.min(large.length, from + piece);
      MappingBuilder request =
          from == 0
              ? whole()
              : get(urlEqualTo(PATH)).withHeader("Range", equalTo("bytes=" + from + "-"));
      SERVER.stubFor(
          request.willReturn(
              aResponse()
                  .withStatus(from == 0 ? 200 : 206)
                  .withBody(Arrays.copyOfRange(large, from, end))
                  .withHeader("Content-Length", String.valueOf(large.length - from))
                  .withHeader(
                      "Content-Range",
                      "bytes %d-%d/%d".formatted(from, large.length - 1, large.length))));
    }
    assertThat(fetch(noise(3, 5_000_000).record(SERVER.url(PATH))).files()).hasSize(1);
    assertRequests((large.length + piece - 1) / piece);
  }

  @Test
  void aSecondWrongHashNamesBothHashesAlsoAfterABreak() {
    byte[] other = noise(2, 90_000).bytes();
    serveFirst(broken(), ok().withBody(other));
    assertThatThrownBy(() -> fetch(hashed))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContainingAll(
            hashed.sha256().orElseThrow(), TestPackage.sha256(other), SERVER.url(PATH));
  }
}
