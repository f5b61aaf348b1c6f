package io.jconda.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchPathTest {
  @TempDir private Path top;

  private List<String> found(Condarcs machine) {
    return SearchPath.files(machine.surroundings()).stream()
        .map(file -> top.relativize(file).toString().replace('\\', '/'))
        .toList();
  }

  @Test
  void theWeakestPlaceComesFirst() {
    Condarcs machine = new Condarcs(top);
    List<String> places =
        List.of(
            "etc/conda/.condarc",
            "etc/conda/condarc",
            "etc/conda/condarc.d/a.yml",
            "var/lib/conda/.condarc",
            "var/lib/conda/condarc",
            "var/lib/conda/condarc.d/a.yaml",
            "base/.condarc",
            "base/condarc",
            "base/condarc.d/a.yml",
            "xdg/conda/.condarc",
            "xdg/conda/condarc",
            "xdg/conda/condarc.d/a.yml",
            "home/.config/conda/.condarc",
            "home/.config/conda/condarc",
            "home/.config/conda/condarc.d/a.yml",
            "home/.conda/.condarc",
            "home/.conda/condarc",
            "home/.conda/condarc.d/a.yml",
            "home/.condarc",
            "active/.condarc",
            "active/condarc",
            "active/condarc.d/a.yml",
            "mine/other.yml");
    places.forEach(place -> machine.write(place, ""));
    machine.write("home/.mambarc", "");
    machine
        .variable("CONDA_ROOT", top.resolve("base").toString())
        .variable("XDG_CONFIG_HOME", top.resolve("xdg").toString())
        .variable("CONDA_PREFIX", top.resolve("active").toString())
        .variable("CONDARC", top.resolve("mine/other.yml").toString());

    assertThat(found(machine)).containsExactlyElementsOf(places);
  }

  @Test
  void windowsHasAPlaceOfItsOwn() {
    Condarcs machine = new Condarcs(top).onWindows();
    machine.write("ProgramData/conda/condarc.d/b.yml", "");
    machine.write("ProgramData/conda/.condarc", "");
    machine.write("etc/conda/.condarc", "");
    machine.write("home/.condarc", "");

    assertThat(found(machine))
        .containsExactly(
            "ProgramData/conda/.condarc", "ProgramData/conda/condarc.d/b.yml", "home/.condarc");
  }

  @Test
  void aFolderIsReadByNameAndOnlyItsYamlFiles() {
    Condarcs machine = new Condarcs(top);
    machine.write("etc/conda/condarc.d/10-b.yaml", "");
    machine.write("etc/conda/condarc.d/09-c.yml", "");
    machine.write("etc/conda/condarc.d/B.yml", "");
    machine.write("etc/conda/condarc.d/readme.txt", "");
    machine.write("etc/conda/condarc.d/.yml", "");
    machine.write("etc/conda/condarc.d/sub.yml/inner.yml", "");

    assertThat(found(machine))
        .containsExactly(
            "etc/conda/condarc.d/09-c.yml",
            "etc/conda/condarc.d/10-b.yaml",
            "etc/conda/condarc.d/B.yml");
  }

  @Test
  void aNamedFileNeedsAFitNameAndAnyFileIsReadOnce() {
    Condarcs unfit = new Condarcs(top).variable("CONDARC", top.resolve("settings.txt").toString());
    unfit.write("settings.txt", "");
    unfit.write("home/.condarc", "");
    assertThat(found(unfit)).containsExactly("home/.condarc");

    Condarcs again = new Condarcs(top).variable("CONDARC", "~/.condarc");
    assertThat(found(again)).containsExactly("home/.condarc");
  }
}
