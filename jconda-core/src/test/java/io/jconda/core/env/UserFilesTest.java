package io.jconda.core.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InvalidFileException;
import io.jconda.StorageException;
import io.jconda.core.Fixtures;
import io.jconda.file.EnvironmentFile;
import io.jconda.file.LockFile;
import io.jconda.file.LockedPackage;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads and writes files of users. */
class UserFilesTest {
  private static final String HASH = "ab".repeat(32);

  @TempDir Path folder;

  private EnvironmentFile environment(String text) {
    return new FilesOfUsers().parseEnvironment(text, Platform.LINUX_64);
  }

  @Test
  void anEnvironmentFileIsReadAsItsSpecificationSays() {
    EnvironmentFile file =
        environment(
            """
            name: test
            prefix: /ignored
            channels: [conda-forge, https://me:s3cret@example.org/own, nodefaults]
            dependencies:
              - python=3.10
              - numpy >=1.20  # a comment
              - sel(win): pywin32
              - sel(unix): bash
              - pip:
                - requests>=2
                - -e .
            variables:
              LEVEL: 3.10
              FLAG: yes
            platforms: [linux-64, win-64]
            extra: 1
            """);
    assertThat(file.name()).contains("test");
    assertThat(file.channels())
        .extracting(Channel::name)
        .containsExactly("conda-forge", "https://example.org/own");
    assertThat(file.defaultChannels()).isFalse();
    assertThat(file.dependencies())
        .extracting(MatchSpec::toString)
        .containsExactly("python=3.10", MatchSpec.parse("numpy >=1.20").toString(), "bash");
    assertThat(file.pip()).containsExactly("requests>=2", "-e .");
    assertThat(file.variables()).isEqualTo(Map.of("LEVEL", "3.10", "FLAG", "yes"));
    assertThat(file.platforms()).containsExactly(Platform.LINUX_64, Platform.WIN_64);
    assertThat(file.warnings()).hasSize(1).first().asString().contains("'extra'");
  }

  @Test
  void whatIsWrittenIsReadAgainTheSame() {
    EnvironmentFile file =
        EnvironmentFile.builder()
            .name("no")
            .channels(List.of(Channel.of("conda-forge"), Channel.embedded()))
            .defaultChannels(false)
            .dependencies("python=3.10", "numpy=1.26=py310_0", "a[when='b>=1']")
            .pip("x==1.0", "y @ file:///a%20b/y-1-py3-none-any.whl", "-e /p q")
            .variable("VERSION", "3.10")
            .variable("MULTI", "a: b\n# c")
            .build();
    String text = new FilesOfUsers().toYaml(file);
    EnvironmentFile again = environment(text);
    assertThat(again.name()).contains("no");
    assertThat(again.channels()).isEqualTo(file.channels());
    assertThat(again.channels().get(1).isEmbedded()).isTrue();
    assertThat(again.defaultChannels()).isFalse();
    assertThat(again.dependencies()).isEqualTo(file.dependencies());
    assertThat(again.pip()).isEqualTo(file.pip());
    assertThat(again.variables()).isEqualTo(file.variables());
    assertThat(text).contains("VERSION: '3.10'").contains("name: 'no'");
  }

  @ParameterizedTest
  @CsvSource({
    "win, false",
    "not win, true",
    "osx or linux, true",
    "linux and x86_64, true",
    "linux64, true",
    "arm64, false",
    "(win or unix) and not osx, true"
  })
  void selectorsInCommentsAreAboutThePlatform(String selector, boolean kept) {
    EnvironmentFile file = environment("dependencies:\n  - a\n  - b  # [" + selector + "]\n");
    assertThat(file.dependencies()).hasSize(kept ? 2 : 1);
  }

  @Test
  void aCommentInBracketsThatIsNoSelectorIsAComment() {
    assertThat(environment("dependencies:\n  - a # [see the docs]\n").dependencies()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: x | 'dependencies'",
        "dependencies: a | is no list",
        "'dependencies: [{npm: [x]}]' | section 'npm'",
        "'dependencies: [[a]]' | list in a list",
        "'dependencies: [\"a >> 1\"]' | Cannot read",
        "'dependencies: []\ndependencies: []' | twice",
        "'channels: [\"a b\"]\ndependencies: []' | is no channel",
        "'platforms: [noarch]\ndependencies: []' | noarch",
        "'variables: [a]\ndependencies: []' | 'variables' is no map",
        "'variables: {Path: a}\ndependencies: []' | cannot be a variable",
        "'dependencies: [a' | line 1",
        "'- a' | keys with values",
      })
  void aWrongEnvironmentFileIsToldWithItsName(String text, String said) throws IOException {
    Path file = Files.writeString(folder.resolve("env.yml"), text.replace("\\n", "\n"));
    assertThatThrownBy(() -> new FilesOfUsers().readEnvironment(file, Platform.LINUX_64))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("env.yml")
        .hasMessageContaining(said);
  }

