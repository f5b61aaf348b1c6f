package io.jconda.core.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.core.host.Disk;
import io.jconda.process.NumericArray;
import io.jconda.process.PythonWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Measures commands and workers in an environment of the embedded channel, and prints one JSON
 * object: times in milliseconds.
 */
public final class WorkerBench {
  private static final int CALLS = 20_000;
  private static final int LARGE = 12_500_000;
  private static final int ROUNDS = 15;

  private WorkerBench() {}

  /**
   * Runs it.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("jconda-bench");
    try (CondaClient client = CondaClient.builder().root(folder).build()) {
      Environment environment =
          client.env("bench").channel("embedded:").python("3.13").install("numpy");
      ObjectNode result = new ObjectMapper().createObjectNode();
      double[] starts = new double[5];
      for (int i = 0; i < starts.length; i++) {
        long began = System.nanoTime();
        PythonWorker worker = environment.worker();
        starts[i] = since(began);
        worker.close();
      }
      result.set("worker_start", summary(starts));
      double[] commands = new double[200];
      for (int i = 0; i < commands.length; i++) {
        long began = System.nanoTime();
        environment.run("/bin/true").orThrow();
        commands[i] = since(began);
      }
      result.set("command_true", summary(commands));
      try (PythonWorker worker = environment.worker()) {
        worker.exec("import numpy as np\ndef echo(x): return x");
        long began = System.nanoTime();
        double first = worker.eval("float(np.zeros(3).sum())", Double.class);
        result.put("first_call", since(began) + first);
        small(worker, result);
        sized(worker, result, 125, "echo_1_kB");
        sized(worker, result, 7_500, "echo_60_kB");
        sized(worker, result, 12_500, "echo_100_kB");
        sized(worker, result, 125_000, "echo_1_MB");
        large(worker, result);
      }
      System.out.println(result.toPrettyString());
    } finally {
      Disk.real().deleteTree(folder);
    }
  }

  private static void small(PythonWorker worker, ObjectNode result) {
    double[] times = new double[CALLS];
    for (int i = 0; i < 2 * CALLS; i++) {
      long began = System.nanoTime();
      int back = worker.call("echo", i, Integer.class);
      if (back != i) {
        throw new IllegalStateException("wrong answer");
      }
      times[i % CALLS] = since(began);
    }
    result.set("small_call", summary(times));
  }

  private static void sized(PythonWorker worker, ObjectNode result, int numbers, String name) {
    double[] values = new double[numbers];
    double[] times = new double[1000];
    for (int i = 0; i < 2 * times.length; i++) {
      values[0] = i;
      long began = System.nanoTime();
      double[] back = worker.call("echo", values, double[].class);
      times[i % times.length] = since(began);
      if (back[0] != i || back.length != numbers) {
        throw new IllegalStateException("wrong answer");
      }
    }
    result.set(name, summary(times));
  }

  private static void large(PythonWorker worker, ObjectNode result) {
    double[] numbers = new double[LARGE];
    Arrays.setAll(numbers, i -> i * 0.5);
    double expected = Arrays.stream(numbers).sum();
    NumericArray array = NumericArray.of(numbers);
    double[] there = new double[ROUNDS];
    double[] both = new double[ROUNDS];
    double[] plain = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long began = System.nanoTime();
      double sum = worker.eval("float(a.sum())", Map.of("a", array), Double.class);
      there[i] = since(began);
      began = System.nanoTime();
      worker.exec("total = float(a.sum())", Map.of("a", array));
      NumericArray back = worker.eval("a", NumericArray.class);
      both[i] = since(began);
      worker.exec("del a");
      began = System.nanoTime();
      double[] plainBack = worker.eval("(a.sum(), a)[1]", Map.of("a", numbers), double[].class);
      plain[i] = since(began);
      if (Math.abs(sum - expected) > 1e-6 * expected
          || back.doubles().get(LARGE - 1) != numbers[LARGE - 1]
          || plainBack[LARGE - 1] != numbers[LARGE - 1]) {
        throw new IllegalStateException("wrong answer");
      }
    }
    result.set("float64_100_MB_there_and_summed", summary(there));
    result.set("float64_100_MB_there_summed_and_back", rate(both));
    result.set("float64_100_MB_as_double_array_both_ways", rate(plain));
  }

  private static ObjectNode rate(double... times) {
    ObjectNode node = summary(times);
    double median = node.path("median").doubleValue();
    node.put("first", times[0]);
    node.put("GB_per_s_there_and_back", 2 * LARGE * 8 / 1e6 / median);
    node.put("GB_per_s_counted_once", LARGE * 8 / 1e6 / median);
    return node;
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / 1e6;
  }

  private static ObjectNode summary(double... times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("median", sorted[sorted.length / 2]);
    node.put("p90", sorted[sorted.length * 9 / 10]);
    node.put("worst", sorted[sorted.length - 1]);
    return node;
  }
}
