package io.jconda.core.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.PackageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {
  @TempDir Path prefix;

  private History history(String text) throws Exception {
    Files.createDirectories(prefix.resolve("conda-meta"));
    Files.writeString(History.file(prefix), text);
    return History.read(prefix);
  }

  @Test
  void replaysWhatWasAskedForAndDropsWhatIsNotThere() throws Exception {
    History history =
        history(
            """
            ==> 2024-01-01 00:00:00 <==
            # cmd: /opt/conda/bin/conda create -n x python=3.8 numpy
            # conda version: 24.1.0
            +conda-forge/linux-64::python-3.8.1-0
            # update specs: ['numpy', 'python=3.8', "pandas[version='>=2,<3']"]
            ==> 2024-01-02 00:00:00 <==
            # cmd: conda remove numpy
            # remove specs: ['numpy']
            ==> 2024-01-03 00:00:00 <==
            # cmd: conda install gone
            # update specs: ['gone', 'track@']
            # neutered specs: ['python']
            """);

    assertThat(history.requestedSpecs(Set.of("python", "pandas", "numpy", "track")))
        .containsOnlyKeys("python", "pandas")
        .containsEntry("python", "python")
        .containsEntry("pandas", "pandas[version='>=2,<3']");
    assertThat(history.revisions()).hasSize(3);
  }

  @Test
  void readsSpecsThatMicromambaQuoted() throws Exception {
    History history =
        history(
            """
            ==> 2024-01-01 00:00:00 <==
            # cmd: micromamba install
            # conda version: 3.8.0
            # update specs: ["libcurl[version=\\">=7.86,<8.10\\"]", "conda-forge::xtl"]
            """);

    assertThat(history.requestedSpecs(Set.of("libcurl", "xtl")))
        .containsEntry("libcurl", "libcurl[version=\">=7.86,<8.10\"]")
        .containsEntry("xtl", "conda-forge::xtl");
  }

  @Test
  void joinsWhatOldCondaSplitAtCommas() throws Exception {
    History history =
        history(
            """
            ==> 2016-01-01 00:00:00 <==
            # cmd: conda install
            # install specs: python>=3.5.1,<3.7,jupyter >=1.0.0,<2.0,matplotlib
            """);

    assertThat(history.requestedSpecs(Set.of("python", "jupyter", "matplotlib")))
        .containsEntry("python", "python>=3.5.1,<3.7")
        .containsEntry("jupyter", "jupyter >=1.0.0,<2.0")
        .containsEntry("matplotlib", "matplotlib");
  }

  @Test
  void ignoresBlocksThatNobodyCalledForAsCondaDoes() throws Exception {
    History history =
        history("==> 2016-01-01 00:00:00 <==\n# update specs: ['numpy']\n+numpy-1.0-py35_0\n");

    assertThat(history.requestedSpecs(Set.of("numpy"))).isEmpty();
    assertThat(history.revisions().get(0).isFullState()).isFalse();
  }

  @Test
  void addsABlockAndKeepsEveryByteBefore() throws Exception {
    String before = "# a comment\n==> 2016-01-01 00:00:00 <==\nnumpy-1.0-py35_0";
    Revision revision =
        new Revision(
            "2026-08-01 12:00:00",
            "jconda install\nevil",
            List.of("-a/b::x-1-0", "+a/b::x-2-0"),
            List.of("x >=2", "y[version='>=2']", "z[build=\"*_0\"]"),
            List.of(),
            List.of());
    History after = history(before).with(revision);

    assertThat(after.toText())
        .isEqualTo(
            before
                + """

                ==> 2026-08-01 12:00:00 <==
                # cmd: jconda install evil
                # conda version: 3.8.0
                -a/b::x-1-0
                +a/b::x-2-0
                # update specs: ["x >=2", "y[version='>=2']", 'z[build="*_0"]']
                """);
    assertThat(history(after.toText()).revisions().get(1).updateSpecs())
        .isEqualTo(revision.updateSpecs());
    assertThat(after.revisions().get(0).isFullState()).isTrue();
  }

  @Test
  void backslashesAreWrittenAndReadAsPythonDoes() throws Exception {
    List<String> specs = List.of("x[version='^1\\.2$']", "y[version='^\"2\\d\"$',build='h\\']");
    History written =
        History.empty()
            .with(
                new Revision(
                    "2026-08-01 12:00:00", "jconda", List.of(), specs, List.of(), List.of()));

    assertThat(written.toText())
        .contains("# update specs: [\"x[version='^1\\\\.2$']\", \"y[version='^\\\"2\\\\d");
    assertThat(history(written.toText()).revisions().get(0).updateSpecs()).isEqualTo(specs);
    // an escape that Python does not know stands for itself
    assertThat(
            history("==> 2026-08-01 12:00:00 <==\n# cmd: conda\n# update specs: ['x 1\\.2']\n")
                .revisions()
                .get(0)
                .updateSpecs())
        .containsExactly("x 1\\.2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"update", "install", "create"})
  void everyWordForAskingCounts(String action) throws Exception {
    History history =
        history(
            "==> 2026-08-01 12:00:00 <==\n# cmd: conda\n# %s specs: ['x 1.*']\n".formatted(action));

    assertThat(history.requestedSpecs(Set.of("x"))).containsEntry("x", "x 1.*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"remove", "uninstall"})
  void everyWordForLettingGoCounts(String action) throws Exception {
    History history =
        history(
            """
            ==> 2026-08-01 12:00:00 <==
            # cmd: conda
            # update specs: ['x', 'y']
            ==> 2026-08-01 12:00:01 <==
            # cmd: conda
            # %s specs: ['x']
            """
                .formatted(action));

    assertThat(history.requestedSpecs(Set.of("x", "y"))).containsOnlyKeys("y");
  }

  @Test
  void namesPackagesAsCondaDoes() {
    PackageRecord.Builder record = PackageRecord.builder("numpy", "1.0", "0").subdir("linux-64");

    assertThat(History.distribution(record.channel("conda-forge").build()))
        .isEqualTo("conda-forge/linux-64::numpy-1.0-0");
    assertThat(History.distribution(record.channel("https://conda.anaconda.org/bioconda").build()))
        .isEqualTo("bioconda/linux-64::numpy-1.0-0");
    assertThat(History.distribution(record.channel("https://repo.anaconda.com/pkgs/main").build()))
        .isEqualTo("defaults/linux-64::numpy-1.0-0");
    assertThat(History.distribution(record.channel("https://example.com/x").build()))
        .isEqualTo("https://example.com/x/linux-64::numpy-1.0-0");
  }

  @Test
  void isEmptyWhereThereIsNone() {
    assertThat(History.read(prefix).revisions()).isEmpty();
  }

  @Test
  void replaysWhatWasInstalledAfterEachRevision() throws Exception {
    Files.createDirectories(prefix.resolve("conda-meta"));
    Files.writeString(
        prefix.resolve("conda-meta/history"),
        """
        ==> 2016-01-01 10:00:00 <==
        # cmd: conda create
        one-1.0-0
        two-part-name-2.0-py_1.tar.bz2
        ==> 2020-01-01 10:00:00 <==
        # cmd: conda update one
        -defaults::one-1.0-0
        +conda-forge/linux-64::one-2.0-h1_0
        ==> 2021-01-01 10:00:00 <==
        # cmd: conda remove two-part-name
        -two-part-name-2.0-py_1
        """);
    History history = History.read(prefix);

    assertThat(history.upTo(0).state()).containsOnlyKeys("one", "two-part-name");
    assertThat(history.upTo(1).state())
        .containsEntry("one", "conda-forge/linux-64::one-2.0-h1_0")
        .hasSize(2);
    assertThat(history.state()).containsOnlyKeys("one");
    assertThat(History.nameVersionBuild("two-part-name-2.0-py_1.tar.bz2"))
        .isEqualTo("two-part-name-2.0-py_1");
    assertThat(History.nameVersionBuild("conda-forge/linux-64::one-2.0-h1_0"))
        .isEqualTo("one-2.0-h1_0");
  }
}
