package io.jconda.core.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.CondaClient;
import io.jconda.Plan;
import io.jconda.core.Fixtures;
import io.jconda.core.host.Disk;
import io.jconda.core.repodata.FileServer;
import io.jconda.core.repodata.ShardedChannel;
import io.jconda.spec.Platform;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures plans of {@code python numpy pandas scikit-learn jupyterlab} on a channel as large as
 * conda-forge that is served in shards from loopback, each in a JVM of its own, its start included;
 * prints one JSON object, in milliseconds.
 *
 * <p>Options: {@code --channel FOLDER}, where the channel is written or was; {@code --copies N}, 45
 * unless told; {@code --runs N}, 10 unless told; {@code --plan ROOT URL} is what a child does.
 */
public final class ShardsBench {
  private ShardsBench() {}

  /** Runs everything, or one plan. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 3 && arguments[0].equals("--plan")) {
      System.out.println(plan(Path.of(arguments[1]), arguments[2]));
      return;
    }
    List<String> options = Arrays.asList(arguments);
    int copies = Integer.parseInt(after(options, "--copies", "45"));
    int runs = Integer.parseInt(after(options, "--runs", "10"));
    Path folder = Files.createTempDirectory("jconda-bench");
    try {
      Path channel =
          Path.of(after(options, "--channel", folder.resolve("channel").toString()))
              .toAbsolutePath();
      ShardedChannel.write(Fixtures.of("repodata/conda-forge-2026"), channel, copies);
      ObjectNode result = new ObjectMapper().createObjectNode();
      measure(channel, folder, runs, result);
      System.out.println(result.toPrettyString());
    } finally {
      Disk.real().deleteTree(folder);
    }
  }

  private static String after(List<String> options, String name, String unlessTold) {
    int at = options.indexOf(name);
    return at < 0 ? unlessTold : options.get(at + 1);
  }

  private static int plan(Path root, String url) {
    try (CondaClient client = CondaClient.builder().root(root).channels(url).build()) {
      Plan plan =
          client
              .env("bench")
              .platform(Platform.of("linux-64"))
              .plan(Workload.JUPYTERLAB.toArray(String[]::new));
      return plan.changes().size();
    }
  }

  private static void measure(Path channel, Path folder, int runs, ObjectNode result)
      throws IOException, InterruptedException {
    FreshJvm jvm = FreshJvm.of(folder.resolve("jars"));
    Process server = jvm.start(FileServer.class, channel.toString());
    try (BufferedReader answers =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String url = answers.readLine();
      // the server is warm before the first measured run
      child(jvm, "", folder.resolve("unmeasured"), url);
      for (String options : List.of("", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")) {
        double[] cold = new double[runs];
        double[] again = new double[runs];
        for (int i = 0; i < runs; i++) {
          Path root = Files.createTempDirectory(folder, "root");
          cold[i] = child(jvm, options, root, url);
          again[i] = child(jvm, options, root, url);
          if (i == 0) {
            result.put("shards_cached", count(root.resolve("index/v1/shards")));
          }
        }
        ObjectNode node = result.putObject(("fresh_jvm " + options).strip());
        put(node.putObject("empty_cache"), cold);
        put(node.putObject("shards_cached_index_fresh"), again);
      }
    } finally {
      server.getOutputStream().close();
      server.waitFor();
    }
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  private static double child(FreshJvm jvm, String options, Path root, String url)
      throws IOException, InterruptedException {
    return jvm.time(options, ShardsBench.class, "--plan", root.toString(), url);
  }

  private static void put(ObjectNode node, double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    node.put("median", Math.round(sorted[sorted.length / 2]));
    node.put("best", Math.round(sorted[0]));
    node.put("worst", Math.round(sorted[sorted.length - 1]));
  }
}
