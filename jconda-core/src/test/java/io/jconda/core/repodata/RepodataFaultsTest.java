package io.jconda.core.repodata;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.jconda.ChannelException;
import io.jconda.CondaException;
import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepodataFaultsTest extends ServedChannel {
  @Test
  void aChannelThatIsNotThereIsAnError() {
    assertThatThrownBy(this::load)
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(channel().name())
        .hasMessageContaining(NOARCH)
        .hasMessageContaining("404");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 418, 500, 503})
  void anotherStatusIsAnErrorThatNamesChannelAndUrl(int status) {
    serve(NOARCH, index());
    SERVER.stubFor(get(NATIVE).willReturn(aResponse().withStatus(status)));

    assertThatThrownBy(this::load)
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("Channel " + channel().name())
        .hasMessageContaining(NATIVE)
        .hasMessageContaining(String.valueOf(status));
  }

  static Stream<ResponseDefinitionBuilder> brokenBodies() {
    String good = index(record("alpha", "1.0"));
    return Stream.of(
        ok("<!DOCTYPE html><html><body>Please log in</body></html>"),
        ok(good.substring(0, good.length() - 20)),
        ok(good + "x"),
        ok("[]"),
        ok("{\"packages\": []}"),
        ok("{\"packages\": {\"a-1-0.conda\": 3}}"),
        ok("{\"packages\" {}}"),
        ok("{\"info\":{\"base_url\":\"ftp://x.example/\"}}"),
        ok("{\"info\":{\"base_url\":\"file:///etc/\"}}"),
        aResponse().withBody("{\"packages\":{\"a\u00e9-1-0.conda\":{}}}".getBytes(ISO_8859_1)),
        ok(good).withHeader("Content-Length", "100000"),
        ok(good).withHeader("Content-Length", "50"),
        aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK),
        aResponse().withFault(Fault.EMPTY_RESPONSE),
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
        aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE));
  }

  @ParameterizedTest
  @MethodSource("brokenBodies")
  void aBrokenIndexIsAnErrorAndNeverCached(ResponseDefinitionBuilder broken) throws IOException {
    serve(NOARCH, index(record("beta", "2.0")));
    SERVER.stubFor(get(NATIVE).willReturn(broken));

    assertThatThrownBy(this::load)
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("Channel " + channel().name())
        .hasMessageContaining(NATIVE);

    assertThat(cached(".tmp")).isEmpty();
    assertThat(cached(".idx")).hasSizeLessThanOrEqualTo(1);
    serve(NATIVE, index(record("alpha", "1.0")));
    assertThat(load().names()).containsExactly("alpha", "beta");
  }

  @ParameterizedTest
  @MethodSource("brokenBodies")
  void aBrokenRefreshLeavesTheCachedIndexAlone(ResponseDefinitionBuilder broken) {
    serveBoth();
    load();
    SERVER.stubFor(get(NATIVE).willReturn(broken));

    assertThatThrownBy(this::load).isInstanceOf(ChannelException.class);

    assertThat(
            repodata.offline(true).load(List.of(channel()), Platform.LINUX_64, context()).names())
        .containsExactly("alpha", "beta");
  }

  static Stream<byte[]> brokenCompressedBodies() {
    byte[] good = Zstd.compress(index(record("alpha", "1.0")).getBytes(UTF_8));
    byte[] cut = new byte[good.length - 5];
    System.arraycopy(good, 0, cut, 0, cut.length);
    return Stream.of(cut, "<html>no</html>".getBytes(UTF_8), Zstd.compress(new byte[100]));
  }

  @ParameterizedTest
  @MethodSource("brokenCompressedBodies")
  void aBrokenCompressedIndexIsAnError(byte[] broken) {
    serveBoth();
    SERVER.stubFor(get(NATIVE + ".zst").willReturn(aResponse().withBody(broken)));

    assertThatThrownBy(this::load)
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(NATIVE + ".zst");
  }

  @Test
  void anEmptyFileIsAnEmptyIndex() {
    serve(NOARCH, "");
    SERVER.stubFor(get(NATIVE + ".zst").willReturn(aResponse().withBody(new byte[0])));

    assertThat(load().names()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {".idx", ".json"})
  void aDamagedCacheFileIsNoticedAndReplaced(String kind) throws IOException {
    serveBoth();
    load();
    for (Path file : cached(kind)) {
      byte[] content = Files.readAllBytes(file);
      content[content.length / 2] ^= 0x55;
      content[content.length - 30] ^= 0x55;
      Files.write(file, content);
    }
    assertThat(load().names()).containsExactly("alpha", "beta");

    for (Path file : cached(kind)) {
      Files.write(file, new byte[3]);
    }
    assertThat(load().names()).containsExactly("alpha", "beta");

    for (Path file : cached(kind)) {
      Files.delete(file);
    }
    assertThat(load().names()).containsExactly("alpha", "beta");
  }

  @Test
  void oldIndexesAreSweptWhenNobodyCanReadThemAnyMore() throws IOException {
    serveBoth();
    for (int i = 0; i < 3; i++) {
      load();
    }
    assertThat(cached(".idx")).hasSize(6);
    clock.advance(Duration.ofDays(365 * 10));
    load();

    assertThat(cached(".idx")).hasSize(2);
  }

  @Test
  void aFullDiskIsAFailureOfTheDiskAndLeavesNothing() throws IOException {
    serveBoth();
    repodata = repodata(new FullDisk());

    assertThatThrownBy(this::load)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("is full");

    assertThat(cached(".tmp")).isEmpty();
    assertThat(cached(".idx")).isEmpty();
  }

  private static final class FullDisk extends Disk {
    @Override
    public OutputStream newOutputStream(Path file, OpenOption... options) throws IOException {
      OutputStream real = super.newOutputStream(file, options);
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          throw new IOException("No space left on device");
        }

        @Override
        public void close() throws IOException {
          real.close();
        }
      };
    }
  }

  @Test
  void secretsReachTheServerAndNothingElse() throws IOException {
    String secret = "/t/" + TOKEN;
    for (String subdir : List.of("linux-64", "noarch")) {
      SERVER.stubFor(
          get(secret + "/chan/" + subdir + "/repodata.json")
              .withBasicAuth("me", PASSWORD)
              .willReturn(ok(index(record("alpha", "1.0")))));
    }
    Channel channel =
        Channel.of(SERVER.baseUrl().replace("://", "://me:" + PASSWORD + "@") + secret + "/chan");

    List<PackageRecord> records =
        repodata.load(List.of(channel), Platform.LINUX_64, context()).records("alpha");

    assertThat(records).hasSize(2);
    ByteArrayOutputStream everything = new ByteArrayOutputStream();
    for (PackageRecord record : records) {
      everything.writeBytes((record.url() + record.channel() + record).getBytes(UTF_8));
    }
    everything.writeBytes(events.toString().getBytes(UTF_8));
    for (Path file : cached("")) {
      everything.writeBytes(file.toString().getBytes(UTF_8));
      everything.writeBytes(Files.readAllBytes(file));
    }
    SERVER.resetAll();
    assertThatThrownBy(() -> repodata.load(List.of(channel), Platform.LINUX_64, context()))
        .isInstanceOf(CondaException.class)
        .satisfies(e -> everything.writeBytes(e.toString().getBytes(UTF_8)));
    assertThat(everything.toString(ISO_8859_1)).doesNotContain(TOKEN).doesNotContain(PASSWORD);
  }
}
