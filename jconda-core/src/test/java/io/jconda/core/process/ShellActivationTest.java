package io.jconda.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jconda.CondaException;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.process.CommandResult;
import io.jconda.process.Shell;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs what is written for a shell in that shell, where the machine has it. */
@Timeout(60)
class ShellActivationTest {
  private static final Platform PLATFORM = Platform.LINUX_64;

  @TempDir Path folder;
  private final CommandRunner runner = new CommandRunner(Map.of(), Runnable::run);
  private Path one;
  private Path two;

  @BeforeEach
  void makePrefixes() throws IOException {
    // an apostrophe, a blank and a dollar sign: whatever shells hold dear
    one = environment("it's $one");
    two = environment("two");
  }

  @AfterEach
  void close() {
    runner.close();
  }

  private Path environment(String name) throws IOException {
    Path prefix = folder.resolve("envs").resolve(name);
    String mark = name.replaceAll("[^a-z]", "");
    for (String kind : List.of("activate.d", "deactivate.d")) {
      Path scripts = Files.createDirectories(prefix.resolve("etc/conda").resolve(kind));
      Files.writeString(
          scripts.resolve("x.sh"),
          "export LOG=\"$LOG %s-%s\"\n".formatted(kind.substring(0, 2), mark));
      Files.writeString(
          scripts.resolve("x.fish"),
          "set -gx LOG \"$LOG %s-%s\"\n".formatted(kind.substring(0, 2), mark));
    }
    Files.createDirectories(prefix.resolve("conda-meta"));
    Files.writeString(
        prefix.resolve("conda-meta/state"),
        "{\"env_vars\": {\"SHARED\": \"of '%s' \\\\ \\\"$x\\\"\", \"GONE\": \"***unset***\"}}"
            .formatted(mark));
    return prefix;
  }

  private static Map<String, String> plain() {
    return new TreeMap<>(
        Map.of("PATH", "/usr/bin:/bin", "SHARED", "the user's", "GONE", "here", "HOME", "/"));
  }

