package io.jconda.core.process.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.OperationCancelledException;
import io.jconda.PythonException;
import io.jconda.StorageException;
import io.jconda.core.client.RealPython;
import io.jconda.core.host.Disk;
import io.jconda.core.host.SharedFolder;
import io.jconda.process.JavaFunction;
import io.jconda.process.NumericArray;
import io.jconda.process.PythonWorker;
import io.jconda.process.WorkerOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Moves large arrays through files that are used again, whatever fails. */
@Timeout(120)
class ArrayTransferTest {
  private static PythonWorker python;

  @BeforeAll
  static void start() {
    python = RealPython.environment().worker();
    python.exec(
        """
        import array
        import numpy as np
        def echo(x): return x
        """);
  }

  @AfterAll
  static void close() {
    python.close();
  }

  @Test
  void anArrayInPythonIsItsOwnToWriteTo() {
    double[] numbers = new double[100_000];
    NumericArray array = NumericArray.of(numbers);
    python.exec("kept = a\nkept += 1", Map.of("a", array));
    python.exec("del a");
    assertThat(array.doubles().get(5)).isZero();
    assertThat(python.eval("float(kept.sum())", Double.class)).isEqualTo(100_000);
    NumericArray small = NumericArray.of(new long[] {1, 2});
    assertThat(python.eval("a.__iadd__(1)", Map.of("a", small), long[].class))
        .containsExactly(2, 3);
    assertThat(small.toLongs()).containsExactly(1, 2);
  }

  @Test
  void whatComesBackDoesNotChangeWithWhatPythonKeeps() {
    python.exec("mine = np.zeros(100_000)");
    NumericArray seen = python.eval("mine", NumericArray.class);
    python.exec("mine += 1");
    assertThat(seen.toDoubles()).containsOnly(0);
  }