  @Test
  void aListOfSpecsIsReadToo() throws IOException {
    Path file = Files.writeString(folder.resolve("specs.txt"), "# platform: x\n\npython\na>=1\n");
    assertThat(new FilesOfUsers().readEnvironment(file, Platform.LINUX_64).dependencies())
        .extracting(MatchSpec::name)
        .containsExactly("python", "a");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> LockFile.read(folder.resolve("none.yml")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("none.yml");
  }

  private static LockFile lock() {
    return LockFile.of(
        List.of(Channel.of("conda-forge")),
        List.of(
            LockedPackage.builder(
                    LockedPackage.Manager.CONDA,
                    "a",
                    "3.10",
                    Platform.LINUX_64,
                    "https://example.org/forge/noarch/a-3.10-0.conda")
                .sha256(HASH)
                .md5("cd".repeat(16))
                .build("0")
                .depends(List.of("b >=1", "b <3", "c"))
                .build(),
            LockedPackage.builder(
                    LockedPackage.Manager.PIP,
                    "p",
                    "1.0",
                    Platform.LINUX_64,
                    "https://example.org/p-1.0-py3-none-any.whl")
                .sha256(HASH)
                .category("dev")
                .optional(true)
                .build()));
  }

  @Test
  void aLockFileIsReadAgainAsItWasWritten() {
    LockFile again = LockFile.parse(lock().toYaml());
    assertThat(again.channels()).isEqualTo(lock().channels());
    assertThat(again.packages(Platform.LINUX_64)).hasSize(2);
    LockedPackage a = again.packages().get(0);
    assertThat(a.version()).isEqualTo("3.10");
    assertThat(a.depends()).containsExactly("b >=1,<3", "c");
    assertThat(a.build()).contains("0");
    assertThat(again.packages().get(1)).isEqualTo(lock().packages().get(1));
    assertThat(again.toYaml()).isEqualTo(lock().toYaml());
    assertThat(lock().toYaml()).contains("version: '3.10'").contains("content_hash:");
  }

  @Test
  void anExplicitListIsReadAgainAsItWasWritten() {
    String text = lock().toExplicit(Platform.LINUX_64);
    LockFile again = LockFile.parse(text);
    assertThat(again.platforms()).containsExactly(Platform.LINUX_64);
    assertThat(again.packages()).hasSize(1);
    assertThat(again.packages().get(0).name()).isEqualTo("a");
    assertThat(again.packages().get(0).sha256()).contains(HASH);
    assertThat(text).contains("p==1.0").contains("@EXPLICIT\nhttps://");
    assertThatThrownBy(() -> lock().toExplicit(Platform.WIN_64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("win-64");
  }

  @Test
  void anExplicitListReplacesAFileInOneStep() throws IOException {
    Path file = Files.writeString(folder.resolve("list.txt"), "something else");

    Path written = lock().writeExplicit(file, Platform.LINUX_64);

    assertThat(written).isEqualTo(file).hasContent(lock().toExplicit(Platform.LINUX_64));
    assertThat(folder.toFile().list()).containsExactly("list.txt");
    assertThatThrownBy(() -> lock().writeExplicit(file, Platform.WIN_64))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(written).hasContent(lock().toExplicit(Platform.LINUX_64));
  }

  @Test
  void variablesAndRelativePathsInAnExplicitListAreExpanded() {
    String text = "@EXPLICIT\n$WHERE/noarch/a-1-0.conda\nb-2-0.tar.bz2#" + "ef".repeat(16) + "\n";
    LockFile lock = ExplicitList.read(text, "x", Map.of("WHERE", "file:///data"));
    assertThat(lock.packages().get(0).url()).isEqualTo("file:///data/noarch/a-1-0.conda");
    assertThat(lock.packages().get(1).url())
        .isEqualTo("file://" + Path.of("b-2-0.tar.bz2").toAbsolutePath());
    assertThat(lock.packages().get(1).md5()).contains("ef".repeat(16));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version: 6 | '6'",
        "version: 1 | 'metadata'",
        "@EXPLICIT\\nnumpy | is no package",
        "@EXPLICIT\\n/c/linux-64/a-1-0.conda\\n/c/win-64/b-1-0.conda | several platforms",
      })
  void aWrongLockFileIsToldWithItsName(String text, String said) throws IOException {
    Path file = Files.writeString(folder.resolve("lock.yml"), text.replace("\\n", "\n"));
    assertThatThrownBy(() -> LockFile.read(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("lock.yml")
        .hasMessageContaining(said);
  }

  @Test
  void anEntryWithoutHashOrTwiceIsRefused() {
    String text = lock().toYaml();
    assertThatThrownBy(() -> LockFile.parse(text.replace(HASH, "none")))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("'none'");
    String entry = text.substring(text.indexOf("  - name: a"), text.indexOf("  - name: p"));
    assertThatThrownBy(() -> LockFile.parse(text + entry))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void realFilesAreRead() {
    LockFile lock = LockFile.read(Fixtures.of("files/conda-lock-envlockfile.yaml"));
    assertThat(lock.platforms()).containsExactly(Platform.LINUX_64);
    assertThat(lock.packages().get(0).url())
        .endsWith("/conda-forge/linux-64/_libgcc_mutex-0.1-conda_forge.tar.bz2");
    assertThat(lock.packages()).allMatch(each -> each.sha256().or(each::md5).isPresent());
    assertThat(LockFile.parse(lock.toYaml()).packages()).hasSameSizeAs(lock.packages());

    LockFile list = LockFile.read(Fixtures.of("files/explicit-envs-ros-noetic_linux-64.txt"));
    assertThat(list.platforms()).containsExactly(Platform.LINUX_64);
    assertThat(list.packages()).hasSizeGreaterThan(100);

    EnvironmentFile file =
        EnvironmentFile.read(Fixtures.of("files/environments-asymmetric_vqgan.environment.yaml"));
    assertThat(file.pip()).hasSize(19).contains("-e .");
    assertThat(file.channels()).extracting(Channel::name).containsExactly("pytorch", "defaults");
    assertThatThrownBy(() -> LockFile.read(Fixtures.of("files/pixi-lock-v6-conda-path-lock.yml")))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("version is '6'");
  }
}
