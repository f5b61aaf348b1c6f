package io.jconda.core.mirror;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.CondaClient;
import io.jconda.build.MirrorRequest;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Has a client, a small channel that a server serves, and a folder to mirror it to. */
@Timeout(120)
abstract class MirroredChannel {
  static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort())
          .build();

  @TempDir Path folder;
  CondaClient client;
  SourceChannel source;
  Path mirror;
  String url;

  @BeforeEach
  void open() throws IOException {
    client = CondaClient.builder().root(folder.resolve("root")).build();
    source = SourceChannel.usual(folder.resolve("source"));
    mirror = folder.resolve("mirror");
    url = source.serve(SERVER);
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    SourceChannel.assertValid(mirror);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("jconda-mirror")) {
        // its pool has ended, and it is on its way out
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  MirrorRequest request() {
    return client.mirror(mirror).channel(url).platform(Platform.LINUX_64, Platform.WIN_64);
  }

  static List<String> requestedArchives() {
    return SERVER.findAll(getRequestedFor(anyUrl())).stream()
        .map(request -> request.getUrl().substring("/ch/".length()))
        .filter(path -> path.endsWith(".conda") || path.endsWith(".tar.bz2"))
        .sorted()
        .toList();
  }
}
