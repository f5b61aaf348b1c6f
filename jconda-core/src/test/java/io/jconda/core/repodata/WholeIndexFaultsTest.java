package io.jconda.core.repodata;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.jconda.ChannelException;
import io.jconda.spec.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a whole index, compressed or not, names channel and URL, and passes. */
class WholeIndexFaultsTest extends ServedChannel {
  private static final byte[] GOOD = index(record("alpha", "1.0")).getBytes(UTF_8);
  private static final int BOMB = 80 << 20;

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  static Stream<Arguments> faults() {
    return Stream.of(".zst", "")
        .flatMap(
            form ->
                Stream.of(
                        "html",
                        "cut",
                        "longer",
                        "latin",
                        "bomb",
                        "status 408",
                        "status 429",
                        "status 500",
                        "status 502",
                        "status 503",
                        "status 504",
                        "too long",
                        "too short",
                        "chunk",
                        "nothing",
                        "reset",
                        "random",
                        "loop",
                        "silent",
                        "drip")
                    .map(fault -> Arguments.of(form, fault)));
  }

  private static ResponseDefinitionBuilder faulty(String form, String fault) {
    byte[] latin = index(record("alpha\u00e9", "1.0")).getBytes(ISO_8859_1);
    boolean isZst = form.equals(".zst");
    byte[] good = isZst ? Zstd.compress(GOOD) : GOOD;
    return switch (fault) {
      case "html" -> aResponse().withBody("<!DOCTYPE html><html>Log in</html>");
      case "cut" -> aResponse().withBody(Arrays.copyOf(good, good.length - 9));
      case "longer" -> aResponse().withBody(Arrays.copyOf(good, good.length + 9));
      case "latin" -> aResponse().withBody(isZst ? Zstd.compress(latin) : latin);
      case "bomb" ->
          isZst
              ? aResponse().withBody(Zstd.compress(blanks()))
              : aResponse().withHeader("Content-Encoding", "gzip").withBody(gzip(blanks()));
      case "too long" -> aResponse().withBody(good).withHeader("Content-Length", "100000");
      case "too short" -> aResponse().withBody(good).withHeader("Content-Length", "50");
      case "chunk" -> aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK);
      case "nothing" -> aResponse().withFault(Fault.EMPTY_RESPONSE);
      case "reset" -> aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER);
      case "random" -> aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE);
      case "loop" -> temporaryRedirect(NATIVE + form);
      case "silent" -> aResponse().withFixedDelay(5_000);
      case "drip" -> aResponse().withBody(good).withChunkedDribbleDelay(5, 20_000);
      default -> aResponse().withStatus(Integer.parseInt(fault.substring(7)));
    };
  }

  private static byte[] blanks() {
    byte[] blanks = new byte[BOMB];
    Arrays.fill(blanks, (byte) ' ');
    return blanks;
  }

  private Repodata asking(String fault) {
    return hangs(fault) ? hasty() : repodata;
  }

  private ChannelIndexes load(Repodata asking) {
    return asking.load(List.of(channel()), Platform.LINUX_64, context());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void itIsAnErrorThatNamesChannelAndUrlAndTheNextRunSucceeds(String form, String fault)
      throws IOException {
    serve(NOARCH, index(record("beta", "2.0")));
    SERVER.stubFor(get(NATIVE + form).willReturn(faulty(form, fault)));

    assertThatThrownBy(() -> load(asking(fault)))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("Channel " + channel().name())
        .hasMessageContaining(NATIVE + form);

    assertThat(cached(".tmp")).isEmpty();
    SERVER.resetAll();
    serveBoth();
    assertThat(load().names()).containsExactly("alpha", "beta");
    assertThat(cached(".tmp")).isEmpty();
    SERVER.resetAll();
    assertThat(
            repodata.offline(true).load(List.of(channel()), Platform.LINUX_64, context()).names())
        .containsExactly("alpha", "beta");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "chunk", "nothing", "reset", "status 503", "too long", "silent"})
  void whatPassesIsOvercomeByAskingAnew(String fault) {
    serveBoth();
    SERVER.stubFor(
        get(NATIVE + ".zst")
            .inScenario("once")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(faulty(".zst", fault))
            .willSetStateTo("well"));
    SERVER.stubFor(
        get(NATIVE + ".zst")
            .inScenario("once")
            .whenScenarioStateIs("well")
            .willReturn(aResponse().withBody(Zstd.compress(GOOD))));

    assertThat(load(asking(fault)).records("alpha")).hasSize(1);
    assertThat(requests(NATIVE)).isZero();
  }

  @Test
  void aBombSaysWhatItIs() {
    serve(NOARCH, index());
    SERVER.stubFor(get(NATIVE).willReturn(faulty("", "bomb")));

    assertThatThrownBy(this::load).hasMessageContaining("500 times its size");
  }

  @Test
  void aBodyOfGzipIsUnpacked() {
    serve(NOARCH, index());
    SERVER.stubFor(
        get(NATIVE)
            .willReturn(aResponse().withHeader("Content-Encoding", "gzip").withBody(gzip(GOOD))));

    assertThat(load().records("alpha")).hasSize(1);
  }

  @Test
  void aRefreshThatFailsRemindsOfWhatIsCached() {
    serveBoth();
    load();
    SERVER.stubFor(get(NATIVE).willReturn(aResponse().withStatus(503)));

    assertThatThrownBy(this::load)
        .isInstanceOf(ChannelException.class)
        .satisfies(
            e ->
                assertThat(((ChannelException) e).remedy())
                    .contains("offline", "2026-01-01T00:00:00Z"));
  }
}
