package io.jconda.core.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.jconda.CondaClient;
import io.jconda.InstallReport;
import io.jconda.core.host.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Measures how long it takes to make environments, and prints one JSON object; times are in
 * milliseconds. "Process" means from the start of a JVM to its end, solve included; "warm" means in
 * a JVM that did the same before; "linking" is the part of it that the report calls link time;
 * "archived" means processes that were given an archive of classes (JEP 350), by turns with those
 * that were not.
 *
 * <p>Options: {@code --folder FOLDER}, where everything is written (its file system is what is
 * measured; a temporary one unless told); {@code --only NAME}, one measurement: {@code process},
 * {@code warm}, {@code empty}, {@code ensure}, {@code large}; {@code --times N}; {@code --java
 * OPTIONS} for the child processes; {@code --keep}, to delete nothing before the end.
 *
 * <p>{@code --keep} is for ext4: for five minutes after many files were deleted it takes up to ten
 * times as long to make new ones (it goes past the inodes that were freed last), and that is no
 * property of what is measured here. On a file system in memory it would measure how fast the
 * machine gets memory that nobody had before.
 */
public final class LinkBench {
  private final Path folder;
  private final Path root;
  private final int times;
  private final String javaOptions;
  private final boolean keeps;
  private int made;

  private LinkBench(Path folder, int times, String javaOptions, boolean keeps) {
    this.folder = folder;
    this.root = folder.resolve("root");
    this.times = times;
    this.javaOptions = javaOptions;
    this.keeps = keeps;
  }

  /** Runs everything, or one thing. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> options = Arrays.asList(arguments);
    if (options.get(0).equals("--child")) {
      create(Path.of(options.get(1)), options.get(2), Path.of(options.get(3)));
      return;
    }
    String told = after(options, "--folder", "");
    Path folder =
        told.isEmpty() ? Files.createTempDirectory("jconda-bench") : Path.of(told).toAbsolutePath();
    String only = after(options, "--only", "");
    int times = Integer.parseInt(after(options, "--times", "11"));
    ObjectNode result = new ObjectMapper().createObjectNode();
    try {
      LinkBench bench =
          new LinkBench(folder, times, after(options, "--java", ""), options.contains("--keep"));
      if (only.isEmpty() || only.equals("process")) {
        bench.process(result);
      }
      if (only.isEmpty() || only.equals("warm")) {
        bench.warm("warm", "small", 31, 9_000, result);
      }
      if (only.isEmpty() || only.equals("large")) {
        bench.warm("large", "large", 97, 28_000, result);
      }
      if (only.isEmpty() || only.equals("empty")) {
        bench.empty(result);
      }
      if (only.isEmpty() || only.equals("ensure")) {
        bench.ensure(result);
      }
      System.out.println(result.toPrettyString());
    } finally {
      Disk.real().deleteTree(told.isEmpty() ? folder : folder.resolve("made"));
    }
  }

  /** Returns a folder that nothing was in before. */
  private Path fresh() {
    return folder.resolve("made").resolve(String.valueOf(made++));
  }

  private void done(Path folder) throws IOException {
    if (!keeps) {
      Disk.real().deleteTree(folder);
    }
  }

  private static String after(List<String> options, String name, String unlessTold) {
    int at = options.indexOf(name);
    return at < 0 ? unlessTold : options.get(at + 1);
  }

  private Path channel(String name, int packages, int files) {
    Path channel = folder.resolve("channel-" + name);
    if (!Files.exists(channel.resolve("noarch/repodata.json"))) {
      LinkChannel.write(channel, packages, files);
    }
    return channel;
  }

  private static InstallReport create(Path root, String channel, Path prefix) {
    try (CondaClient client = CondaClient.builder().root(root).channels(channel).build()) {
      return make(client, prefix);
    }
  }

  private static InstallReport make(CondaClient client, Path prefix) {
    return client.env(prefix).with("p0").compileBytecode(false).create().report();
  }

  /** Runs in a process of its own, and tells how long that took. */
  private interface Child {
    double millis(String options) throws IOException, InterruptedException;
  }

  /** Lets a child leave an archive of its classes, and returns the option that takes it. */
  private String archive(Child child) throws IOException, InterruptedException {
    Path archive = folder.resolve("classes.jsa");
    Files.deleteIfExists(archive);
    double unused = child.millis("-XX:ArchiveClassesAtExit=" + archive);
    return "-XX:SharedArchiveFile=" + archive;
  }

