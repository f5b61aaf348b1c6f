package io.jconda.core.client;

import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.Credential;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import io.jconda.core.net.SecretHunt;
import io.jconda.spec.Channel;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Uses every kind of secret, and prints all that a user could ever print. Its arguments: the root,
 * the port of the server, the credentials file, a file of channels, one a line.
 */
final class SecretsChild {
  private SecretsChild() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    String server = "localhost:" + arguments[1];
    List<String> channels = Files.readAllLines(Path.of(arguments[3]));
    CondaClient.Builder builder =
        CondaClient.builder()
            .root(root)
            .readEnvironment(true)
            .credential(new Credential.Bearer(server + "/bearer", System.getenv("SECRET_BEARER")))
            .mirror(
                "http://mirrored.invalid/channel",
                "http://Me-Myself:" + System.getenv("SECRET_MIRROR") + "@" + server + "/mirror")
            .header("X-Api-Key", System.getenv("SECRET_HEADER"))
            .headers(uri -> headers(uri))
            .authenticator(new Asked())
            .network(
                network ->
                    network
                        .credentialsFile(Path.of(arguments[2]))
                        .userCredentials(true)
                        .retries(1));
    try (CondaClient client = builder.build()) {
      System.out.println(client + " " + client.info());
      int number = 0;
      for (String channel : channels) {
        // each in a store of its own, since all channels have the same packages
        Path own = root.resolve("r" + number++);
        try (CondaClient derived = client.newBuilder().root(own).build()) {
          use(derived, channel, own);
        }
      }
    }
  }

  private static Map<String, String> headers(URI uri) {
    return uri.getPath().startsWith("/byuri")
        ? Map.of("X-By-Uri", System.getenv("SECRET_BYURI"))
        : Map.of();
  }

  private static final class Asked extends Authenticator {
    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
      return getRequestorType() == RequestorType.SERVER
              && String.valueOf(getRequestingPrompt()).equals("asked")
          ? new PasswordAuthentication("me", System.getenv("SECRET_ASKED").toCharArray())
          : null;
    }
  }

  private static void use(CondaClient client, String text, Path root) {
    Channel channel = Channel.of(text);
    EnvironmentRequest request =
        client.env("e").channel(channel).onProgress(event -> System.out.println(event));
    System.out.println(channel + " " + request);
    try {
      System.out.println(request.plan("hello"));
      System.out.println(request.plan("hello").solution());
      request.saveProblem(root.resolve("problem.json"), "hello");
      Environment environment = request.install("hello");
      System.out.println(environment + " " + environment.report() + " " + environment.packages());
    } catch (CondaException e) {
      System.out.println(SecretHunt.everythingIn(e));
    }
    for (String missing : List.of("broken", "absent", "hello=99", text + "::absent", "lost")) {
      try {
        request.install(missing);
        System.out.println("UNEXPECTED: " + missing + " could be installed from " + channel);
      } catch (CondaException e) {
        System.out.println(SecretHunt.everythingIn(e));
        System.out.println(e.getMessage() + e.remedy() + e);
      }
    }
  }
}
