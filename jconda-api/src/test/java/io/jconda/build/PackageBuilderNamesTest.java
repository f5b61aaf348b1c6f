package io.jconda.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaException;
import io.jconda.InvalidNameException;
import io.jconda.InvalidSpecException;
import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageBuilderNamesTest {
  private static PackageBuilder builder() {
    return PackageBuilder.of("name", "1.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "numpy", "_libgcc_mutex", "r-base", "zope.interface", "7zip", "libc++"})
  void namesAreThoseOfCep26(String name) {
    if (name.contains("+")) {
      assertThatThrownBy(() -> PackageBuilder.of(name, "1"))
          .isInstanceOf(InvalidNameException.class);
    } else {
      assertThat(PackageBuilder.of(name, "1").describe().name()).isEqualTo(name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "NumPy", "../x", "a--b", "a..b", "__glibc", "a b", "-a", "a/b", "ä", "libc++"})
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> PackageBuilder.of(name, "1")).isInstanceOf(InvalidNameException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1-2", "1/2", "1 2", "1.0A"})
  void versionsThatNoFileNameMayHaveAreRefused(String version) {
    assertThatThrownBy(() -> PackageBuilder.of("a", version))
        .isInstanceOf(InvalidSpecException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a-b", "a/b", "a b"})
  void otherBuildStringsAreRefused(String build) {
    assertThatThrownBy(() -> builder().buildString(build)).isInstanceOf(InvalidNameException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "./a",
        "a/",
        "info/index.json",
        "INFO/x",
        "conda-meta/history",
        "a\\b",
        "C:/x",
        "a\nb",
        "a\0b"
      })
  void pathsThatLeaveThePackageOrAreCondasOwnAreRefused(String path) {
    assertThatThrownBy(() -> builder().file(path, "x")).isInstanceOf(InvalidNameException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/etc/passwd", "../../x", "a/../../../x", "C:\\x"})
  void linksThatLeaveThePackageAreRefused(String target) {
    assertThatThrownBy(() -> builder().symbolicLink("lib/x", target))
        .isInstanceOf(InvalidNameException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "hello = hello",
        "../x = a:b",
        "a/b = a:b",
        "a = os;import x:b",
        "a = a:b()",
        "= a:b",
        "a = :b",
        "a = a:",
        "a = a.:b",
        "a = a:b\nimport os"
      })
  void entryPointsThatAreNotPlainNamesAreRefused(String entryPoint) {
    PackageBuilder python = builder().noarch(NoarchType.PYTHON);

    assertThatThrownBy(() -> python.entryPoint(entryPoint))
        .isInstanceOf(InvalidNameException.class);
  }

  @Test
  void dependenciesThatCannotBeReadAreRefused() {
    assertThatThrownBy(() -> builder().depends("python >="))
        .isInstanceOf(InvalidSpecException.class);
    assertThatThrownBy(() -> builder().constrains("a[version"))
        .isInstanceOf(InvalidSpecException.class);
  }

  @Test
  void partsThatDoNotGoTogetherAreRefused() {
    assertThatThrownBy(() -> builder().entryPoint("a = b:c").describe())
        .isInstanceOf(InvalidNameException.class);
    assertThatThrownBy(() -> builder().file("a", "x").file("a/b", "x").describe())
        .isInstanceOf(InvalidNameException.class);
    assertThatThrownBy(() -> builder().symbolicLink("a", "b").file("a/b", "x").describe())
        .isInstanceOf(InvalidNameException.class);
    assertThatThrownBy(() -> builder().file("a", "x").file("a", "y"))
        .isInstanceOf(InvalidNameException.class);
    assertThatThrownBy(() -> builder().noLink("a").describe())
        .isInstanceOf(InvalidNameException.class);
    assertThatThrownBy(() -> builder().buildNumber(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().compressionLevel(23))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().placeholder(""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theBuildStringFollowsFromTheNumber() {
    assertThat(builder().buildNumber(2).describe().fileName()).isEqualTo("name-1.0-2.conda");
    assertThat(builder().noarch(NoarchType.PYTHON).describe().distName())
        .isEqualTo("name-1.0-py_0");
    assertThat(builder().describe().noarch()).contains(NoarchType.GENERIC);
    assertThat(builder().platform(Platform.WIN_64).describe().noarch()).isEmpty();
    assertThat(builder().platform(Platform.WIN_64).describe())
        .hasToString("win-64/name-1.0-0.conda");
  }

  @Test
  void withoutCoreTheDependencyToAddIsNamed(@TempDir Path channel) {
    assertThatThrownBy(() -> builder().build(channel))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("io.jconda:jconda-core");
  }
}
