package io.jconda.core.process.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.Operation;
import io.jconda.PythonException;
import io.jconda.StorageException;
import io.jconda.core.client.RealPython;
import io.jconda.process.JavaFunction;
import io.jconda.process.PythonObject;
import io.jconda.process.PythonWorker;
import io.jconda.process.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calls the embedded channel's real Python. */
class PythonWorkerTest extends SharedWorker {
  @Test
  void aFunctionOfAModuleIsCalledByItsName() {
    assertThat(python.call("statistics.mean", List.of(1, 2, 3), Double.class)).isEqualTo(2.0);
    assertThat(python.call("os.path.join", String.class, "a", "b")).isEqualTo("a/b");
    assertThat(
            python.call("sorted", List.of(List.of(3, 1, 2)), Map.of("reverse", true), Object.class))
        .isEqualTo(List.of(3L, 2L, 1L));
    assertThat(python.call("importlib.metadata.version", "numpy", String.class)).isEqualTo("2.3.1");
  }

  @Test
  void codeDefinesWhatLaterCallsKnow() {
    python.exec("def twice(x):\n    return 2 * x * factor", Map.of("factor", 5));

    assertThat(python.call("twice", 2.5, double.class)).isEqualTo(25.0);
    assertThat(python.eval("twice(1) + extra", Map.of("extra", 1), Integer.class)).isEqualTo(11);
    assertThat(python.eval("begun", String.class)).isEqualTo("begun");
    assertThat(python.eval("[x * y for x in range(3)]", Map.of("y", 2)))
        .isEqualTo(List.of(0L, 2L, 4L));
    assertThatThrownBy(() -> python.eval("extra", String.class))
        .isInstanceOf(PythonException.class)
        .hasMessageContaining("NameError");
  }

  @Test
  void aResultThatIsNotWantedStaysAway() {
    python.exec("seen = []");
    python.run("seen.append", object("object()"));
    assertThat(python.eval("len(seen)", Integer.class)).isEqualTo(1);
  }

  private static PythonObject object(String expression) {
    return python.eval(expression, PythonObject.class);
  }

  @Test
  void whatIsPrintedCannotDisturbCalls() throws Exception {
    PRINTED.clear();
    python.exec(
        """
        import os, subprocess
        print('from print')
        os.write(1, b'from the descriptor\\n')
        sys.stderr.write('from stderr\\n')
        subprocess.run(['/bin/sh', '-c', 'echo from a child'])
        import ctypes
        ctypes.CDLL(None).puts(b'from C')
        ctypes.CDLL(None).fflush(None)
        sys.__stdout__.buffer.write(b'\\xff\\xfe invalid\\n'); sys.__stdout__.flush()
        """);

    List<String> lines = new ArrayList<>();
    while (!lines.contains("\ufffd\ufffd invalid")) {
      lines.add(PRINTED.poll(20, TimeUnit.SECONDS));
    }
    assertThat(lines)
        .containsExactly(
            "from print",
            "from the descriptor",
            "from stderr",
            "from a child",
            "from C",
            "\ufffd\ufffd invalid");
    assertThat(python.eval("1 + 1", Integer.class)).isEqualTo(2);
    assertThat(python.eval("sys.stdin.read()", String.class)).isEmpty();
  }

  @Test
  void aFloodOfPrintsIsDrainedWhileACallRuns() {
    PRINTED.clear();
    python.exec("for i in range(20000): print('x' * 100)");
    assertThat(python.eval("2 + 2", Integer.class)).isEqualTo(4);
  }

  @Test
  void anExceptionComesWithPythonsTraceback() {
    python.exec("import json\ndef broken(text):\n    return json.loads(text)");

    assertThatThrownBy(() -> python.call("broken", "{", Map.class))
        .isInstanceOfSatisfying(
            PythonException.class,
            e -> {
              assertThat(e.pythonType()).isEqualTo("json.decoder.JSONDecodeError");
              assertThat(e.pythonMessage()).startsWith("Expecting property name");
              assertThat(e.traceback())
                  .startsWith("Traceback (most recent call last):")
                  .contains("return json.loads(text)")
                  .doesNotContain("jconda worker");
              assertThat(e.getMessage()).contains("JSONDecodeError", "return json.loads(text)");
            });
    assertThatThrownBy(() -> python.exec("x = ("))
        .isInstanceOf(PythonException.class)
        .hasMessageContaining("SyntaxError");
    assertThatThrownBy(() -> python.exec("raise SystemExit(3)"))
        .isInstanceOf(PythonException.class)
        .hasMessageContaining("SystemExit");
    assertThatThrownBy(() -> python.call("no_such_thing.at_all", Object.class))
        .isInstanceOf(PythonException.class)
        .hasMessageContaining("there is no 'no_such_thing'");
    assertThat(python.eval("3", Integer.class)).isEqualTo(3);
  }