  @Test
  void largeArraysUseFewFilesAndLeaveNone() throws IOException {
    Path folder;
    try (PythonWorker own = RealPython.environment().worker()) {
      own.exec("import numpy as np\nkept = []");
      double[] numbers = new double[100_000];
      for (int i = 0; i < 20; i++) {
        numbers[0] = i;
        assertThat(own.call("np.negative", numbers, double[].class)[0]).isEqualTo(-i);
        own.exec("kept.append(a[:1]) if i < 2 else None", Map.of("a", numbers, "i", i));
      }
      assertThat(own.eval("[float(k[0]) for k in kept]", Object.class))
          .isEqualTo(List.of(0.0, 1.0));
      folder = own.eval("__import__('jconda')._folders[0]", Path.class);
      assertThat(folder.toString()).contains("/jconda-");
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).hasSizeBetween(2, 6);
      }
    }
    assertThat(folder).doesNotExist();
  }

  private static Path folder(PythonWorker worker) {
    return worker.eval("__import__('jconda')._folders[0]", Path.class);
  }

  private static List<String> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static PythonWorker fresh() {
    PythonWorker worker = RealPython.environment().worker();
    worker.exec("import numpy as np\ndef echo(x): return x");
    return worker;
  }

  /** Starts a worker whose arrays pass through folders of the test. */
  private static PythonWorker startedIn(Disk disk, Path... folders) {
    PythonWorker worker =
        CoreWorker.start(
            RealPython.environment().command("python", "-c", CoreWorker.bootstrap()),
            WorkerOptions.defaults(),
            SharedFolder.in(disk, List.of(folders)),
            Runnable::run);
    worker.exec("import numpy as np\ndef echo(x): return x");
    return worker;
  }

  @Test
  void theFirstLargeArrayMayComeFromPython() {
    try (PythonWorker worker = fresh()) {
      double[] numbers = worker.eval("np.arange(100_000.0)", double[].class);
      assertThat(numbers).hasSize(100_000).endsWith(99_998, 99_999);
    }
  }

  @Test
  void resultsUseOneFileAgainAndAgain() throws IOException {
    try (PythonWorker worker = fresh()) {
      List<NumericArray> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(worker.eval("np.full(100_000 - i, i)", Map.of("i", i), NumericArray.class));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(all.get(i).toLongs()).hasSize(100_000 - i).containsOnly(i);
      }
      assertThat(files(folder(worker))).containsExactly("p1");
    }
  }

  @Test
  void arraysOfOneResultLieInFilesOfTheirOwn() throws IOException {
    try (PythonWorker worker = fresh()) {
      for (int round = 0; round < 5; round++) {
        Object back = worker.eval("[np.full(50_000, i) for i in range(4)]", Object.class);
        assertThat(back)
            .isEqualTo(
                IntStream.range(0, 4)
                    .mapToObj(
                        i ->
                            NumericArray.of(IntStream.range(0, 50_000).mapToLong(j -> i).toArray()))
                    .toList());
      }
      assertThat(files(folder(worker))).containsExactly("p1", "p2", "p3", "p4");
    }
  }

  @Test
  void arraysPassThroughJavaFunctionsAndBack() throws IOException {
    try (PythonWorker worker = fresh()) {
      JavaFunction twice =
          arguments ->
              Arrays.stream(((NumericArray) arguments.get(0)).toDoubles())
                  .map(x -> 2 * x)
                  .toArray();
      for (int round = 0; round < 5; round++) {
        assertThat(
                worker.eval(
                    "float((f(np.ones(50_000)) + f(2 * np.ones(50_000))).sum())",
                    Map.of("f", twice),
                    Double.class))
            .isEqualTo(300_000);
      }
      assertThat(files(folder(worker))).hasSizeBetween(2, 5);
    }
  }

  @Test
  void randomArraysKeepTheirNumbersWhateverElseIsKept() {
    long seed = System.nanoTime();
    System.out.println("random arrays: seed " + seed);
    Random random = new Random(seed);
    List<long[]> mine = new ArrayList<>();
    List<NumericArray> kept = new ArrayList<>();
    python.exec("kept = []");
    for (int i = 0; i < 200; i++) {
      long[] numbers = random.longs(random.nextInt(1 << (4 + random.nextInt(15)))).toArray();
      boolean keep = random.nextInt(4) == 0;
      NumericArray back =
          python.eval(
              "(kept.append(a) if keep else None, a)[1]",
              Map.of("a", numbers, "keep", keep),
              NumericArray.class);
      assertThat(back.toLongs()).isEqualTo(numbers);
      if (keep) {
        mine.add(numbers);
        kept.add(back);
      }
      if (random.nextInt(40) == 0) {
        python.exec("del kept[:]");
        mine.clear();
        kept.clear();
      }
    }
    for (int i = 0; i < mine.size(); i++) {
      assertThat(kept.get(i).toLongs()).isEqualTo(mine.get(i));
      assertThat(python.eval("kept[i]", Map.of("i", i), long[].class)).isEqualTo(mine.get(i));
    }
    python.exec("del kept");
  }

  @Test
  void aResultThatCannotBeSentLeavesNoFileBehind() throws IOException {
    try (PythonWorker worker = fresh()) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> worker.eval("[np.zeros(100_000), object()]", Object.class))
            .isInstanceOf(PythonException.class);
      }
      assertThat(files(folder(worker))).containsExactly("p1");
    }
  }

  @Test
  void anArgumentThatCannotBeSentLeavesNoFileBehind() throws IOException {
    try (PythonWorker worker = fresh()) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(
                () -> worker.call("echo", Object.class, new double[100_000], new Object()))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(files(folder(worker))).hasSize(1);
      assertThat(worker.call("len", new double[100_000], Integer.class)).isEqualTo(100_000);
      assertThat(files(folder(worker))).hasSize(1);
    }
  }

  @Test
  void aCallThatNeverBeganLeavesNoFileBehind() throws IOException {
    try (PythonWorker worker = fresh()) {
      for (int i = 0; i < 100; i++) {
        Operation<Object> call =
            worker.callAsync("no.such.thing", Object.class, new double[10_000]);
        assertThat(call.cancel() || call.isDone()).isTrue();
        assertThatThrownBy(call::await).isInstanceOf(CondaException.class);
      }
      assertThat(worker.eval("1 + 1", Integer.class)).isEqualTo(2);
      assertThat(files(folder(worker))).hasSizeLessThan(5);
    }
  }

  @Test
  void cancellingAtAnyMomentLeavesTheWorkerAlive() {
    try (PythonWorker worker = fresh()) {
      worker.exec("import time\ndef slow(a):\n    time.sleep(60)");
      for (int i = 0; i < 200; i++) {
        Operation<Object> call = worker.callAsync("slow", Object.class, i);
        for (int spin = 0; spin < (i % 20) * 2_000; spin++) {
          Thread.onSpinWait();
        }
        assertThat(call.cancel()).isTrue();
        assertThatThrownBy(call::await).isInstanceOf(OperationCancelledException.class);
      }
      assertThat(worker.isAlive()).isTrue();
      assertThat(worker.eval("1 + 1", Integer.class)).isEqualTo(2);
    }
  }

  @Test
  void aForkedChildCannotWriteIntoItsParentsArrays() {
    try (PythonWorker worker = fresh()) {
      worker.eval("np.zeros(100_000)", NumericArray.class);
      JavaFunction take = arguments -> true;
      worker.exec(
          """
          import os
          pid = os.fork()
          if pid == 0:
              try: f(np.ones(100_000))
              except RuntimeError: os._exit(7)
              os._exit(0)
          status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
          """,
          Map.of("f", take));
      assertThat(worker.eval("status", Integer.class)).isEqualTo(7);
    }
  }

  @Test
  void whereThereIsNoRoomForAResultTheErrorSaysSoAndTheWorkerGoesOn() throws IOException {
    try (PythonWorker worker = fresh()) {
      worker.exec(
          """
          import resource
          resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
          """);
      assertThatThrownBy(() -> worker.eval("np.zeros(1_000_000)", double[].class))
          .isInstanceOfSatisfying(
              PythonException.class,
              e ->
                  assertThat(e.pythonMessage())
                      .contains(
                          "no room for 8000000 bytes", folder(worker).toString(), "--shm-size"));
      assertThat(files(folder(worker))).isEmpty();
      assertThat(worker.eval("np.zeros(100_000)", double[].class)).hasSize(100_000);
    }
  }

  @Test
  void whereSharedMemoryIsFullArraysPassThroughTheDisk(@TempDir Path temp) throws IOException {
    // a file where the first folder should be: neither side can write there
    Path full = Files.writeString(temp.resolve("full"), "").resolve("a").resolve("w");
    Path onDisk = temp.resolve("b").resolve("w");
    try (PythonWorker worker = startedIn(Disk.real(), full, onDisk)) {
      double[] numbers = IntStream.range(0, 100_000).mapToDouble(i -> i).toArray();
      for (int i = 0; i < 3; i++) {
        assertThat(worker.call("echo", numbers, double[].class)).isEqualTo(numbers);
      }
      assertThat(files(onDisk)).containsExactly("j1", "p1");
    }
    assertThat(onDisk).doesNotExist();
  }

  @Test
  void whereThereIsNoRoomForAnArgumentTheErrorSaysSoAndTheWorkerGoesOn(@TempDir Path temp)
      throws IOException {
    Path full = Files.writeString(temp.resolve("full"), "").resolve("a").resolve("w");
    try (PythonWorker worker = startedIn(Disk.real(), full)) {
      assertThatThrownBy(() -> worker.call("echo", new double[100_000], double[].class))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("800000 bytes")
          .hasMessageContaining(full.toString())
          .hasMessageContaining("--shm-size");
      assertThat(worker.eval("1 + 1", Integer.class)).isEqualTo(2);
    }
  }

  @Test
  void anArrayThatWouldFillTheHeapStaysInSharedMemory(@TempDir Path temp) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("a").resolve("w"));
    Path file = folder.resolve("p1");
    ByteBuffer bytes = ByteBuffer.allocate(80_000).order(ByteOrder.nativeOrder());
    bytes.asDoubleBuffer().put(IntStream.range(0, 10_000).mapToDouble(i -> i).toArray());
    Files.write(file, bytes.array());
    Links links = new Links(SharedFolder.in(Disk.real(), List.of(folder)));
    Message message =
        new Message(
            Frames.tree(
                Map.of(
                    "lent",
                    List.of(file.toString()),
                    "value",
                    Map.of(
                        "$",
                        "array",
                        "type",
                        "float64",
                        "order",
                        "C",
                        "shape",
                        List.of(100, 100),
                        "file",
                        file.toString(),
                        "size",
                        80_000))),
            new byte[0]);

    NumericArray array =
        new ArrayReader(links, message.blobs(), 79_999).array(message.json().path("value"));

    assertThat(array.buffer().isDirect()).isTrue();
    assertThat(array.getDouble(99, 99)).isEqualTo(9999);
    assertThat(file).doesNotExist();
    links.settle(message);
    assertThat(new String(Frames.frame(links, out -> {}), UTF_8))
        .endsWith("{\"kept\":[\"" + file + "\"]}");
  }

  @Test
  void nothingIsLeftInSharedMemoryByAWorkerThatWasKilled() {
    Path folder;
    try (PythonWorker worker = fresh()) {
      assertThat(worker.call("echo", new double[100_000], double[].class)).hasSize(100_000);
      folder = folder(worker);
      assertThat(folder).isNotEmptyDirectory();
      worker.kill();
      assertThat(folder).doesNotExist();
    }
  }

  @Test
  void anInterruptWhileAnArrayIsWrittenCancelsTheCallAndNothingElse() {
    try (PythonWorker worker = fresh()) {
      JavaFunction interrupted =
          arguments -> {
            Thread.currentThread().interrupt();
            return new double[100_000];
          };
      assertThatThrownBy(() -> worker.eval("f()", Map.of("f", interrupted), Object.class))
          .isInstanceOf(OperationCancelledException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(worker.call("echo", new double[100_000], double[].class)).hasSize(100_000);
    }
  }

  @Test
  void bytesPassAsArraysDo() throws IOException {
    try (PythonWorker worker = fresh()) {
      byte[] bytes = new byte[1_000_000];
      new Random(1).nextBytes(bytes);
      for (int i = 0; i < 4; i++) {
        assertThat(worker.call("echo", bytes, byte[].class)).isEqualTo(bytes);
        assertThat(worker.eval("type(b).__name__", Map.of("b", bytes))).isEqualTo("bytes");
      }
      assertThat(files(folder(worker))).containsExactly("j1", "p1");
    }
  }

  @Test
  void arraysOfProcessesThatAWorkerStartsComeBack() {
    try (PythonWorker worker = fresh()) {
      worker.exec(
          """
          import math, multiprocessing
          def spread(method, numbers):
              with multiprocessing.get_context(method).Pool(2) as pool:
                  return np.array(pool.map(math.sqrt, numbers))
          """);
      for (String method : List.of("fork", "spawn")) {
        double[] roots = worker.call("spread", double[].class, method, new double[100_000]);
        assertThat(roots).hasSize(100_000).containsOnly(0);
      }
    }
  }
}
