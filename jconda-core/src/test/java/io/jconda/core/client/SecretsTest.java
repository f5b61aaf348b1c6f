package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.spec.NoarchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes real environments with every kind of secret, well and badly, in a JVM that logs all it can,
 * and then looks for the secrets in everything that it left or said.
 */
@Timeout(180)
class SecretsTest {
  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @RegisterExtension
  static final WireMockExtension STORE =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  private static final String USER = "Me-Myself";

  /** Kinds of secrets by the folder of the server that wants them. */
  private final Map<String, String> secrets = new TreeMap<>();

  @TempDir Path folder;
  private Path channel;

  private String secret(String kind) {
    return secrets.computeIfAbsent(kind, key -> "s3cr3t-" + key + "-0123456789");
  }

  @BeforeEach
  void makeChannel() throws IOException {
    channel = folder.resolve("channel");
    for (String name : List.of("hello", "broken", "lost")) {
      PackageBuilder.of(name, "1.0")
          .noarch(NoarchType.GENERIC)
          .file("share/" + name + ".txt", name)
          .build(channel);
    }
    ChannelIndexer.index(channel);
  }

  /** Serves the channel under a folder to whoever sends what is wanted; others get nothing. */
  private void serve(WireMockExtension server, String path, UnaryOperator<MappingBuilder> wanting)
      throws IOException {
    try (Stream<Path> files = Files.walk(channel)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String url = path + "/" + channel.relativize(file).toString().replace('\\', '/');
        byte[] body = Files.readAllBytes(file);
        boolean broken = url.contains("/broken-");
        server.stubFor(
            wanting
                .apply(get(urlEqualTo(url)))
                .atPriority(1)
                .willReturn(
                    url.contains("/lost-")
                        ? aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)
                        : aResponse().withBody(broken ? new byte[] {1, 2, 3} : body)));
      }
    }
    server.stubFor(
        wanting
            .apply(get(urlMatching(path + "/.*")))
            .atPriority(2)
            .willReturn(aResponse().withStatus(404)));
  }

  private static String basic(String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private UnaryOperator<MappingBuilder> wanting(String header, String value) {
    return stub -> stub.withHeader(header, equalTo(value));
  }

  private List<String> serveAll() throws IOException {
    String host = "localhost:" + SERVER.getPort();
    String withUser = "http://" + USER + ":";
    SERVER.stubFor(any(anyUrl()).atPriority(9).willReturn(aResponse().withStatus(403)));
    serve(SERVER, "/basic", wanting("Authorization", basic(secret("basic"))));
    serve(SERVER, "/t/" + secret("token") + "/token", stub -> stub);
    serve(SERVER, "/bearer", wanting("Authorization", "Bearer " + secret("bearer")));
    serve(SERVER, "/file", wanting("Authorization", basic(secret("file"))));
    serve(SERVER, "/netrc", wanting("Authorization", basic(secret("netrc"))));
    serve(SERVER, "/mirror", wanting("Authorization", basic(secret("mirror"))));
    serve(SERVER, "/key", wanting("X-Api-Key", secret("header")));
    serve(SERVER, "/byuri", wanting("X-By-Uri", secret("byuri")));
    serve(SERVER, "/asked", wanting("Authorization", basicOf("me", secret("asked"))));
    SERVER.stubFor(
        get(urlMatching("/asked/.*"))
            .atPriority(8)
            .willReturn(
                aResponse()
                    .withStatus(401)
                    .withHeader("WWW-Authenticate", "Basic realm=\"asked\"")));
    serveSigned();
    serveProxied();
    return List.of(
        withUser + secret("basic") + "@" + host + "/basic",
        "http://" + host + "/t/" + secret("token") + "/token",
        "http://" + host + "/bearer",
        "http://" + host + "/file",
        "http://127.0.0.1:" + SERVER.getPort() + "/netrc",
        "http://mirrored.invalid/channel",
        "http://" + host + "/key",
        "http://" + host + "/byuri",
        "http://" + host + "/asked",
        "http://" + host + "/signed",
        "http://proxied.invalid/channel",
        // nothing of these is served
        withUser + secret("wrong") + "@" + host + "/basic/none",
        "http://" + host + "/t/" + secret("wrongtoken") + "/none",
        withUser + secret("nohost") + "@nowhere.invalid/t/" + secret("nohosttoken") + "/channel",
        withUser + secret("noport") + "@localhost:1/t/" + secret("noporttoken") + "/channel");
  }

  private static String basicOf(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  /** Leads to a store with a signature in the query, as object stores have it. */
  private void serveSigned() throws IOException {
    String signature = "X-Amz-Signature=" + secret("signature");
    SERVER.stubFor(
        get(urlMatching("/signed/.*"))
            .atPriority(1)
            .willReturn(
                aResponse()
                    .withStatus(302)
                    .withHeader("Location", STORE.baseUrl() + "{{request.path}}?" + signature)
                    .withTransformers("response-template")));
    try (Stream<Path> files = Files.walk(channel)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String url = "/signed/" + channel.relativize(file).toString().replace('\\', '/');
        STORE.stubFor(
            get(urlEqualTo(url + "?" + signature))
                .atPriority(1)
                .willReturn(
                    url.contains("/broken-") || url.contains("/lost-")
                        ? aResponse().withStatus(500)
                        : aResponse().withBody(Files.readAllBytes(file))));
      }
    }
  }

  /** Serves as a proxy that wants a password; the last name in its URL is the target's. */
  private void serveProxied() throws IOException {
    UnaryOperator<MappingBuilder> proxied =
        stub ->
            stub.withHost(equalTo("proxied.invalid"))
                .withHeader("Proxy-Authorization", equalTo(basic(secret("proxy"))));
    serve(STORE, "/channel", proxied);
    STORE.stubFor(
        any(anyUrl())
            .withHost(equalTo("proxied.invalid"))
            .atPriority(8)
            .willReturn(
                aResponse()
                    .withStatus(407)
                    .withHeader("Proxy-Authenticate", "Basic realm=\"proxy\"")));
  }

  @Test
  void noSecretStandsInAnyFileLogOrException() throws Exception {
    List<String> channels = serveAll();
    Path inputs = Files.createDirectories(folder.resolve("inputs"));
    Path root = folder.resolve("root");
    String server = "localhost:" + SERVER.getPort();
    Path json =
        Files.writeString(
            inputs.resolve("credentials.json"),
            """
            {"%s/file": {"BasicHTTP": {"username": "%s", "password": "%s"}}}
            """
                .formatted(server, USER, secret("file")));
    Path netrc =
        Files.writeString(
            inputs.resolve("netrc"),
            "machine 127.0.0.1 login %s password %s".formatted(USER, secret("netrc")));
    Path list = Files.write(inputs.resolve("channels"), channels);

    String said = run(root, json, netrc, list);

    assertThat(said).contains("DEBUG io.jconda.core").doesNotContain("UNEXPECTED");
    for (int i = 0; i < 11; i++) {
      assertThat(root.resolve("r" + i + "/envs/e/share/hello.txt"))
          .as("environment of " + channels.get(i) + "\n" + said)
          .exists();
    }
    assertThat(said).contains("http://nowhere.invalid/channel", "status 403", "broke off");
    assertThat(find(read(netrc) + read(json), "the inputs")).hasSize(2);
    List<String> traces = new ArrayList<>(find(said, "what it said"));
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> traces.addAll(find(read(file), root.relativize(file).toString())));
    }
    try (Stream<Path> files = Files.walk(inputs.resolve("home"))) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> traces.addAll(find(read(file), file.toString())));
    }
    assertThat(traces).isEmpty();
  }

  /** Finds the kinds of secrets that a text has, as they are and as they are sent. */
  private List<String> find(String text, String where) {
    List<String> found = new ArrayList<>();
    secrets.forEach(
        (kind, value) -> {
          for (String form : List.of(value, basic(value).substring(6), basicOf("me", value))) {
            int at = text.indexOf(form);
            if (at >= 0) {
              String around =
                  text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 100));
              found.add(kind + " in " + where + ": " + around);
            }
          }
        });
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String run(Path root, Path json, Path netrc, Path list)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Path home = Files.createDirectories(json.resolveSibling("home"));
    ProcessBuilder child =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Duser.home=" + home,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            SecretsChild.class.getName(),
            root.toString(),
            String.valueOf(SERVER.getPort()),
            json.toString(),
            list.toString());
    Map<String, String> environment = child.environment();
    environment.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).contains("proxy"));
    for (String kind : List.of("bearer", "mirror", "header", "byuri", "asked")) {
      environment.put("SECRET_" + kind.toUpperCase(Locale.ROOT), secret(kind));
    }
    environment.put("NETRC", netrc.toString());
    environment.put(
        "http_proxy", "http://" + USER + ":" + secret("proxy") + "@localhost:" + STORE.getPort());
    environment.put("no_proxy", "localhost,127.0.0.1,nowhere.invalid");
    Process process = child.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(150, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = read(output);
    assertThat(ended).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
