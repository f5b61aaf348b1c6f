package io.jconda.core.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jconda.core.host.Disk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * Measures plans of {@code python numpy pandas scikit-learn jupyterlab} on whole indexes as large
 * as conda-forge's, that another process serves from loopback, and prints one JSON object: times in
 * milliseconds, memory in MB. Each plan is a JVM of its own, from its start to its end; "first"
 * finds nothing in its root, "again" finds there what "first" left.
 *
 * <p>Options: {@code --folder FOLDER}, where everything is written, and where a channel that is
 * there already is used again (a temporary one unless told); {@code --copies N} of the fixtures'
 * records, 45 unless told; {@code --runs N} of each kind, 5 unless told; {@code --only NAME}, one
 * measurement: {@code plain}, {@code short}, {@code archive}, {@code heap}, {@code warm}, {@code
 * folder}.
 */
public final class IndexBench {
  private static final String SHORT = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
  private static final int SMALLEST = 16;
  private static final int STEP = 16;

  private final Path folder;
  private final Path channel;
  private final int runs;
  private final String only;
  private final ObjectNode result = new ObjectMapper().createObjectNode();

  private IndexBench(Path folder, int runs, String only) {
    this.folder = folder;
    this.channel = folder.resolve("channel");
    this.runs = runs;
    this.only = only;
  }

  /** Runs everything or one measurement, or serves. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> options = Arrays.asList(arguments);
    if (options.size() == 2 && options.get(0).equals("--serve")) {
      serve(Path.of(options.get(1)));
      return;
    }
    int copies = Integer.parseInt(after(options, "--copies", "45"));
    int runs = Integer.parseInt(after(options, "--runs", "5"));
    String told = after(options, "--folder", "");
    Path folder =
        told.isEmpty() ? Files.createTempDirectory("jconda-bench") : Path.of(told).toAbsolutePath();
    try {
      IndexBench bench = new IndexBench(folder, runs, after(options, "--only", ""));
      LargeIndex.write(bench.channel, copies);
      bench.measure();
      System.out.println(bench.result.toPrettyString());
    } finally {
      if (told.isEmpty()) {
        Disk.real().deleteTree(folder);
      }
    }
  }

  private static String after(List<String> options, String name, String unlessTold) {
    int at = options.indexOf(name);
    return at < 0 ? unlessTold : options.get(at + 1);
  }

  private boolean isAsked(String name) {
    return only.isEmpty() || only.equals(name);
  }

  private void measure() throws IOException, InterruptedException {
    FreshJvm jvm = FreshJvm.of(folder.resolve("jars"));
    Process server = jvm.start(IndexBench.class, "--serve", channel.toString());
    try (BufferedReader answers =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String url = "http://127.0.0.1:" + answers.readLine();
      plans(jvm, url);
    } finally {
      server.getOutputStream().close();
      server.waitFor();
    }
  }

  private void plans(FreshJvm jvm, String url) throws IOException, InterruptedException {
    if (isAsked("plain")) {
      firstAndAgain(jvm, "", url, result.putObject("plain"));
    }
    if (isAsked("short")) {
      firstAndAgain(jvm, SHORT, url, result.putObject("short " + SHORT));
    }
    if (isAsked("archive")) {
      Path archive = folder.resolve("jconda.jsa");
      jvm.run("-XX:ArchiveClassesAtExit=" + archive, PlanRun.class, "plan", root(fresh()), url);
      String options = "-XX:SharedArchiveFile=" + archive;
      firstAndAgain(jvm, options, url, result.putObject("archive -XX:SharedArchiveFile"));
      String both = options + " " + SHORT;
      firstAndAgain(jvm, both, url, result.putObject("archive, short"));
    }
    if (isAsked("heap")) {
      heap(jvm, url);
    }
    if (isAsked("warm")) {
      FreshJvm.Run run = checked(jvm.run("", PlanRun.class, "warm", root(fresh()), url, "200"));
      ObjectNode warm = result.putObject("warm");
      List.of("second", "median", "worst").forEach(name -> put(warm, name, run.number(name)));
    }
    if (isAsked("folder")) {
      Path plain = folder.resolve("plain");
      LargeIndex.decompress(channel, plain);
      firstAndAgain(jvm, "", plain.toUri().toString(), result.putObject("folder"));
    }
  }

  /** Returns a root that has nothing. */
  private Path fresh() throws IOException {
    Path root = folder.resolve("root");
    Disk.real().deleteTree(root);
    return root;
  }