  private void process(ObjectNode result) throws IOException, InterruptedException {
    Path channel = channel("small", 31, 9_000);
    Path first = fresh();
    try (CondaClient client =
        CondaClient.builder().root(root).channels(channel.toString()).build()) {
      make(client, first);
    }
    FreshJvm jvm = FreshJvm.of(folder.resolve("jars"));
    Child child =
        options -> {
          Path prefix = fresh();
          double millis = child(jvm, options, root, channel.toString(), prefix);
          done(prefix);
          return millis;
        };
    String archive = archive(child);
    double[] ours = new double[times];
    double[] archived = new double[times];
    double[] floor = new double[times];
    for (int i = 0; i < times; i++) {
      ours[i] = child.millis("");
      archived[i] = child.millis(archive);
      Path copy = fresh();
      long start = System.nanoTime();
      run(List.of("cp", "-al", first.toString(), copy.toString()));
      floor[i] = (System.nanoTime() - start) / 1e6;
      done(copy);
    }
    put(result.putObject("process_9000_files"), ours);
    put(result.putObject("process_9000_files_archived"), archived);
    put(result.putObject("cp_al_9000_files"), floor);
  }

  private void warm(String name, String set, int packages, int files, ObjectNode result)
      throws IOException {
    Path channel = channel(set, packages, files);
    double[] whole = new double[times];
    double[] linking = new double[times];
    try (CondaClient client =
        CondaClient.builder().root(root).channels(channel.toString()).build()) {
      for (int i = -10; i < times; i++) {
        Path prefix = fresh();
        long start = System.nanoTime();
        InstallReport report = make(client, prefix);
        if (i >= 0) {
          whole[i] = (System.nanoTime() - start) / 1e6;
          linking[i] = report.linkTime().toNanos() / 1e6;
        }
        done(prefix);
      }
    }
    put(result.putObject(name + "_" + files + "_files"), whole);
    put(result.putObject(name + "_" + files + "_files_linking"), linking);
  }

  private void empty(ObjectNode result) throws IOException, InterruptedException {
    Path channel = channel("small", 31, 9_000);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          Path file = channel.resolve(exchange.getRequestURI().getPath().substring(1));
          boolean there = Files.isRegularFile(file);
          exchange.sendResponseHeaders(there ? 200 : 404, there ? Files.size(file) : -1);
          try (OutputStream out = exchange.getResponseBody()) {
            if (there) {
              Files.copy(file, out);
            }
          }
        });
    server.start();
    try {
      FreshJvm jvm = FreshJvm.of(folder.resolve("jars"));
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      Child child =
          options -> {
            Path empty = fresh();
            double millis = child(jvm, options, empty, url, empty.resolve("envs/demo"));
            done(empty);
            return millis;
          };
      String archive = archive(child);
      double[] ours = new double[times];
      double[] archived = new double[times];
      for (int i = 0; i < times; i++) {
        ours[i] = child.millis("");
        archived[i] = child.millis(archive);
      }
      put(result.putObject("process_empty_store_9000_files"), ours);
      put(result.putObject("process_empty_store_9000_files_archived"), archived);
    } finally {
      server.stop(0);
      threads.shutdown();
    }
  }

  private void ensure(ObjectNode result) throws IOException {
    Path channel = channel("many", 200, 2_000);
    Path prefix = fresh();
    double[] times = new double[200];
    try (CondaClient client =
        CondaClient.builder().root(root).channels(channel.toString()).build()) {
      for (int i = -200; i < times.length; i++) {
        long start = System.nanoTime();
        client.env(prefix).with("p0").compileBytecode(false).ensure().report();
        if (i >= 0) {
          times[i] = (System.nanoTime() - start) / 1e6;
        }
      }
    }
    put(result.putObject("ensure_200_packages"), times);
  }

  private double child(FreshJvm jvm, String options, Path childRoot, String channel, Path prefix)
      throws IOException, InterruptedException {
    String all = (javaOptions + " " + options).strip();
    return jvm.time(
        all, LinkBench.class, "--child", childRoot.toString(), channel, prefix.toString());
  }

  private static void run(List<String> line) throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder(line)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException("It ended with exit code " + exit + ": " + line);
    }
  }

  private static void put(ObjectNode node, double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    node.put("median", Math.round(sorted[sorted.length / 2] * 10) / 10.0);
    node.put("best", Math.round(sorted[0] * 10) / 10.0);
    node.put("worst", Math.round(sorted[sorted.length - 1] * 10) / 10.0);
  }
}
