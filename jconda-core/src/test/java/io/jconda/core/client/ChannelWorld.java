package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.jconda.core.embedded.EmbeddedChannel;
import io.jconda.core.host.Disk;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Is where tests get real packages from: the embedded channel, made once in a JVM, and folders
 * served over HTTP.
 */
final class ChannelWorld {
  private ChannelWorld() {}

  private static final class Once {
    static final Path ROOT = root();

    private static Path root() {
      try {
        Path root = Files.createTempDirectory("jconda-world");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root)));
        return root;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void delete(Path root) {
      try {
        Disk.real().deleteTree(root);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Returns a root that holds the embedded channel; tests that share its cache are faster. */
  static Path root() {
    embedded();
    return Once.ROOT;
  }

  /** Returns the folder of the embedded channel. */
  static Path embedded() {
    return EmbeddedChannel.folder(Once.ROOT, Disk.real(), OperationContext.silent());
  }

  /** Serves a folder over HTTP; 404 for what is not in it. */
  static WireMockServer serve(Path folder) throws IOException {
    WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
    server.start();
    server.stubFor(any(anyUrl()).atPriority(10).willReturn(aResponse().withStatus(404)));
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> files = tree.filter(Files::isRegularFile).toList();
      for (Path file : files) {
        String path = "/channel/" + folder.relativize(file).toString().replace('\\', '/');
        server.stubFor(
            get(urlEqualTo(path)).willReturn(aResponse().withBody(Files.readAllBytes(file))));
      }
    }
    return server;
  }

  /** Returns the URL of what {@link #serve} serves. */
  static String url(WireMockServer server) {
    return server.baseUrl() + "/channel";
  }
}
