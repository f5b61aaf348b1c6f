package io.jconda.examples;

import io.jconda.Conda;
import io.jconda.CondaException;
import io.jconda.Environment;
import io.jconda.spec.Channel;

/**
 * Makes a Python environment from the embedded channel and fits a linear regression with NumPy in
 * it.
 *
 * <p>Run a second time, it finds that nothing has to be done.
 */
public final class QuickStart {
  private static final String REGRESSION =
      """
      import numpy as np

      rng = np.random.default_rng(42)
      x = rng.uniform(-10, 10, size=(200, 2))
      y = 3.0 * x[:, 0] - 2.0 * x[:, 1] + 7.0 + rng.normal(0, 0.1, size=200)
      a = np.column_stack([x, np.ones(len(x))])
      slope1, slope2, intercept = np.linalg.lstsq(a, y, rcond=None)[0]
      print(f"y = {slope1:.3f} * x1 + {slope2:.3f} * x2 + {intercept:.3f}")
      """;

  private QuickStart() {}

  /**
   * Runs the quick start.
   *
   * @param arguments none are known
   */
  public static void main(String[] arguments) {
    try {
      run();
    } catch (CondaException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void run() {
    System.out.println("JConda makes the environment 'demo' under " + Conda.client().info().root());
    Environment env =
        Conda.env("demo")
            .channel(Channel.embedded())
            .python("3.13")
            .onProgress(new ConsoleProgress(System.out, true))
            .ensure("numpy");
    System.out.println(env.report());
    System.out.println(env.run("python", "--version").orThrow().stdout().strip());
    System.out.println(
        "Linear regression by NumPy: "
            + env.run("python", "-c", REGRESSION).orThrow().stdout().strip());
  }
}
