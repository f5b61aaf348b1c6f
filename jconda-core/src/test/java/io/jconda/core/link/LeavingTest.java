package io.jconda.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PathType;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeavingTest {
  @TempDir Path root;

  private InstalledPackage owning(String name, String... paths) {
    return InstalledPackage.builder(PackageRecord.builder(name, "1", "0").build())
        .paths(
            List.of(paths).stream()
                .map(path -> PrefixPath.builder(path, PathType.HARDLINK).build())
                .toList())
        .build();
  }

  private void write(String path) throws Exception {
    Path file = root.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, "x");
  }

  @ParameterizedTest
  @CsvSource({"LINUX_64, true", "WIN_64, false", "OSX_64, false"})
  void aPathThatAnotherSpellsOtherwiseStaysWhereCaseIsNotTold(Platform platform, boolean leaves)
      throws Exception {
    write("share/Name");

    assertThat(
            Leaving.paths(
                root,
                List.of(owning("going", "share/Name")),
                List.of(owning("staying", "share/name")),
                platform))
        .hasSize(leaves ? 1 : 0);
  }

  @Test
  void whatIsNotThereOrAFolderDoesNotLeave() throws Exception {
    write("share/there");

    assertThat(
            Leaving.paths(
                root,
                List.of(owning("going", "share/there", "share/gone", "share")),
                List.of(),
                Platform.LINUX_64))
        .containsExactly("share/there");
  }

  @Test
  void byteCodeOfModulesThatStayStays() throws Exception {
    for (String path :
        List.of(
            "lib/a.py",
            "lib/b.py",
            "lib/__pycache__/a.cpython-311.pyc",
            "lib/__pycache__/a.cpython-311.opt-1.pyc",
            "lib/__pycache__/b.cpython-311.pyc",
            "lib/__pycache__/aa.cpython-311.pyc",
            "lib/__pycache__/a.txt")) {
      write(path);
    }

    assertThat(
            Leaving.paths(
                root,
                List.of(owning("going", "lib/a.py")),
                List.of(owning("staying", "lib/b.py")),
                Platform.LINUX_64))
        .containsExactlyInAnyOrder(
            "lib/a.py",
            "lib/__pycache__/a.cpython-311.pyc",
            "lib/__pycache__/a.cpython-311.opt-1.pyc");
  }
}
