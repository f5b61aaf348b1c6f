package io.jconda.examples;

import io.jconda.Conda;
import io.jconda.CondaException;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import io.jconda.progress.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Takes the whole beginner's course of conda, step by step, from Java.
 *
 * <p>With conda-forge it makes Python 3.8 with TensorFlow and transformers; with {@code --embedded}
 * it takes the same steps with what the embedded channel has, so that every step runs on a machine
 * without a conda channel.
 */
public final class WalkThrough {
  private final Course course;
  private int step;

  private WalkThrough(Course course) {
    this.course = course;
  }

  /**
   * Says what the course uses.
   *
   * @param channel where packages come from
   * @param python the version of Python
   * @param packages what to install with conda
   * @param requirement what to install with pip
   * @param fromIndex whether pip may ask its index
   * @param script the sentiment analysis, a resource beside this class
   * @param updated the package to update
   */
  private record Course(
      String channel,
      String python,
      List<String> packages,
      String requirement,
      boolean fromIndex,
      String script,
      String updated) {}

  /**
   * Takes the course.
   *
   * @param arguments {@code --embedded}, or nothing
   */
  public static void main(String[] arguments) throws IOException {
    boolean embedded = List.of(arguments).contains("--embedded");
    if (arguments.length > (embedded ? 1 : 0)) {
      System.err.println("Usage: WalkThrough [--embedded]");
      System.exit(2);
    }
    Path folder = Files.createTempDirectory("jconda-walk-through");
    try {
      new WalkThrough(embedded ? embedded(folder) : condaForge()).run();
    } catch (CondaException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    } finally {
      SentimentWheel.delete(folder);
    }
  }

  private static Course condaForge() {
    return new Course(
        "conda-forge",
        "3.8",
        List.of("tensorflow"),
        "transformers",
        true,
        "sentiment_transformers.py",
        "tensorflow");
  }

  private static Course embedded(Path folder) throws IOException {
    return new Course(
        "embedded:",
        "3.13",
        List.of("numpy", "jconda-hello=1.0"),
        SentimentWheel.build(folder).toString(),
        false,
        "sentiment_lexicon.py",
        "jconda-hello");
  }

  private void run() throws IOException {
    ProgressListener progress = new ConsoleProgress(System.out, true);

    title("Get conda");
    System.out.println(
        "Nothing to do: JConda is a library, so solver, cache and linker run in this JVM. Its root is "
            + Conda.client().info().root());

    title("conda create -n myenv python=" + course.python());
    EnvironmentRequest request =
        Conda.env("myenv").channel(course.channel()).python(course.python()).onProgress(progress);
    Environment env = request.replace().create();
    System.out.println(env.report());

    title("conda activate myenv");
    System.out.println(env.activation());

    title("conda install " + String.join(" ", course.packages()));
    env = env.install(course.packages().toArray(String[]::new));
    System.out.println(env.report());

    title("pip install " + course.requirement());
    var pip = course.fromIndex() ? env.pip() : env.pip().noIndex();
    pip.onProgress(progress).install(course.requirement());

    title("Run a sentiment analysis");
    System.out.print(env.run("python", "-c", resource(course.script())).orThrow().stdout());

    title("conda update " + course.updated());
    env = env.update(course.updated());
    System.out.println(env.report());

    title("conda update --all");
    env = env.updateAll();
    System.out.println(env.report());

    title("conda env list");
    Conda.environments().forEach(System.out::println);

    title("conda env remove -n myenv");
    env.remove();
    System.out.println(
        "Removed " + env.prefix() + "; the package cache stays for the next environment.");
  }

  private void title(String text) {
    step++;
    System.out.printf("%n%d. %s%n", step, text);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = WalkThrough.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("The program lacks its own file " + name + ".");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
