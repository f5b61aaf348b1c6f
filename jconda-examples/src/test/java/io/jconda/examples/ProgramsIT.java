package io.jconda.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.examples.Jar.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the quick start, the walk-through and the JShell script as the README tells. */
class ProgramsIT {
  @TempDir static Path folder;

  @Test
  void theQuickStartComputesAndHasNothingToDoTheSecondTime() throws Exception {
    Path root = folder.resolve("quick");

    Outcome first = Jar.program(root, "io.jconda.examples.QuickStart");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("Create " + root.resolve("envs/demo"), "linked", "Python 3.13", "y = 3.00")
        .containsPattern("\\+ +numpy");

    Outcome second = Jar.program(root, "io.jconda.examples.QuickStart");
    assertThat(second.out())
        .containsPattern("Nothing had to be done \\(\\d+ ms\\)")
        .contains("y = 3.00");
  }

  @Test
  void theWalkThroughTakesEveryStep() throws Exception {
    Path root = folder.resolve("walk");

    Outcome outcome = Jar.program(root, "io.jconda.examples.WalkThrough", "--embedded");

    assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
    assertThat(outcome.out())
        .containsSubsequence(
            "1. Get conda",
            "2. conda create -n myenv python=3.13",
            "3. conda activate myenv",
            "CONDA_PREFIX",
            "4. conda install numpy",
            "5. pip install",
            "6. Run a sentiment analysis",
            "POSITIVE",
            "NEGATIVE",
            "7. conda update jconda-hello",
            "8. conda update --all",
            "9. conda env list",
            "myenv",
            "10. conda env remove -n myenv");
    assertThat(root.resolve("envs/myenv")).doesNotExist();
  }

  @Test
  void theFluentLineWorksAtAJShellPrompt() throws Exception {
    Path root = folder.resolve("quick");
    String input =
        """
        var env = Conda.env("shell").channel("embedded:").python("3.13").ensure("numpy")
        sh(env, "python", "-c", "import numpy; print('sum', numpy.arange(4).sum())")
        env.remove()
        /exit
        """;

    Outcome outcome =
        Jar.run(
            root,
            input,
            List.of(
                Jar.java("jshell"),
                "--class-path",
                Jar.FILE.toString(),
                "-s",
                Path.of("jconda.jsh").toAbsolutePath().toString(),
                "-"));

    assertThat(outcome.out()).as(outcome.err()).contains("sum 6");
    assertThat(outcome.exitCode()).isZero();
    assertThat(root.resolve("envs/shell")).doesNotExist();
  }
}
