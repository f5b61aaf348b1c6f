package io.jconda.core.embedded;

import io.jconda.spec.Platform;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Knows where the files of the artifacts go in an environment, and which are left out: what only
 * Java calls, what only tests or draws windows, and copies of what is better a link (jars hold no
 * links).
 */
final class PythonLayout {
  private static final Pattern USELESS =
      Pattern.compile(
          "lib(/python3\\.13)?/(test|idlelib|tkinter|turtledemo)/.*"
              + "|lib/cmake/.*|lib/pkgconfig/(openssl|libssl|libcrypto)\\.pc"
              + "|bin/(c_rehash|idle3.*|pip3.*|python3|pydoc3|python3-config)"
              + "|share/man/man1/python3\\.1|lib/pkgconfig/python3(-embed)?\\.pc"
              + "|lib(/python3\\.13/lib-dynload)?/(_ctypes_test|_test|_xxtest|xx|_tkinter)[^/]*"
              + "|lib/(tcl86t|tk86t|pyshellext)\\.dll"
              + "|(lib)?jni[^/]*|python3\\.13|libffi\\.so"
              + "|(.*/)?__pycache__/.*");
  private static final Pattern SHARED_LIBRARY =
      Pattern.compile("lib(python|ffi|openblas|gfortran|quadmath|gcc_s)[^/]*\\.(so|dylib)[.0-9]*");

  private final Platform platform;

  PythonLayout(Platform platform) {
    this.platform = platform;
  }

  /** Returns where Python looks for modules. */
  String sitePackages() {
    return platform.isWindows() ? "Lib/site-packages" : "lib/python3.13/site-packages";
  }

  /** Returns where a file of pip goes in a noarch package, if it is one. */
  Optional<String> pip(String path) {
    String folder = platform.isWindows() ? "lib/" : "lib/python3.13/site-packages/";
    if (!path.startsWith(folder + "pip/") && !path.startsWith(folder + "pip-")) {
      return Optional.empty();
    }
    return path.contains("/__pycache__/")
        ? Optional.empty()
        : Optional.of("site-packages/" + path.substring(folder.length()));
  }

  /** Returns where a file of Python goes, unless it is left out or pip's. */
  Optional<String> python(String path) {
    if (USELESS.matcher(path).matches() || pip(path).isPresent()) {
      return Optional.empty();
    }
    if (platform.isWindows()) {
      return Optional.of(windows(path));
    }
    return Optional.of(SHARED_LIBRARY.matcher(path).matches() ? "lib/" + path : path);
  }

  private static String windows(String path) {
    if (!path.startsWith("lib/")) {
      return path;
    }
    String rest = path.substring("lib/".length());
    if (rest.startsWith("vcruntime")) {
      // beside the program, which needs it to start
      return rest;
    }
    boolean binary = rest.indexOf('/') < 0 && (rest.endsWith(".pyd") || rest.endsWith(".dll"));
    return (binary ? "DLLs/" : "Lib/") + rest;
  }

  /** Returns where a file of NumPy goes, unless it is left out. */
  Optional<String> numpy(String path) {
    if (path.contains("/tests/") || path.contains("/__pycache__/")) {
      return Optional.empty();
    }
    if (path.startsWith("python/")) {
      return path.endsWith(".dist-info/direct_url.json")
          ? Optional.empty()
          : Optional.of(sitePackages() + path.substring("python".length()));
    }
    return path.startsWith("bin/") ? Optional.of(path) : Optional.empty();
  }

  /** Returns where a file of OpenBLAS goes, unless it is left out. */
  Optional<String> openblas(String path) {
    if (platform.isWindows()) {
      // where Python's program lies: there Windows looks for what an extension module needs
      return path.equals("libopenblas.dll") ? Optional.of(path) : Optional.empty();
    }
    return SHARED_LIBRARY.matcher(path).matches() ? Optional.of("lib/" + path) : Optional.empty();
  }

  /** Tells whether a file may be executed; the jars have lost that. */
  boolean executable(String target) {
    return !platform.isWindows()
        && (target.startsWith("bin/") || target.contains(".so") || target.endsWith(".dylib"));
  }

  /** Returns links to make, by path, for those targets that there are. */
  Map<String, String> links() {
    Map<String, String> links = new LinkedHashMap<>();
    if (platform.isWindows()) {
      return links;
    }
    links.put("bin/python", "python3.13");
    links.put("bin/python3", "python3.13");
    links.put("bin/pydoc", "pydoc3.13");
    links.put("bin/pydoc3", "pydoc3.13");
    links.put("bin/python3-config", "python3.13-config");
    links.put("lib/pkgconfig/python3.pc", "python-3.13.pc");
    links.put("lib/pkgconfig/python3-embed.pc", "python-3.13-embed.pc");
    links.put("share/man/man1/python3.1", "python3.13.1");
    links.put("lib/libpython3.13.so", "libpython3.13.so.1.0");
    links.put("lib/libffi.so", "libffi.so.8");
    // _ctypes looks for it beside itself
    links.put("lib/python3.13/lib-dynload/libffi.so.8", "../../libffi.so.8");
    links.put("lib/libopenblas.so", "libopenblas.so.0");
    links.put("lib/libopenblas.dylib", "libopenblas.0.dylib");
    return links;
  }
}
