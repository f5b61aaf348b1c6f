package io.jconda.core.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InstallException;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InsidePrefixTest {
  @Test
  void bringsPathsIntoPlainForm() {
    assertThat(InsidePrefix.check("./lib//x/./y", "any")).isEqualTo("lib/x/y");
    assertThat(InsidePrefix.check("lib/dev-disk\\x2dby", "any")).isEqualTo("lib/dev-disk\\x2dby");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../x",
        "lib/../../x",
        "lib\\..\\..\\x",
        "C:/x",
        "conda-meta/evil.json",
        "Conda-Meta/history",
        "./conda-meta/x",
        "",
        "."
      })
  void refusesPathsThatLeaveThePrefixOrAreRecords(String path) {
    assertThatThrownBy(() -> InsidePrefix.check(path, "evil 1 0"))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("evil 1 0");
  }

  @Test
  void refusesAPythonWhoseModulesLieOutside() {
    PackageRecord python =
        PackageRecord.builder("python", "3.13.1", "0").pythonSitePackagesPath("../modules").build();
    assertThatThrownBy(() -> PythonSite.of(python, Platform.LINUX_64))
        .isInstanceOf(InstallException.class);
  }

  @Test
  void findsThePythonOfEachPlatform() {
    PackageRecord python = PackageRecord.builder("python", "3.13.1", "0").build();
    PackageRecord threads =
        PackageRecord.builder("python", "3.13.1", "0")
            .pythonSitePackagesPath("lib/python3.13t/site-packages")
            .build();

    assertThat(PythonSite.of(python, Platform.LINUX_64))
        .isEqualTo(new PythonSite("3.13", "lib/python3.13/site-packages", "bin/python3.13", "bin"));
    assertThat(PythonSite.of(python, Platform.WIN_64))
        .isEqualTo(new PythonSite("3.13", "Lib/site-packages", "python.exe", "Scripts"));
    PythonSite two =
        PythonSite.of(PackageRecord.builder("python", "2.7.18", "0").build(), Platform.LINUX_64);
    assertThat(two.byteCodeOf("a/b.py")).isEqualTo("a/b.pyc");
    PythonSite free = PythonSite.of(threads, Platform.LINUX_64);
    assertThat(free.sitePackages()).isEqualTo("lib/python3.13t/site-packages");
    assertThat(free.sharesModulesWith(PythonSite.of(python, Platform.LINUX_64))).isFalse();
    assertThat(free.byteCodeOf("a/b.py")).isEqualTo("a/__pycache__/b.cpython-313.pyc");
  }
}
