package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.build.MirrorReport;
import io.jconda.query.PackageTree;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors a real Python and NumPy, and runs them on a machine without a network. */
class RealMirrorTest {
  @TempDir Path folder;

  @Test
  void pythonRunsInAnEnvironmentThatIsMadeFromTheMirrorAlone() throws IOException {
    Path mirror = folder.resolve("mirror");
    List<String> copied;
    WireMockServer server = ChannelWorld.serve(ChannelWorld.embedded());
    try (CondaClient client = CondaClient.builder().root(folder.resolve("near")).build()) {
      MirrorReport report =
          client.mirror(mirror).channel(ChannelWorld.url(server)).copy("python=3.13", "numpy");
      copied = report.plan().records().stream().map(PackageRecord::name).toList();
      assertThat(copied).contains("python", "numpy", "libopenblas").doesNotContain("jconda-hello");
      server.resetRequests();
      assertThat(
              client
                  .mirror(mirror)
                  .channel(ChannelWorld.url(server))
                  .copy("python=3.13", "numpy")
                  .fetched())
          .isZero();
      assertThat(server.findAll(getRequestedFor(anyUrl())))
          .noneMatch(request -> request.getUrl().matches(".*\\.(conda|tar\\.bz2)"));
    } finally {
      server.stop();
    }

    try (CondaClient far =
        CondaClient.builder().root(folder.resolve("far")).offline(true).build()) {
      Environment env =
          far.env("science")
              .channel(mirror.toString())
              .compileBytecode(false)
              .python("3.13")
              .install("numpy");

      assertThat(
              env.run("python", "-c", "import numpy; print(numpy.arange(4).sum())")
                  .orThrow()
                  .stdout()
                  .strip())
          .isEqualTo("6");
      assertThat(env.packages())
          .extracting(PackageRecord::name)
          .containsExactlyInAnyOrderElementsOf(copied);
      PackageTree tree = far.query().channel(mirror.toString()).whoNeeds("python");
      assertThat(tree.toString()).contains("numpy");
    }
  }
}
