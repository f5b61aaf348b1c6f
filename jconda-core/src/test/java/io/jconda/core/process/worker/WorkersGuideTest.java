package io.jconda.core.process.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.Environment;
import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.core.client.RealPython;
import io.jconda.process.JavaFunction;
import io.jconda.process.NumericArray;
import io.jconda.process.PythonObject;
import io.jconda.process.PythonWorker;
import io.jconda.process.PythonWorkerPool;
import io.jconda.process.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples of {@code docs/workers.md}, and sees to it that they are these. */
@Timeout(120)
class WorkersGuideTest {
  private static final Path GUIDE = Path.of("../docs/workers.md");
  private static final Path SOURCE =
      Path.of("src/test/java/io/jconda/core/process/worker/WorkersGuideTest.java");

  private final Environment env = RealPython.environment();

  @TempDir Path folder;

  private static List<String> blocks(String language) throws IOException {
    Matcher blocks =
        Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(GUIDE, UTF_8));
    return blocks.results().map(block -> block.group(1)).toList();
  }

  @Test
  void everyExampleOfTheGuideIsRunHere() throws IOException {
    String source = squeezed(Files.readString(SOURCE, UTF_8));
    int place = source.indexOf("voidfunctionsAreCalled()");
    assertThat(blocks("java")).hasSize(4);
    for (String block : blocks("java")) {
      for (String line : block.strip().lines().toList()) {
        int found = source.indexOf(squeezed(line), place);
        assertThat(found).as(line).isNotNegative();
        place = found + squeezed(line).length();
      }
    }
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }

  @Test
  void functionsAreCalled() {
    try (PythonWorker python = env.worker()) {
      double mean = python.call("statistics.mean", List.of(1, 2, 3), Double.class);
      assertThat(mean).isEqualTo(2);

      python.exec("def scale(x, by=1): return x * by");
      NumericArray matrix = NumericArray.of(new double[] {1, 2, 3, 4}, 2, 2);
      NumericArray scaled =
          python.call("scale", List.of(matrix), Map.of("by", 10), NumericArray.class);
      Object product = python.eval("a @ b", Map.of("a", scaled, "b", matrix));
      assertThat(product).isEqualTo(NumericArray.of(new double[] {70, 100, 150, 220}, 2, 2));
    }
  }

  @Test
  void objectsStayAndFunctionsAreCalledBack() throws IOException {
    String script = blocks("python").get(0);
    assertThat(script).startsWith("# model.py");
    Files.writeString(folder.resolve("model.py"), script);
    try (PythonWorker python = env.worker(WorkerOptions.defaults().directory(folder))) {
      python.load(folder.resolve("model.py")).close();
      double[] x = {1, 2, 3};
      try (PythonObject model =
          python.call("model.train", PythonObject.class, x, new double[] {2, 4, 6})) {
        double guess = model.call("predict", Double.class, 10);
        assertThat(guess).isEqualTo(20);
        JavaFunction round = arguments -> Math.round((Double) arguments.get(0));
        List<?> rounded =
            python.eval(
                "[f(m.predict(v)) for v in x]", Map.of("f", round, "m", model, "x", x), List.class);
        assertThat(rounded).isEqualTo(List.of(2L, 4L, 6L));
      }
    }
  }

  @Test
  void progressLogsAndPrintsAreHeardAndTimeLimitsInterrupt() {
    Queue<Double> steps = new ConcurrentLinkedQueue<>();
    Queue<String> logged = new ConcurrentLinkedQueue<>();
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    Queue<String> printed = new ConcurrentLinkedQueue<>();
    WorkerOptions options =
        WorkerOptions.defaults()
            .startCode("import jconda, logging, time")
            .onProgress(step -> steps.add(step.fraction().orElse(-1)))
            .onLog(entry -> logged.add(entry.logger() + ": " + entry.message()))
            .onLine(line -> printed.add(line));
    try (PythonWorker python = env.worker(options)) {
      python.exec("jconda.progress(0.5, 'half'); print('done')");
      python.exec("logging.getLogger('train').warning('slow')");
      try {
        python.timeout(Duration.ofMillis(500)).call("time.sleep", 60, Object.class);
      } catch (OperationCancelledException tooLong) {
        failures.add(tooLong.problem());
      }
      assertThat(python.eval("6 * 7", Integer.class)).isEqualTo(42);
    }
    assertThat(failures).hasSize(1);
    assertThat(steps).containsExactly(0.5);
    assertThat(logged).containsExactly("train: slow");
    assertThat(printed).containsExactly("done");
  }

  @Test
  void aPoolComputesManyThings() {
    WorkerOptions ready =
        WorkerOptions.defaults()
            .startCode("import math")
            .timeout(Duration.ofSeconds(30))
            .maxWaiting(100);
    try (PythonWorkerPool pool = env.workers(2, ready)) {
      List<Operation<Long>> factors =
          IntStream.range(0, 10)
              .mapToObj(i -> pool.callAsync("math.factorial", Long.class, i))
              .toList();
      long sum = factors.stream().mapToLong(Operation::await).sum();
      assertThat(sum).isEqualTo(409_114);
    }
  }
}
