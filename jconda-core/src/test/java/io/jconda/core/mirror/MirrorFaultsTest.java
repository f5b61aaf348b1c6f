package io.jconda.core.mirror;

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

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.jconda.ChannelException;
import io.jconda.IntegrityException;
import io.jconda.OperationCancelledException;
import io.jconda.StorageException;
import io.jconda.build.MirrorReport;
import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.host.FaultyDisk.Fault;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Copies from servers and to disks that fail. */
@Timeout(120)
class MirrorFaultsTest {
  private static final String ARCHIVE = "/ch/noarch/app-2.0-0.conda";

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path folder;
  private final Network network = new Network(NetworkSettings.builder().retries(0).build());
  private SourceChannel source;
  private Path mirror;
  private String url;
  private byte[] archive;

  @BeforeEach
  void open() throws IOException {
    source = SourceChannel.usual(folder.resolve("source"));
    mirror = folder.resolve("mirror");
    url = source.serve(SERVER);
    archive = Files.readAllBytes(source.folder.resolve("noarch/app-2.0-0.conda"));
  }

  @AfterEach
  void close() throws IOException {
    network.close();
    SourceChannel.assertValid(mirror);
  }

  private List<PackageRecord> records(String... fileNames) throws IOException {
    return MirrorChild.records(source.folder, url, List.of("noarch", "linux-64")).stream()
        .filter(record -> fileNames.length == 0 || List.of(fileNames).contains(record.fileName()))
        .toList();
  }

  private Mirror.Wish wish(String... fileNames) throws IOException {
    return new Mirror.Wish(List.of(Platform.LINUX_64), records(fileNames), false, Map::of);
  }

  private MirrorReport copy(String... fileNames) throws IOException {
    return new Mirror(mirror, Disk.real(), network)
        .copy(wish(fileNames), OperationContext.silent());
  }

  private Path part() {
    return mirror.resolve(".jconda-mirror/part/noarch-app-2.0-0.conda");
  }

  private void serveFirst(ResponseDefinitionBuilder first, ResponseDefinitionBuilder then) {
    SERVER.stubFor(
        get(urlEqualTo(ARCHIVE))
            .atPriority(1)
            .inScenario("s")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(first)
            .willSetStateTo("then"));
    SERVER.stubFor(
        get(urlEqualTo(ARCHIVE))
            .atPriority(1)
            .inScenario("s")
            .whenScenarioStateIs("then")
            .willReturn(then));
  }

  private ResponseDefinitionBuilder broken(int length) {
    return ok().withBody(Arrays.copyOf(archive, length))
        .withHeader("Content-Length", String.valueOf(archive.length));
  }

  private ResponseDefinitionBuilder rest(int from) {
    return aResponse()
        .withStatus(206)
        .withBody(Arrays.copyOfRange(archive, from, archive.length))
        .withHeader(
            "Content-Range", "bytes %d-%d/%d".formatted(from, archive.length - 1, archive.length));
  }

  private static void assertRequests(int count) {
    SERVER.verify(count, getRequestedFor(urlEqualTo(ARCHIVE)));
  }

  @Test
  void aDownloadThatBreaksOffGoesOnWhereItDid() throws IOException {
    serveFirst(broken(10_000), rest(10_000));

    MirrorReport report = copy("app-2.0-0.conda");

    assertThat(report.bytesFetched()).isEqualTo(archive.length);
    SERVER.verify(
        1, getRequestedFor(urlEqualTo(ARCHIVE)).withHeader("Range", equalTo("bytes=10000-")));
    assertThat(mirror.resolve("noarch/app-2.0-0.conda")).hasBinaryContent(archive);
    assertThat(part()).doesNotExist();
  }

  @Test
  void aPartOfAnEarlierRunIsGoneOnWith() throws IOException {
    Files.createDirectories(part().getParent());
    Files.write(part(), Arrays.copyOf(archive, 20_000));
    SERVER.stubFor(
        get(urlEqualTo(ARCHIVE))
            .atPriority(1)
            .withHeader("Range", equalTo("bytes=20000-"))
            .willReturn(rest(20_000)));

    assertThat(copy("app-2.0-0.conda").bytesFetched()).isEqualTo(archive.length - 20_000);
    assertRequests(1);
    assertThat(mirror.resolve("noarch/app-2.0-0.conda")).hasBinaryContent(archive);
  }