  private static Path program(Shell shell) {
    String name =
        switch (shell) {
          case BASH -> "bash";
          case ZSH -> "zsh";
          case FISH -> "fish";
          case CMD -> "cmd.exe";
          case POWERSHELL -> "pwsh";
        };
    Optional<Path> found =
        Stream.of("/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")
            .map(bin -> Path.of(bin).resolve(name))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), "SKIPPED: this machine has no " + name);
    assumeFalse(Platform.current().isWindows(), "SKIPPED: the prefixes of this test are Unix's");
    return found.orElseThrow();
  }

  /** Lets a shell read a script and say which variables it has then. */
  private Map<String, String> after(Shell shell, Map<String, String> before, String script)
      throws IOException {
    Path file = Files.writeString(folder.resolve("script"), script + "\n/usr/bin/env -0\n");
    List<String> line =
        switch (shell) {
          case BASH -> List.of(program(shell).toString(), "--norc", file.toString());
          case ZSH -> List.of(program(shell).toString(), "-f", file.toString());
          default -> List.of(program(shell).toString(), "-N", file.toString());
        };
    CommandResult result =
        runner
            .command(
                folder,
                Activation.builder(Platform.current()).build(),
                before,
                line,
                OperationContext.silent())
            .withoutVariable("PYTHONIOENCODING")
            .run()
            .orThrow();
    assertThat(result.stderr()).isEmpty();
    Map<String, String> variables = new TreeMap<>();
    for (String assignment : result.stdout().split("\0", -1)) {
      int equals = assignment.indexOf('=');
      if (equals < 0) {
        continue;
      }
      variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    variables
        .keySet()
        .removeAll(List.of("_", "PWD", "OLDPWD", "SHLVL", "JCONDA_GUARD", "LOGNAME", "USER"));
    return variables;
  }

  private String activate(Path prefix, Shell shell, Map<String, String> variables) {
    return ShellActivation.activate(
        prefix, prefix.getFileName().toString(), PLATFORM, shell, variables, false);
  }

  private String deactivate(Path prefix, Shell shell, Map<String, String> variables) {
    return ShellActivation.deactivate(
        prefix, prefix.getFileName().toString(), PLATFORM, shell, variables, false);
  }

  @ParameterizedTest
  @EnumSource(names = {"BASH", "ZSH", "FISH"})
  void theShellIsInTheEnvironmentAndOutOfItAgain(Shell shell) throws IOException {
    Map<String, String> active = after(shell, plain(), activate(one, shell, plain()));

    assertThat(active)
        .containsEntry("CONDA_PREFIX", one.toString())
        .containsEntry("CONDA_DEFAULT_ENV", "it's $one")
        .containsEntry("CONDA_PROMPT_MODIFIER", "(it's $one) ")
        .containsEntry("CONDA_SHLVL", "1")
        .containsEntry("PATH", one + "/bin:/usr/bin:/bin")
        .containsEntry("SHARED", "of 'itsone' \\ \"$x\"")
        .containsEntry("__CONDA_SHLVL_0_SHARED", "the user's")
        .containsEntry("LOG", " ac-itsone")
        .doesNotContainKey("GONE");

    Map<String, String> left = after(shell, active, deactivate(one, shell, active));

    Map<String, String> expected = plain();
    expected.put("CONDA_SHLVL", "0");
    expected.put("LOG", " ac-itsone de-itsone");
    expected.remove("GONE");
    assertThat(left).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(names = {"BASH", "ZSH", "FISH"})
  void oneEnvironmentFollowsAnotherAndGivesItBack(Shell shell) throws IOException {
    Map<String, String> first = after(shell, plain(), activate(one, shell, plain()));
    Map<String, String> second = after(shell, first, activate(two, shell, first));

    assertThat(second)
        .containsEntry("CONDA_PREFIX", two.toString())
        .containsEntry("CONDA_PREFIX_1", one.toString())
        .containsEntry("CONDA_SHLVL", "2")
        .containsEntry("PATH", two + "/bin:/usr/bin:/bin")
        .containsEntry("LOG", " ac-itsone de-itsone ac-two");

    Map<String, String> back = after(shell, second, deactivate(two, shell, second));

    assertThat(back.remove("LOG")).isEqualTo(" ac-itsone de-itsone ac-two de-two ac-itsone");
    first.remove("LOG");
    assertThat(back).isEqualTo(first);
  }

  @Test
  void aStackedEnvironmentKeepsTheOneBelow() throws IOException {
    Map<String, String> first = after(Shell.BASH, plain(), activate(one, Shell.BASH, plain()));
    String script = ShellActivation.activate(two, "two", PLATFORM, Shell.BASH, first, true);
    Map<String, String> second = after(Shell.BASH, first, script);

    assertThat(second)
        .containsEntry("PATH", two + "/bin:" + one + "/bin:/usr/bin:/bin")
        .containsEntry("CONDA_STACKED_2", "true")
        .containsEntry("LOG", " ac-itsone ac-two");

    Map<String, String> back = after(Shell.BASH, second, deactivate(two, Shell.BASH, second));

    assertThat(back)
        .containsEntry("PATH", one + "/bin:/usr/bin:/bin")
        .containsEntry("CONDA_SHLVL", "1")
        .doesNotContainKey("CONDA_STACKED_2");
  }

  @Test
  void theActiveEnvironmentIsEnteredAgainOnItsLevel() throws IOException {
    Map<String, String> first = after(Shell.BASH, plain(), activate(one, Shell.BASH, plain()));
    Map<String, String> again = after(Shell.BASH, first, activate(one, Shell.BASH, first));

    assertThat(again.remove("LOG")).isEqualTo(" ac-itsone de-itsone ac-itsone");
    first.remove("LOG");
    assertThat(again).isEqualTo(first);
  }

  @Test
  void leavingCanBeWrittenBeforeEntering() throws IOException {
    Map<String, String> there =
        after(
            Shell.BASH,
            plain(),
            activate(one, Shell.BASH, plain()) + deactivate(one, Shell.BASH, plain()));

    assertThat(there)
        .containsEntry("SHARED", "the user's")
        .containsEntry("PATH", "/usr/bin:/bin")
        .doesNotContainKey("CONDA_PREFIX");
  }

  @Test
  void theCommandPromptGetsItsOwnWords() {
    Path prefix = folder.resolve("envs").resolve("win");

    assertThat(
            ShellActivation.activate(
                prefix,
                "100%",
                Platform.WIN_64,
                Shell.CMD,
                Map.of("Path", "C:\\Windows", "conda_shlvl", "0"),
                false))
        .contains("@SET \"CONDA_DEFAULT_ENV=100%%\"\r\n", "@SET \"CONDA_SHLVL=1\"\r\n")
        .contains(
            "@SET \"PATH=%s;%s".formatted(prefix, prefix.resolve("Library").resolve("mingw-w64")))
        .contains(";C:\\Windows\"\r\n");
    assertThat(
            ShellActivation.deactivate(
                prefix, "win", Platform.WIN_64, Shell.CMD, Map.of("PATH", "C:\\Windows"), false))
        .contains("@SET CONDA_PREFIX=\r\n")
        .contains("@SET \"PATH=C:\\Windows\"\r\n");
  }

  @Test
  void aValueThatTheCommandPromptCannotTakeIsRefused() throws IOException {
    Files.writeString(two.resolve("conda-meta/state"), "{\"env_vars\": {\"TEXT\": \"a\\nb\"}}");

    assertThatThrownBy(() -> activate(two, Shell.CMD, Map.of()))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("TEXT");
  }

  @Test
  void powerShellGetsItsOwnWords() {
    String script = activate(one, Shell.POWERSHELL, plain());

    assertThat(script)
        .contains("${Env:CONDA_DEFAULT_ENV} = 'it''s $one'\n")
        .contains("${Env:GONE} = $null\n")
        .contains("${Env:SHARED} = 'of ''itsone'' \\ \"$x\"'\n");
  }
}
