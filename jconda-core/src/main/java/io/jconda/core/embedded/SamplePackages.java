package io.jconda.core.embedded;

import io.jconda.build.PackageBuilder;
import io.jconda.spec.NoarchType;
import java.util.List;

/** Describes the small packages of the embedded channel that are there to be tried out. */
final class SamplePackages {
  private SamplePackages() {}

  /** Returns all of them. */
  static List<PackageBuilder> all() {
    return List.of(hello("1.0"), hello("1.1"), regression());
  }

  /** Has two versions, so that there is something to update. */
  private static PackageBuilder hello(String version) {
    return python("jconda-hello", version, "Greets from an environment")
        .depends("python >=3.9")
        .file(
            "site-packages/jconda_hello/__init__.py",
            """
            \"""Greets from an environment.\"""

            __version__ = "%s"


            def greeting(name="world"):
                return f"Hello, {name}, from jconda-hello {__version__}!"
            """
                .formatted(version))
        .file(
            "site-packages/jconda_hello/cli.py",
            """
            import sys

            from jconda_hello import greeting


            def main():
                print(greeting(*sys.argv[1:2]))
                return 0


            if __name__ == "__main__":
                sys.exit(main())
            """)
        .entryPoint("jconda-hello = jconda_hello.cli:main");
  }

  private static PackageBuilder regression() {
    return python("jconda-regression", "1.0", "Fits a line or a plane through points")
        .depends("python >=3.9", "numpy", "jconda-hello >=1.0")
        .file(
            "site-packages/jconda_regression.py",
            """
            \"""Fits a line or a plane through points, by least squares.\"""

            import sys

            import numpy as np

            __version__ = "1.0"


            def fit(x, y):
                \"""Return the intercept and the coefficients of y over x, one point a row.\"""
                x = np.asarray(x, dtype=float)
                if x.ndim == 1:
                    x = x[:, np.newaxis]
                design = np.hstack([np.ones((len(x), 1)), x])
                solution, *_ = np.linalg.lstsq(design, np.asarray(y, dtype=float), rcond=None)
                return solution[0], solution[1:]


            def main():
                \"""Read rows of numbers, the last of each is y, and print what was fitted.\"""
                rows = np.loadtxt(sys.stdin, ndmin=2)
                intercept, coefficients = fit(rows[:, :-1], rows[:, -1])
                print("intercept:", round(float(intercept), 6))
                print("coefficients:", [round(float(c), 6) for c in coefficients])
                return 0
            """)
        .entryPoint("jconda-regression = jconda_regression:main");
  }

  private static PackageBuilder python(String name, String version, String summary) {
    String distInfo = "site-packages/" + name.replace('-', '_') + "-" + version + ".dist-info/";
    return PackageBuilder.of(name, version)
        .noarch(NoarchType.PYTHON)
        .license("Apache-2.0")
        .about("summary", summary)
        .file(
            distInfo + "METADATA",
            "Metadata-Version: 2.1\nName: %s\nVersion: %s\nSummary: %s\n"
                .formatted(name, version, summary))
        .file(distInfo + "INSTALLER", "conda\n");
  }
}
