package io.jconda.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.jconda.CondaException;
import io.jconda.process.Activation;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivatorTest {
  @TempDir Path folder;
  private Path prefix;
  private Path other;

  @BeforeEach
  void makePrefixes() throws IOException {
    prefix = Files.createDirectories(folder.resolve("envs/mine"));
    other = Files.createDirectories(folder.resolve("envs/other"));
  }

  private Activation activate(Map<String, String> parent) {
    return Activator.activate(prefix, "mine", Platform.LINUX_64, parent);
  }

  private static void write(Path prefix, String name, String json) throws IOException {
    Path file = prefix.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, json);
  }

  @Test
  void theFirstEnvironmentIsOnLevelOne() {
    Activation activation = activate(Map.of("PATH", "/usr/bin:/bin", "HOME", "/home/me"));
    assertThat(activation.variables())
        .containsExactly(
            entry("PYTHONNOUSERSITE", "1"),
            entry("CONDA_PREFIX", prefix.toString()),
            entry("CONDA_SHLVL", "1"),
            entry("CONDA_DEFAULT_ENV", "mine"),
            entry("CONDA_PROMPT_MODIFIER", "(mine) "));
    assertThat(activation.pathEntries()).containsExactly(prefix.resolve("bin"));
    assertThat(activation.applyTo(Map.of("PATH", "/usr/bin:/bin", "HOME", "/home/me")))
        .containsEntry("PATH", prefix + "/bin:/usr/bin:/bin")
        .containsEntry("HOME", "/home/me");
  }

  @Test
  void theEnvironmentThatWasActiveIsLeftAndRemembered() throws IOException {
    write(other, "conda-meta/state", "{\"env_vars\": {\"GONE\": \"1\", \"BACK\": \"2\"}}");
    Map<String, String> parent =
        Map.of(
            "PATH", other + "/bin:/usr/bin",
            "CONDA_SHLVL", "1",
            "CONDA_PREFIX", other.toString(),
            "CONDA_EXE", "/conda/bin/conda",
            "GONE", "1",
            "BACK", "2",
            "__CONDA_SHLVL_0_BACK", "before");
    assertThat(activate(parent).applyTo(parent))
        .containsEntry("CONDA_SHLVL", "2")
        .containsEntry("CONDA_PREFIX_1", other.toString())
        .containsEntry("PATH", prefix + "/bin:/usr/bin")
        .containsEntry("BACK", "before")
        .doesNotContainKeys("GONE", "CONDA_EXE", "__CONDA_SHLVL_0_BACK");
  }

  @Test
  void olderPrefixesAreKeptAndStacksMarked() {
    Map<String, String> parent =
        Map.of(
            "PATH", "/usr/bin",
            "CONDA_SHLVL", "2",
            "CONDA_PREFIX", other.toString(),
            "CONDA_PREFIX_1", "/base",
            "CONDA_STACKED_2", "true");
    assertThat(activate(parent).applyTo(parent))
        .containsEntry("CONDA_SHLVL", "3")
        .containsEntry("CONDA_PREFIX_1", "/base")
        .containsEntry("CONDA_PREFIX_2", other.toString())
        .containsEntry("CONDA_STACKED_2", "true");
  }

  @Test
  void aStackedEnvironmentLeavesTheOneBelowWhereItIs() throws IOException {
    write(other, "conda-meta/state", "{\"env_vars\": {\"OF_OTHER\": \"1\"}}");
    Map<String, String> parent =
        Map.of(
            "PATH",
            other + "/bin:/usr/bin",
            "CONDA_SHLVL",
            "1",
            "CONDA_PREFIX",
            other.toString(),
            "OF_OTHER",
            "1");
    assertThat(Activator.activate(prefix, "mine", Platform.LINUX_64, parent, true).applyTo(parent))
        .containsEntry("CONDA_SHLVL", "2")
        .containsEntry("CONDA_PREFIX", prefix.toString())
        .containsEntry("CONDA_PREFIX_1", other.toString())
        .containsEntry("CONDA_STACKED_2", "true")
        .containsEntry("PATH", prefix + "/bin:" + other + "/bin:/usr/bin")
        .containsEntry("OF_OTHER", "1");
  }

  @Test
  void theActiveEnvironmentIsReactivatedOnItsLevel() {
    Map<String, String> parent =
        Map.of(
            "PATH",
            "/first:" + prefix + "/bin:/usr/bin",
            "CONDA_SHLVL",
            "2",
            "CONDA_PREFIX",
            prefix.toString(),
            "CONDA_PREFIX_1",
            "/base");
    assertThat(activate(parent).applyTo(parent))
        .containsEntry("CONDA_SHLVL", "2")
        .containsEntry("CONDA_PREFIX_1", "/base")
        .containsEntry("PATH", prefix + "/bin:/first:/usr/bin")
        .doesNotContainKey("CONDA_PREFIX_2");
  }

  @Test
  void theEnvironmentBelowIsReachedByAStepBack() {
    Map<String, String> parent =
        Map.of(
            "PATH",
            other + "/bin:/usr/bin",
            "CONDA_SHLVL",
            "2",
            "CONDA_PREFIX",
            other.toString(),
            "CONDA_PREFIX_1",
            prefix.toString());
    assertThat(activate(parent).applyTo(parent))
        .containsEntry("CONDA_SHLVL", "1")
        .containsEntry("CONDA_PREFIX", prefix.toString())
        .containsEntry("PATH", prefix + "/bin:/usr/bin")
        .doesNotContainKey("CONDA_PREFIX_1");
  }

  @Test
  void variablesOfPackagesComeByNameAndThoseOfTheUserLast() throws IOException {
    write(prefix, "etc/conda/env_vars.d/b.json", "{\"A\": \"b\", \"B\": \"b\", \"C\": \"b\"}");
    write(prefix, "etc/conda/env_vars.d/a.json", "{\"A\": \"a\", \"B\": \"a\"}");
    write(
        prefix,
        "conda-meta/state",
        "{\"version\": 1, \"env_vars\": {\"B\": \"user\", \"C\": \"***unset***\"}}");
    Map<String, String> parent = Map.of("B", "parent's", "C", "parent's");
    Activation activation = activate(parent);
    assertThat(activation.variables())
        .containsEntry("A", "b")
        .containsEntry("B", "user")
        .containsEntry("__CONDA_SHLVL_0_B", "parent's");
    assertThat(activation.applyTo(parent)).containsEntry("C", "parent's");
  }

  @Test
  void whatWouldLeadPythonAstrayDoesNotPass() {
    Map<String, String> parent =
        Map.of(
            "PYTHONPATH", "/x",
            "PYTHONHOME", "/x",
            "VIRTUAL_ENV", "/x",
            "LD_LIBRARY_PATH", "/x",
            "DYLD_INSERT_LIBRARIES", "/x",
            "CONDA_PKGS_DIRS", "/x",
            "LANG", "C");
    assertThat(activate(parent).applyTo(parent))
        .containsEntry("LANG", "C")
        .doesNotContainValue("/x");
  }

  @Test
  void anEnvironmentMaySetForItselfWhatDoesNotPass() throws IOException {
    write(prefix, "conda-meta/state", "{\"env_vars\": {\"PYTHONPATH\": \"/mine\"}}");
    assertThat(activate(Map.of("PYTHONPATH", "/x")).applyTo(Map.of("PYTHONPATH", "/x")))
        .containsEntry("PYTHONPATH", "/mine");
  }

  @Test
  void aBrokenFileOfVariablesIsNamed() throws IOException {
    write(prefix, "conda-meta/state", "{\"env_vars\": ");
    assertThatThrownBy(() -> activate(Map.of()))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("state");
    write(prefix, "conda-meta/state", "{\"env_vars\": {\"A=B\": \"1\"}}");
    assertThatThrownBy(() -> activate(Map.of()))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("A=B");
  }

  @Test
  void aPathThatAnEnvironmentWantsToSetItselfIsRefused() throws IOException {
    write(prefix, "conda-meta/state", "{\"env_vars\": {\"PATH\": \"/mine\"}}");
    assertThatThrownBy(() -> activate(Map.of("PATH", "/usr/bin")))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("state")
        .hasMessageContaining("'PATH' is reserved");
  }

  @Test
  void windowsHasItsOwnFoldersInItsOwnOrder() throws IOException {
    Files.createDirectories(prefix.resolve("Library/mingw64/bin"));
    Files.createDirectories(prefix.resolve("Library/ucrt64/bin"));
    Map<String, String> parent = Map.of("Path", "C:\\Windows", "PythonPath", "C:\\x");
    Activation activation = Activator.activate(prefix, "mine", Platform.WIN_64, parent);
    assertThat(activation.pathEntries())
        .containsExactly(
            prefix,
            prefix.resolve("Library/ucrt64/bin"),
            prefix.resolve("Library/mingw-w64/bin"),
            prefix.resolve("Library/usr/bin"),
            prefix.resolve("Library/bin"),
            prefix.resolve("Scripts"),
            prefix.resolve("bin"));
    Map<String, String> applied = activation.applyTo(parent);
    assertThat(applied.get("Path")).startsWith(prefix + ";").endsWith(";C:\\Windows");
    assertThat(applied).doesNotContainKeys("PATH", "PythonPath");
  }

  @Test
  void aLevelThatIsNoNumberCountsAsNone() {
    Map<String, String> parent =
        Map.of("CONDA_SHLVL", "many", "CONDA_PREFIX", other.toString(), "PATH", "/bin");
    assertThat(activate(parent).variables())
        .containsEntry("CONDA_SHLVL", "1")
        .doesNotContainKey("CONDA_PREFIX_1");
  }
}
