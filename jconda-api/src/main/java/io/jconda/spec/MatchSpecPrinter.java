package io.jconda.spec;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the canonical form of a match spec (CEP-29, appendix A). */
final class MatchSpecPrinter {
  private final StringBuilder front = new StringBuilder();
  private final StringBuilder keywords = new StringBuilder();

  void front(String text) {
    front.append(text);
  }

  /** Writes both where they can stand in front, else as keywords. */
  void versionAndBuild(@Nullable VersionSpec version, @Nullable TextPattern build) {
    boolean exact = version != null && version.exactVersion().isPresent();
    if (exact) {
      front.append(version);
    } else if (version != null
        && version.clause() instanceof VersionClause.Prefix prefix
        && !prefix.negated()) {
      front.append('=').append(prefix.start());
    } else {
      keyword("version", version);
    }
    if (exact && build != null && build.isExact() && isPlain(build.toString())) {
      front.append('=').append(build);
    } else {
      keyword("build", build);
    }
  }

  private static boolean isPlain(String build) {
    return build.chars().allMatch(c -> MatchSpecParser.isBuildCharacter((char) c));
  }

  void keyword(String key, @Nullable Object value) {
    if (value != null) {
      key(key).append(quoted(value.toString()));
    }
  }

  void words(String key, @Nullable Collection<String> words) {
    keyword(key, words == null ? null : String.join(" ", words));
  }

  void list(String key, List<?> values) {
    if (values.isEmpty()) {
      return;
    }
    StringBuilder out = key(key).append('[');
    String separator = "";
    for (Object value : values) {
      out.append(separator).append(quoted(value.toString()));
      separator = ",";
    }
    out.append(']');
  }

  private StringBuilder key(String key) {
    return keywords.append(keywords.isEmpty() ? "" : ",").append(key).append('=');
  }

  private static String quoted(String value) {
    char quote = value.indexOf('\'') >= 0 && value.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder().append(quote);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean escapes =
          c == '\\' && (i + 1 == value.length() || "'\"\\".indexOf(value.charAt(i + 1)) >= 0);
      out.append(c == quote || escapes ? "\\" : "").append(c);
    }
    return out.append(quote).toString();
  }

  @Override
  public String toString() {
    return keywords.isEmpty() ? front.toString() : front + "[" + keywords + "]";
  }
}