  @Test
  void objectsStayInPythonUntilTheyAreClosed() {
    python.exec(
        """
        import weakref
        class Counter:
            def __init__(self): self.count = 0
            def add(self, n=1): self.count += n; return self
            def __call__(self, n): return self.count * n
        watched = []
        def make():
            counter = Counter(); watched.append(weakref.ref(counter)); return counter
        """);
    PythonObject counter = python.call("make", PythonObject.class);

    assertThat(counter.typeName()).isEqualTo("__main__.Counter");
    PythonObject same = counter.call("add", PythonObject.class, 2);
    counter.call("add", List.of(), Map.of("n", 3), PythonObject.class).close();
    assertThat(counter.attribute("count", Integer.class)).isEqualTo(5);
    assertThat(counter.invoke(Integer.class, 10)).isEqualTo(50);
    assertThat(python.call("isinstance", Boolean.class, counter, object("Counter"))).isTrue();
    assertThat(python.eval("a is b", Map.of("a", counter, "b", same), Boolean.class)).isTrue();
    assertThatThrownBy(() -> counter.value(Map.class))
        .isInstanceOf(PythonException.class)
        .hasMessageContaining("PythonObject.class");

    same.close();
    assertThat(python.eval("watched[0]() is None", Boolean.class)).isFalse();
    counter.close();
    counter.close();
    assertThat(python.eval("watched[0]() is None", Boolean.class)).isTrue();
    assertThatThrownBy(() -> counter.attribute("count", Integer.class))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anObjectOfAnotherWorkerIsRefused() {
    try (PythonWorker other = fresh()) {
      PythonObject theirs = other.eval("object()", PythonObject.class);
      assertThatThrownBy(() -> python.call("repr", theirs, String.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another worker");
    }
  }

  @Test
  void theFunctionsOfAScriptAreCalled() throws IOException {
    Files.writeString(folder.resolve("beside.py"), "NAME = 'beside'\n");
    Path script =
        Files.writeString(
            folder.resolve("model.py"),
            """
            from beside import NAME
            import dataclasses, pickle
            @dataclasses.dataclass
            class Point:
                x: float
            def predict(x): return [NAME, pickle.loads(pickle.dumps(Point(x))).x]
            def where(): raise ValueError('here')
            if __name__ == '__main__': raise SystemExit
            """);
    try (PythonObject module = python.load(script)) {
      assertThat(module.call("predict", Object.class, 1.5)).isEqualTo(List.of("beside", 1.5));
      assertThat(python.call("model.predict", 2, Object.class)).isEqualTo(List.of("beside", 2L));
      assertThatThrownBy(() -> module.call("where", Object.class))
          .isInstanceOfSatisfying(
              PythonException.class,
              e -> assertThat(e.traceback()).contains(script + "\", line 7"));
    }
    assertThatThrownBy(() -> python.load(folder.resolve("missing.py")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("missing.py");
  }

  @Test
  void pythonCallsJava() {
    JavaFunction add = arguments -> (Long) arguments.get(0) + (Long) arguments.get(1);
    assertThat(python.eval("f(1, f(2, 3))", Map.of("f", add), Integer.class)).isEqualTo(6);

    JavaFunction nested = arguments -> python.eval("10 * n", Map.of("n", arguments.get(0)));
    assertThat(python.eval("sum(map(f, range(4)))", Map.of("f", nested), Integer.class))
        .isEqualTo(60);
  }

  @Test
  void whatAJavaFunctionThrowsPassesThroughPython() {
    IllegalStateException failure = new IllegalStateException("of Java");
    JavaFunction broken =
        arguments -> {
          throw failure;
        };
    assertThatThrownBy(() -> python.eval("f()", Map.of("f", broken), Object.class))
        .isInstanceOf(PythonException.class)
        .hasMessageContaining("JavaError")
        .hasCause(failure);
    python.exec(
        """
        import jconda
        def careful(f):
            try: f()
            except jconda.JavaError as e: return str(e)
        """);
    assertThat(python.call("careful", broken, String.class)).contains("of Java");
  }

  @Test
  void javaIsCalledFromAnotherThreadOfPython() {
    JavaFunction twice = arguments -> 2 * (Long) arguments.get(0);
    python.exec(
        """
        import concurrent.futures
        def spread(f):
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                return list(pool.map(f, range(20)))
        """);
    assertThat(python.call("spread", twice, Object.class))
        .isEqualTo(IntStream.range(0, 20).mapToObj(i -> 2L * i).toList());
  }

  @Test
  void javaCannotBeCalledWhenNothingWasAsked() throws Exception {
    JavaFunction never = arguments -> "called";
    python.exec(
        """
        import threading
        gate, answers = threading.Event(), []
        def later():
            gate.wait()
            try: answers.append(f())
            except Exception as e: answers.append(str(e))
            print('answered')
        thread = threading.Thread(target=later); thread.start()
        """,
        Map.of("f", never));
    python.exec("threading.Timer(0.2, gate.set).start()");
    String line;
    do {
      line = PRINTED.poll(20, TimeUnit.SECONDS);
    } while (!"answered".equals(line));
    assertThat(python.eval("answers[0]", String.class)).contains("no call from Java is under way");
  }

  @Test
  void callsOfManyThreadsTakeTurns() {
    python.exec("def echo(x): return x");
    List<Operation<Integer>> calls =
        IntStream.range(0, 200).mapToObj(i -> python.callAsync("echo", Integer.class, i)).toList();
    for (int i = 0; i < 200; i++) {
      assertThat(calls.get(i).await()).isEqualTo(i);
    }
  }

  @Test
  void itKnowsItsPythonAndItsFolder() throws IOException {
    Path there = folder.toRealPath();
    WorkerOptions options = WorkerOptions.defaults().directory(there).variable("GREETING", "hello");
    try (PythonWorker worker = RealPython.environment().worker(options)) {
      assertThat(worker.pythonVersion()).isEqualTo("3.13.5");
      assertThat(worker.call("os.getcwd", Path.class)).isEqualTo(there);
      assertThat(worker.eval("__import__('os').environ['GREETING']", String.class))
          .isEqualTo("hello");
      assertThat(worker.eval("__import__('sys').prefix", Path.class))
          .isEqualTo(RealPython.environment().prefix());
    }
  }
}