  @Test
  void aPartThatIsWholeIsOnlyChecked() throws IOException {
    Files.createDirectories(part().getParent());
    Files.write(part(), archive);

    assertThat(copy("app-2.0-0.conda").bytesFetched()).isZero();
    assertRequests(0);
    assertThat(mirror.resolve("noarch/app-2.0-0.conda")).hasBinaryContent(archive);
  }

  @Test
  void aPartOfSomethingElseIsDroppedAndAllIsFetched() throws IOException {
    Files.createDirectories(part().getParent());
    Files.write(part(), new byte[20_000]);
    SERVER.stubFor(
        get(urlEqualTo(ARCHIVE))
            .atPriority(1)
            .withHeader("Range", equalTo("bytes=20000-"))
            .willReturn(rest(20_000)));

    assertThat(copy("app-2.0-0.conda").fetched()).isEqualTo(1);
    assertRequests(2);
    SERVER.verify(1, getRequestedFor(urlEqualTo(ARCHIVE)).withHeader("Range", absent()));
    assertThat(mirror.resolve("noarch/app-2.0-0.conda")).hasBinaryContent(archive);
  }

  @Test
  void aServerWithoutRangesSendsAllOfIt() throws IOException {
    serveFirst(broken(10_000), ok().withBody(archive));

    assertThat(copy("app-2.0-0.conda").bytesFetched()).isEqualTo(10_000 + archive.length);
    assertThat(mirror.resolve("noarch/app-2.0-0.conda")).hasBinaryContent(archive);
  }

  @Test
  void aRangeThatTheServerRefusesBeginsAnew() throws IOException {
    Files.createDirectories(part().getParent());
    Files.write(part(), new byte[500]);
    serveFirst(aResponse().withStatus(416), ok().withBody(archive));

    assertThat(copy("app-2.0-0.conda").fetched()).isEqualTo(1);
    assertThat(mirror.resolve("noarch/app-2.0-0.conda")).hasBinaryContent(archive);
  }

  @Test
  void wrongBytesOnceAreFetchedAgain() throws IOException {
    serveFirst(ok().withBody(new byte[archive.length]), ok().withBody(archive));

    assertThat(copy("app-2.0-0.conda").fetched()).isEqualTo(1);
    assertThat(mirror.resolve("noarch/app-2.0-0.conda")).hasBinaryContent(archive);
  }

  @Test
  void wrongBytesTwiceAreRefusedAndNoIndexIsWritten() throws IOException {
    SERVER.stubFor(
        get(urlEqualTo(ARCHIVE)).atPriority(1).willReturn(ok().withBody(new byte[archive.length])));

    assertThatThrownBy(this::copy)
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(url + "/noarch/app-2.0-0.conda");
    assertRequests(2);
    assertThat(SourceChannel.picture(mirror).keySet())
        .noneMatch(path -> path.contains("repodata"))
        .doesNotContain("noarch/app-2.0-0.conda");
    assertThat(part()).doesNotExist();
  }

  @Test
  void aBodyThatDoesNotEndIsCutAtItsSize() throws IOException {
    SERVER.stubFor(
        get(urlEqualTo(ARCHIVE))
            .atPriority(1)
            .willReturn(ok().withBody(new byte[archive.length + 5_000_000])));

    assertThatThrownBy(() -> copy("app-2.0-0.conda")).isInstanceOf(IntegrityException.class);
    assertThat(part()).doesNotExist();
  }

  @Test
  void anArchiveThatIsNotThereIsNamedAndWhatCameIsKeptForTheNextTime() throws IOException {
    SERVER.stubFor(get(urlEqualTo(ARCHIVE)).atPriority(1).willReturn(aResponse().withStatus(404)));

    assertThatThrownBy(this::copy)
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("app-2.0-0.conda")
        .hasMessageContaining("404");
    assertThat(mirror.resolve("noarch/repodata.json")).doesNotExist();

    SERVER.stubFor(get(urlEqualTo(ARCHIVE)).atPriority(1).willReturn(ok().withBody(archive)));
    assertThat(copy().plan().records()).hasSize(6);
    assertThat(SourceChannel.archives(mirror)).hasSize(6);
  }

