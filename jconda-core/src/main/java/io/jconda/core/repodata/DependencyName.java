package io.jconda.core.repodata;

import java.util.Locale;

/** Takes the package's name out of the text of a dependency, without reading the rest of it. */
public final class DependencyName {
  private static final String ENDS = " \t=<>!~[;";

  private DependencyName() {}

  /**
   * Returns the name in lower case; a glob where the dependency has one.
   *
   * @param dependency the text of a spec, as records have it
   */
  public static String of(String dependency) {
    String text = dependency.strip();
    int start = text.lastIndexOf("::", firstEnd(text, 0)) + 2;
    start = start == 1 ? 0 : start;
    return text.substring(start, firstEnd(text, start)).toLowerCase(Locale.ROOT);
  }

  private static int firstEnd(String text, int start) {
    int end = start;
    while (end < text.length() && ENDS.indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return end;
  }
}