  private static String root(Path path) {
    return path.toString();
  }

  private void firstAndAgain(FreshJvm jvm, String options, String url, ObjectNode node)
      throws IOException, InterruptedException {
    double[] first = new double[runs];
    double[] firstResident = new double[runs];
    double[] again = new double[runs];
    double[] againResident = new double[runs];
    for (int i = 0; i < runs; i++) {
      String root = root(fresh());
      FreshJvm.Run run = checked(jvm.run(options, PlanRun.class, "plan", root, url));
      first[i] = run.millis();
      firstResident[i] = run.number("resident");
      run = checked(jvm.run(options, PlanRun.class, "plan", root, url));
      again[i] = run.millis();
      againResident[i] = run.number("resident");
    }
    put(node.putObject("first"), first, firstResident);
    put(node.putObject("again"), again, againResident);
  }

  private void heap(FreshJvm jvm, String url) throws IOException, InterruptedException {
    ObjectNode heap = result.putObject("heap");
    String root = root(fresh());
    put(heap, "first_peak", checked(jvm.run("", PlanRun.class, "heap", root, url)).number("heap"));
    put(heap, "again_peak", checked(jvm.run("", PlanRun.class, "heap", root, url)).number("heap"));
    firstAndAgain(jvm, "-Xmx256m", url, heap.putObject("with -Xmx256m"));
    put(heap, "first_smallest", smallest(jvm, url));
  }

  /** Returns the smallest -Xmx with which a first plan is made, in steps of 16 MB. */
  private double smallest(FreshJvm jvm, String url) throws IOException, InterruptedException {
    int enough = 256;
    int tooSmall = SMALLEST;
    while (enough - tooSmall > STEP) {
      int middle = (enough + tooSmall) / 2;
      String options = "-XX:+ExitOnOutOfMemoryError -Xmx" + middle + "m";
      if (jvm.run(options, PlanRun.class, "plan", root(fresh()), url).exit() == 0) {
        enough = middle;
      } else {
        tooSmall = middle;
      }
    }
    return enough;
  }

  private static FreshJvm.Run checked(FreshJvm.Run run) {
    // a plan that is empty would be quick
    if (run.exit() != 0 || run.number("packages") < 50) {
      throw new IllegalStateException("A child JVM failed: " + run);
    }
    return run;
  }

  private static void put(ObjectNode node, double[] millis, double[] resident) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    put(node, "median", sorted[sorted.length / 2]);
    put(node, "best", sorted[0]);
    put(node, "worst", sorted[sorted.length - 1]);
    put(node, "resident", Arrays.stream(resident).max().orElse(Double.NaN));
  }

  private static void put(ObjectNode node, String name, double value) {
    node.put(name, Math.round(value * 10) / 10.0);
  }

  /** Serves a folder until the input ends, as a channel's host does; prints the port. */
  private static void serve(Path folder) throws IOException {
    // else a small answer waits for the peer's acknowledgement
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/", exchange -> answer(folder, exchange));
    server.start();
    System.out.println(server.getAddress().getPort());
    while (System.in.read() >= 0) {
      // whoever started it holds the other end
    }
    System.exit(0);
  }

  private static void answer(Path folder, HttpExchange exchange) throws IOException {
    try (exchange) {
      Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1));
      if (!Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      String tag = "\"" + Files.size(file) + "\"";
      exchange.getResponseHeaders().set("ETag", tag);
      exchange.getResponseHeaders().set("Cache-Control", "public, max-age=3600");
      if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
        exchange.sendResponseHeaders(304, -1);
        return;
      }
      exchange.sendResponseHeaders(200, Files.size(file));
      Files.copy(file, exchange.getResponseBody());
    }
  }
}
