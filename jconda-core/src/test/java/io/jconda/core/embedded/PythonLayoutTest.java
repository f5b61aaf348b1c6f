package io.jconda.core.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.Platform;
import org.junit.jupiter.api.Test;

class PythonLayoutTest {
  private final PythonLayout linux = new PythonLayout(Platform.LINUX_64);
  private final PythonLayout mac = new PythonLayout(Platform.OSX_ARM64);
  private final PythonLayout windows = new PythonLayout(Platform.WIN_64);

  @Test
  void sharedLibrariesBesideTheProgramsGoToLib() {
    assertThat(linux.python("libpython3.13.so.1.0")).contains("lib/libpython3.13.so.1.0");
    assertThat(linux.python("libffi.so.8")).contains("lib/libffi.so.8");
    assertThat(mac.python("libpython3.13.dylib")).contains("lib/libpython3.13.dylib");
    assertThat(linux.openblas("libgcc_s.so.1")).contains("lib/libgcc_s.so.1");
    assertThat(mac.openblas("libgcc_s.1.1.dylib")).contains("lib/libgcc_s.1.1.dylib");
  }

  @Test
  void whatOnlyJavaOrTestsNeedIsLeftOut() {
    assertThat(linux.python("libjnipython.so")).isEmpty();
    assertThat(windows.python("jnipython.dll")).isEmpty();
    assertThat(linux.openblas("libjniopenblas.so")).isEmpty();
    assertThat(linux.openblas("include/cblas.h")).isEmpty();
    assertThat(linux.python("lib/python3.13/test/test_x.py")).isEmpty();
    assertThat(windows.python("lib/test/test_x.py")).isEmpty();
    assertThat(linux.numpy("python/numpy/_core/tests/test_x.py")).isEmpty();
    assertThat(linux.python("lib/python3.13/lib-dynload/_testcapi.cpython-313.so")).isEmpty();
    assertThat(linux.python("python3.13")).isEmpty();
  }

  @Test
  void whatPythonNeedsStays() {
    assertThat(linux.python("lib/python3.13/unittest/case.py"))
        .contains("lib/python3.13/unittest/case.py");
    assertThat(linux.python("bin/python3.13")).contains("bin/python3.13");
    assertThat(linux.python("lib/python3.13/ensurepip/_bundled/pip-25.1.1-py3-none-any.whl"))
        .isPresent();
  }

  @Test
  void pipIsAPackageOfItsOwn() {
    assertThat(linux.python("lib/python3.13/site-packages/pip/__init__.py")).isEmpty();
    assertThat(linux.pip("lib/python3.13/site-packages/pip/__init__.py"))
        .contains("site-packages/pip/__init__.py");
    assertThat(windows.pip("lib/pip-25.1.1.dist-info/METADATA"))
        .contains("site-packages/pip-25.1.1.dist-info/METADATA");
    assertThat(linux.python("lib/python3.13/site-packages/README.txt")).isPresent();
  }

  @Test
  void onWindowsThingsLieWherePythonLooksForThem() {
    assertThat(windows.python("python.exe")).contains("python.exe");
    assertThat(windows.python("python313.dll")).contains("python313.dll");
    assertThat(windows.python("lib/os.py")).contains("Lib/os.py");
    assertThat(windows.python("lib/_ssl.pyd")).contains("DLLs/_ssl.pyd");
    assertThat(windows.python("lib/libssl-3.dll")).contains("DLLs/libssl-3.dll");
    assertThat(windows.python("lib/vcruntime140.dll")).contains("vcruntime140.dll");
    assertThat(windows.python("libs/python313.lib")).contains("libs/python313.lib");
    assertThat(windows.numpy("python/numpy/__init__.py"))
        .contains("Lib/site-packages/numpy/__init__.py");
    assertThat(windows.openblas("libopenblas.dll")).contains("libopenblas.dll");
    assertThat(windows.links()).isEmpty();
  }
}
