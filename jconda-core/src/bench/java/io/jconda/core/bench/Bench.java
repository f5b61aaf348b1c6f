package io.jconda.core.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdInputStream;
import io.jconda.CondaException;
import io.jconda.core.Fixtures;
import io.jconda.core.host.Disk;
import io.jconda.core.solver.Problem;
import io.jconda.core.solver.RecordSource;
import io.jconda.core.solver.RecordingSource;
import io.jconda.core.solver.Solution;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.solver.Solver;
import io.jconda.core.util.OperationContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures solves on {@code conda-forge-2026} of the fixtures and prints one JSON object; times are
 * in milliseconds. "Alone" means that the records are parsed and the code is warm.
 *
 * <p>Options: {@code --python FILE}, an interpreter that has py-rattler, to be measured beside,
 * each request by both in turn; {@code --requests N} of the seeded random ones, 1,000 unless told.
 */
public final class Bench {
  private static final int WARM_UP = 40;
  private static final int FRESH = 20;

  private Bench() {}

  /** Runs everything. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 2 && arguments[0].equals("--fresh")) {
      solve(Problem.read(Path.of(arguments[1])));
      return;
    }
    if (arguments.length == 4 && arguments[0].equals("--fresh-index")) {
      solve(
          Workload.request(List.of(arguments[3].split(" "))),
          Workload.load(Path.of(arguments[1]), Path.of(arguments[2])));
      return;
    }
    List<String> options = Arrays.asList(arguments);
    int count = Integer.parseInt(after(options, "--requests", "1000"));
    String python = after(options, "--python", "");
    Path folder = Files.createTempDirectory("jconda-bench");
    try {
      ObjectNode result = new ObjectMapper().createObjectNode();
      run(count, python, folder, result);
      System.out.println(result.toPrettyString());
    } finally {
      Disk.real().deleteTree(folder);
    }
  }

  private static String after(List<String> options, String name, String unlessTold) {
    int at = options.indexOf(name);
    return at < 0 ? unlessTold : options.get(at + 1);
  }

  private static void run(int count, String python, Path folder, ObjectNode result)
      throws IOException, InterruptedException {
    Path channel = Fixtures.of("repodata/conda-forge-2026");
    RecordSource source = Workload.load(channel, folder);
    source.names().forEach(source::records);
    List<List<String>> requests = Workload.random(source, count);
    for (int i = 0; i < WARM_UP; i++) {
      solve(Workload.request(Workload.JUPYTERLAB), source);
    }
    requests.stream().limit(200).forEach(specs -> solve(Workload.request(specs), source));

    double[] jupyterlab = new double[100];
    for (int i = 0; i < jupyterlab.length; i++) {
      jupyterlab[i] = solve(Workload.request(Workload.JUPYTERLAB), source);
    }
    put(result.putObject("jupyterlab_alone"), jupyterlab);
    alone(requests, source, python, folder, result);
    fresh(requests, source, channel, folder, result);
  }

  private static void alone(
      List<List<String>> requests,
      RecordSource source,
      String python,
      Path folder,
      ObjectNode result)
      throws IOException {
    double[] ours = new double[requests.size()];
    double[] theirs = new double[requests.size()];
    Peer peer = python.isEmpty() ? null : new Peer(python, plain(folder));
    try {
      for (int i = 0; i < ours.length; i++) {
        if (peer != null) {
          theirs[i] = peer.solve(requests.get(i));
        }
        ours[i] = solve(Workload.request(requests.get(i)), source);
      }
    } finally {
      if (peer != null) {
        peer.close();
      }
    }
    put(result.putObject("random_alone").put("requests", requests.size()), ours);
    if (peer != null) {
      put(result.putObject("random_alone_py_rattler"), theirs);
      ObjectNode ratio = result.putObject("ratio_to_py_rattler");
      ratio.put("median", rounded(quantile(ours, 0.5) / quantile(theirs, 0.5)));
      ratio.put("worst", rounded(quantile(ours, 1) / quantile(theirs, 1)));
      double[] each = new double[ours.length];
      Arrays.setAll(each, i -> ours[i] / theirs[i]);
      ratio.put("median_of_ratios", rounded(quantile(each, 0.5)));
    }
  }

  /** Writes the index without compression, as the peer reads folders. */
  private static Path plain(Path folder) throws IOException {
    Path channel = folder.resolve("channel");
    for (String subdir : List.of("linux-64", "noarch")) {
      Path file =
          Fixtures.of("repodata/conda-forge-2026").resolve(subdir).resolve("repodata.json.zst");
      Files.createDirectories(channel.resolve(subdir));
      try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
        Files.copy(in, channel.resolve(subdir).resolve("repodata.json"));
      }
    }
    return channel;
  }

  private static void fresh(
      List<List<String>> requests,
      RecordSource source,
      Path channel,
      Path folder,
      ObjectNode result)
      throws IOException, InterruptedException {
    Path file = folder.resolve("problem.json");
    // with nothing set, and with what a short-lived program would ask for
    for (String options : List.of("", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")) {
      double[] problem = new double[FRESH];
      double[] index = new double[FRESH];
      for (int i = 0; i < FRESH; i++) {
        List<String> specs = requests.get(i % requests.size());
        save(specs, source, file);
        problem[i] = child(options, "--fresh", file.toString());
        index[i] =
            child(
                options,
                "--fresh-index",
                channel.toString(),
                folder.toString(),
                String.join(" ", specs));
      }
      ObjectNode fresh = result.putObject(("fresh_jvm " + options).strip());
      put(fresh.putObject("of_problem_file"), problem);
      put(fresh.putObject("of_compressed_index"), index);
    }
    save(Workload.JUPYTERLAB, source, file);
    ObjectNode heap = result.putObject("jupyterlab_smallest_heap_mb");
    heap.put("of_problem_file", smallest("--fresh", file.toString()));
    String specs = String.join(" ", Workload.JUPYTERLAB);
    heap.put(
        "of_compressed_index",
        smallest("--fresh-index", channel.toString(), folder.toString(), specs));
  }

  /** Returns the smallest -Xmx, in steps of 4 MB, with which a JVM loads the records and solves. */
  private static int smallest(String... arguments) throws IOException, InterruptedException {
    for (int mb = 8; mb < 256; mb += 4) {
      if (run("-XX:+ExitOnOutOfMemoryError -Xmx" + mb + "m", arguments) == 0) {
        return mb;
      }
    }
    return -1;
  }

  private static void save(List<String> specs, RecordSource source, Path file) throws IOException {
    RecordingSource recording = new RecordingSource(source);
    SolveRequest request = Workload.request(specs);
    solve(request, recording);
    recording.problem(request).write(file, Disk.real());
  }

  private static void solve(Problem problem) {
    solve(problem.request(), problem.source());
  }

  private static double solve(SolveRequest request, RecordSource source) {
    long start = System.nanoTime();
    try {
      Solution unused = new Solver().solve(request, source, OperationContext.silent());
    } catch (CondaException e) {
      // a failure is an answer too, and its explanation is part of the time
      return (System.nanoTime() - start) / 1e6;
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private static double child(String options, String... arguments)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    if (run(options, arguments) != 0) {
      throw new IllegalStateException("A child JVM failed: " + String.join(" ", arguments));
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private static int run(String options, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (!options.isEmpty()) {
      line.addAll(List.of(options.split(" ")));
    }
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    line.add(Bench.class.getName());
    line.addAll(List.of(arguments));
    return new ProcessBuilder(line)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static void put(ObjectNode node, double[] times) {
    node.put("median", rounded(quantile(times, 0.5)));
    node.put("p90", rounded(quantile(times, 0.9)));
    node.put("worst", rounded(quantile(times, 1)));
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** Is a Python that solves what it is told. */
  private static final class Peer {
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream requests;

    Peer(String python, Path channel) throws IOException {
      List<String> line = new ArrayList<>();
      line.add(python);
      line.add(Path.of("src/bench/python/resolvo_peer.py").toAbsolutePath().toString());
      line.add(channel.toString());
      Workload.machine()
          .forEach(
              record ->
                  line.add(
                      String.join(
                          "=", record.name(), record.version().toString(), record.build())));
      process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      answer();
    }

    double solve(List<String> specs) throws IOException {
      requests.println(String.join(" ", specs));
      return Double.parseDouble(answer().split(" ", 2)[0]);
    }

    private String answer() throws IOException {
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("The Python beside ended; has it py-rattler?");
      }
      return answer;
    }

    void close() {
      requests.close();
      process.destroy();
    }
  }
}
