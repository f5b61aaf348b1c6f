package io.jconda.core.repodata;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.notFound;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.tomakehurst.wiremock.client.WireMock;
import io.jconda.core.host.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// its JVMs work for long on a busy machine
@Timeout(240)
class SeveralProcessesTest extends ServedChannel {
  private static final int NAMES = 300;
  private static final int ROUNDS = 12;

  private static void serveVersion(int version) {
    String[] records =
        IntStream.range(0, NAMES)
            .mapToObj(i -> record("n" + i, "" + version))
            .toArray(String[]::new);
    byte[] body = Zstd.compress(index(records).getBytes(StandardCharsets.UTF_8));
    SERVER.stubFor(
        get(NOARCH + ".zst")
            .willReturn(aResponse().withBody(body).withHeader("ETag", "\"" + version + "\"")));
  }

  @Test
  void twoProcessesThatRefreshAtOnceSeeOneIndexOrTheOtherAndNeverAMixture() throws Exception {
    SERVER.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(notFound()));
    serveVersion(0);
    String url = channel().toString();

    try (ChildJvm one = ChildJvm.start(IndexingChild.class, root, url, ROUNDS, "*");
        ChildJvm two = ChildJvm.start(IndexingChild.class, root, url, ROUNDS, "*")) {
      for (int round = 0; round < ROUNDS; round++) {
        // both are somewhere in a round while this changes what they ask for
        for (ChildJvm child : List.of(one, two)) {
          assertThat(child.line()).matches("300 names, 300 records \\[\\d+\\]");
          serveVersion(round + 1);
        }
      }
      assertThat(one.exitCode()).isZero();
      assertThat(two.exitCode()).isZero();
    }

    assertThat(load().records("n7"))
        .singleElement()
        .satisfies(record -> assertThat(record.version()).hasToString("" + ROUNDS));
    assertThat(cached(".tmp")).isEmpty();
  }
}