  @Test
  void aServerThatAlwaysBreaksOffIsGivenUp() throws IOException {
    SERVER.stubFor(get(urlEqualTo(ARCHIVE)).atPriority(1).willReturn(broken(100)));

    assertThatThrownBy(() -> copy("app-2.0-0.conda"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("broke off");
    assertRequests(3);
  }

  @Test
  void aRecordWithMd5AloneIsCheckedByThat() throws IOException {
    PackageRecord known = records("app-2.0-0.conda").get(0);
    PackageRecord.Builder md5 =
        PackageRecord.builder("app", "2.0", "0")
            .subdir("noarch")
            .channel(url)
            .url(known.url())
            .fileName(known.fileName());
    Mirror to = new Mirror(mirror, Disk.real(), network);
    List<Platform> platforms = List.of(Platform.LINUX_64);

    assertThatThrownBy(
            () ->
                to.copy(
                    new Mirror.Wish(
                        platforms, List.of(md5.md5("0".repeat(32)).build()), false, Map::of),
                    OperationContext.silent()))
        .isInstanceOf(IntegrityException.class);
    assertThat(
            to.copy(
                    new Mirror.Wish(
                        platforms,
                        List.of(md5.md5(known.md5().orElseThrow()).build()),
                        false,
                        Map::of),
                    OperationContext.silent())
                .fetched())
        .isEqualTo(1);
    // the index says no more than what was known
    assertThat(mirror.resolve("noarch/repodata.json")).content().contains("md5");
  }

  @Test
  void aFullDiskAtAnyOperationLeavesAValidChannelAndTheNextRunEndsIt() throws IOException {
    FaultyDisk counting = FaultyDisk.counting();
    new Mirror(folder.resolve("model"), counting, network).copy(wish(), OperationContext.silent());
    SortedMap<String, String> whole = SourceChannel.picture(folder.resolve("model"));
    for (int operation = 1; operation <= counting.operations(); operation += 5) {
      for (Fault fault : List.of(Fault.FULL, Fault.DENIED)) {
        mirror = folder.resolve("mirror-" + operation + fault);
        FaultyDisk faulty = FaultyDisk.failingAt(operation, fault);
        Mirror failing = new Mirror(mirror, faulty, network);
        Mirror.Wish wish = wish();
        try {
          // a full disk does not keep the last moves and deletions from working
          failing.copy(wish, OperationContext.silent());
          assertThat(SourceChannel.picture(mirror)).isEqualTo(whole);
        } catch (StorageException e) {
          assertThat(e.remedy()).isNotBlank();
        }
        SourceChannel.assertValid(mirror);

        assertThat(copy().plan().records()).hasSize(6);
        assertThat(SourceChannel.picture(mirror)).isEqualTo(whole);
      }
    }
  }

  @Test
  void aCancelledCopyStopsAndWritesNoIndex() throws Exception {
    SERVER.stubFor(
        get(urlEqualTo(ARCHIVE))
            .atPriority(1)
            .willReturn(ok().withBody(archive).withChunkedDribbleDelay(100, 600_000)));
    CancellationToken token = CancellationToken.create();
    Events events =
        new Events(
            event -> {
              if (event instanceof ProgressEvent.DownloadStarted start
                  && start.fileName().equals("app-2.0-0.conda")) {
                token.cancel("the test wants it");
              }
            });

    assertThatThrownBy(
            () ->
                new Mirror(mirror, Disk.real(), network)
                    .copy(wish(), new OperationContext(token, events)))
        .isInstanceOf(OperationCancelledException.class);
    assertThat(mirror.resolve("noarch/repodata.json")).doesNotExist();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("jconda-mirror")) {
        // its pool has ended, and it is on its way out
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }
}
