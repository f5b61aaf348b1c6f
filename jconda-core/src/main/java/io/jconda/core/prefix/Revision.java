package io.jconda.core.prefix;

import java.util.List;

/**
 * Holds one block of a prefix's history: what was called, what changed, what was asked for (CEP-32,
 * conda: {@code history.py}).
 *
 * @param time when, as {@code 2026-08-01 12:00:00}
 * @param command what was called, empty if the block does not say
 * @param distributions what changed, each with {@code +} or {@code -} before it; or, in the first
 *     block of old files, all that was there, with no sign
 * @param updateSpecs the specs that were asked for
 * @param removeSpecs the specs that were asked to go
 * @param neuteredSpecs the specs that take the place of earlier ones that could not be kept
 */
public record Revision(
    String time,
    String command,
    List<String> distributions,
    List<String> updateSpecs,
    List<String> removeSpecs,
    List<String> neuteredSpecs) {
  /** What readers compare with their own version; the lowest that they know suits all of them. */
  private static final String CONDA_VERSION = "3.8.0";

  /** Makes a revision with lists of its own. */
  public Revision {
    distributions = List.copyOf(distributions);
    updateSpecs = List.copyOf(updateSpecs);
    removeSpecs = List.copyOf(removeSpecs);
    neuteredSpecs = List.copyOf(neuteredSpecs);
  }

  /** Tells whether the block lists a whole state rather than what changed. */
  public boolean isFullState() {
    return !distributions.isEmpty()
        && distributions.stream().noneMatch(line -> line.startsWith("+") || line.startsWith("-"));
  }

  /** Returns the block as it stands in a file, in a form that conda and micromamba read alike. */
  public String toText() {
    StringBuilder text = new StringBuilder("==> ").append(time).append(" <==\n");
    // conda takes only blocks with a command as requests
    String shown = command.isBlank() ? "jconda" : command.replaceAll("\\s+", " ").strip();
    text.append("# cmd: ").append(shown).append('\n');
    text.append("# conda version: ").append(CONDA_VERSION).append('\n');
    for (String line : distributions) {
      text.append(line).append('\n');
    }
    appendSpecs(text, "remove", removeSpecs);
    appendSpecs(text, "update", updateSpecs);
    appendSpecs(text, "neutered", neuteredSpecs);
    return text.toString();
  }

  private static void appendSpecs(StringBuilder text, String action, List<String> specs) {
    if (!specs.isEmpty()) {
      String separator = "";
      text.append("# ").append(action).append(" specs: [");
      for (String spec : specs) {
        text.append(separator).append(quote(spec));
        separator = ", ";
      }
      text.append("]\n");
    }
  }

  /**
   * Quotes a text as Python does; the kind of quote that is not inside, so that few escapes are
   * needed.
   */
  private static String quote(String spec) {
    String escaped = spec.replace("\\", "\\\\");
    if (spec.indexOf('"') < 0) {
      return '"' + escaped + '"';
    }
    return spec.indexOf('\'') < 0
        ? '\'' + escaped + '\''
        : '"' + escaped.replace("\"", "\\\"") + '"';
  }
}
