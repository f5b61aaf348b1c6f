package io.jconda.core.mirror;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Ends real JVMs in the middle of a copy, and copies again. */
@Timeout(240)
class MirrorKillTest {
  private static final int HALTED = 137;
  private static final int TRIES = 6;
  private static final String BIG = "noarch/app-2.0-0.conda";

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path folder;
  private SourceChannel source;
  private String url;
  private SortedMap<String, String> whole;
  private int operations;

  @BeforeEach
  void copyOnce() throws IOException {
    source = SourceChannel.usual(folder.resolve("source"));
    url = source.serve(SERVER);
    Path model = folder.resolve("model");
    FaultyDisk counting = FaultyDisk.counting();
    MirrorChild.copy(source.folder, url, model, counting);
    operations = counting.operations();
    whole = SourceChannel.picture(model);
  }

  private Process child(Path mirror, int operation) throws IOException {
    Path output = folder.resolve(mirror.getFileName() + ".out");
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            MirrorChild.class.getName(),
            source.folder.toString(),
            url,
            mirror.toString(),
            String.valueOf(operation))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  @Test
  void whateverHaltsACopyTheFolderIsAValidChannelAndTheNextCopyEndsIt() throws Exception {
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      Path mirror = folder.resolve("mirror-" + attempt);
      int operation = Math.max(1, operations * attempt / TRIES - 1);
      Process child = child(mirror, operation);
      assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(child.exitValue())
          .as(Files.readString(folder.resolve(mirror.getFileName() + ".out")))
          .isEqualTo(HALTED);

      SourceChannel.assertValid(mirror);
      MirrorChild.copy(source.folder, url, mirror, Disk.real());

      assertThat(SourceChannel.picture(mirror)).as("halted at %d", operation).isEqualTo(whole);
    }
  }

  @Test
  void aKilledCopyGoesOnWithTheArchiveThatWasComing() throws Exception {
    byte[] archive = Files.readAllBytes(source.folder.resolve(BIG));
    SERVER.stubFor(
        get(urlEqualTo("/ch/" + BIG))
            .atPriority(1)
            .willReturn(ok().withBody(archive).withChunkedDribbleDelay(50, 120_000)));
    Path mirror = folder.resolve("mirror");
    Path part = mirror.resolve(".jconda-mirror/part/noarch-app-2.0-0.conda");
    Process child = child(mirror, 0);
    try {
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (!Files.exists(part) || Files.size(part) < 1000) {
        assertThat(child.isAlive())
            .as(Files.readString(folder.resolve("mirror.out"), StandardCharsets.UTF_8))
            .isTrue();
        assertThat(System.nanoTime()).isLessThan(deadline);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(mirror.resolve("noarch/repodata.json")).doesNotExist();
    long had = Files.size(part);

    SERVER.resetRequests();
    source.serve(SERVER);
    SERVER.stubFor(get(urlEqualTo("/ch/" + BIG)).atPriority(1).willReturn(ok().withBody(archive)));
    MirrorChild.copy(source.folder, url, mirror, Disk.real());

    assertThat(SourceChannel.picture(mirror)).isEqualTo(whole);
    assertThat(SERVER.findAll(getRequestedFor(urlEqualTo("/ch/" + BIG))))
        .singleElement()
        .satisfies(
            request -> assertThat(request.getHeader("Range")).isEqualTo("bytes=" + had + "-"));
  }
}
