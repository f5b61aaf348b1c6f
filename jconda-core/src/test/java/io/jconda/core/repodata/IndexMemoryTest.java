package io.jconda.core.repodata;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.notFound;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import com.github.tomakehurst.wiremock.client.WireMock;
import io.jconda.core.host.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// its JVMs work for long on a busy machine
@Timeout(240)
class IndexMemoryTest extends ServedChannel {
  private static final int MANY_NAMES = 4_000;
  private static final int EACH = 36;
  private static final int MEBIBYTE = 1 << 20;

  private long size;

  /** Returns a compressed index of tens of megabytes. */
  private byte[] large() throws IOException {
    Random random = new Random(7);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(bytes)) {
      write(out, "{\"packages.conda\":{");
      for (int name = 0; name < MANY_NAMES; name++) {
        for (int build = 0; build < EACH; build++) {
          String separator = name + build == 0 ? "" : ",";
          write(
              out,
              "%s\"n%d-1.0-%d.conda\":%s"
                  .formatted(separator, name, build, json(name, build, random)));
        }
      }
      write(out, "}}");
    }
    return bytes.toByteArray();
  }

  private void write(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    size += bytes.length;
  }

  private static String json(int name, int build, Random random) {
    List<String> depends = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      depends.add("\"n%d >=1.%d,<2\"".formatted(random.nextInt(MANY_NAMES), random.nextInt(1000)));
    }
    return ("{\"name\":\"n%d\",\"version\":\"1.0\",\"build\":\"%d\",\"build_number\":%d,\"depends\":%s,"
            + "\"sha256\":\"%016x%016x%016x%016x\",\"size\":%d,\"timestamp\":1700000000000,"
            + "\"license\":\"BSD-3-Clause\",\"subdir\":\"noarch\"}")
        .formatted(
            name,
            build,
            build,
            depends,
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextInt(1 << 24));
  }

  @Test
  void anIndexIsReadAndUsedInAHeapOfLessThanHalfItsSize() throws Exception {
    SERVER.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(notFound()));
    SERVER.stubFor(get(NOARCH + ".zst").willReturn(aResponse().withBody(large())));
    int heap = 24;
    assertThat(size).isGreaterThan(2L * heap * MEBIBYTE);

    // the second run finds what the first one left
    for (int run = 0; run < 2; run++) {
      try (ChildJvm child =
          ChildJvm.start(
              List.of("-Xmx" + heap + "m"),
              IndexingChild.class,
              root,
              channel().toString(),
              1,
              "n17")) {
        assertThat(child.line()).isEqualTo("4000 names, 36 records [1.0]");
        assertThat(child.exitCode()).isZero();
      }
    }
  }
}
