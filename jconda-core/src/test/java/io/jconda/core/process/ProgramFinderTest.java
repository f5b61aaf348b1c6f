package io.jconda.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CommandFailedException;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks for programs by the rules of both families of systems, on this one. */
class ProgramFinderTest {
  @TempDir Path folder;

  private Path program(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private Path onWindows(String name, Map<String, String> environment) {
    return new ProgramFinder(
            Platform.WIN_64, Activator.pathEntries(folder, Platform.WIN_64), environment)
        .find(List.of(name), folder);
  }

  @Test
  void windowsFindsPythonInTheEnvironmentsOwnFolder() throws IOException {
    Path python = program("python.exe");
    program("Scripts/python.exe");
    assertThat(onWindows("python", Map.of())).isEqualTo(python);
  }

  @Test
  void windowsFindsWhatLiesInLibraryBin() throws IOException {
    Path tool = program("Library/bin/gdalinfo.exe");
    program("Scripts/gdalinfo.exe");
    assertThat(onWindows("gdalinfo", Map.of())).isEqualTo(tool);
  }

  @Test
  void windowsFindsEntryPointsInScripts() throws IOException {
    Path pip = program("Scripts/pip.exe");
    assertThat(onWindows("pip", Map.of())).isEqualTo(pip);
  }

  @Test
  void windowsTriesExtensionsInTheOrderOfItsVariable() throws IOException {
    Path batch = program("Scripts/tool.bat");
    Path exe = program("Scripts/tool.exe");
    assertThat(onWindows("tool", Map.of())).isEqualTo(exe);
    assertThat(onWindows("tool", Map.of("PathExt", ".BAT;.EXE"))).isEqualTo(batch);
  }

  @Test
  void windowsAddsNoExtensionToANameThatHasOne() throws IOException {
    Path batch = program("Scripts/tool.bat");
    program("Scripts/tool.bat.exe");
    assertThat(onWindows("tool.bat", Map.of())).isEqualTo(batch);
  }

  @Test
  void aPathIsTakenFromTheDirectoryThatTheProgramStartsIn() throws IOException {
    Path tool = program("sub/tool.exe");
    assertThat(onWindows("sub/tool", Map.of())).isEqualTo(tool);
  }

  @Test
  void unixTakesNamesAsTheyAre() throws IOException {
    program("bin/tool.exe");
    ProgramFinder finder =
        new ProgramFinder(Platform.LINUX_64, List.of(folder.resolve("bin")), Map.of());
    assertThatThrownBy(() -> finder.find(List.of("tool"), folder))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("'tool'");
    assertThat(finder.find(List.of("tool.exe"), folder)).isEqualTo(folder.resolve("bin/tool.exe"));
  }
}
