package io.jconda.core.repodata;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks what an index says of a package, because it becomes paths and URLs; the same for every
 * form of an index. Looser than CEP-26, as old packages are, but nothing that could leave a folder
 * or a line gets through.
 *
 * <p>Works character by character: the first regular expressions of a JVM cost more than the
 * records of a whole solve.
 */
final class RecordChecks {
  // conda: models/records.py; what is larger can only be milliseconds
  static final long LARGEST_SECONDS = 253_402_300_799L;

  private RecordChecks() {}

  /** Tells whether a name in lower case is one of a package that can be installed. */
  static boolean isName(String name) {
    if (name.isEmpty() || name.startsWith("__") || !isLowerOrDigit(name.charAt(0), '_')) {
      return false;
    }
    for (int i = 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isLowerOrDigit(c, '_') && c != '.' && c != '+' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLowerOrDigit(char c, char or) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == or;
  }

  static boolean isBuild(String build) {
    return areOfFileName(build, 0, build.length());
  }

  /** Tells whether a text is the name of an archive, its extension included. */
  static boolean isFileName(String fileName) {
    int stem =
        fileName.endsWith(".conda")
            ? fileName.length() - 6
            : fileName.endsWith(".tar.bz2") ? fileName.length() - 8 : 0;
    return stem > 0 && isWordCharacter(fileName.charAt(0)) && areOfFileName(fileName, 1, stem);
  }

  private static boolean isWordCharacter(char c) {
    return (c >= 'A' && c <= 'Z') || isLowerOrDigit(c, '_');
  }

  private static boolean areOfFileName(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!isWordCharacter(c) && ".+!=~*-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Tells whether a text is so many digits of lower-case hex. */
  static boolean isHash(String text, int digits) {
    if (text.length() != digits) {
      return false;
    }
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads milliseconds, or the seconds of old packages.
   *
   * @return the time, or null if the number stands for none
   * @throws DateTimeException if there is no such time
   */
  static @Nullable Instant time(double value) {
    if (!(value > 0)) {
      return null;
    }
    return value > LARGEST_SECONDS
        ? Instant.ofEpochMilli((long) value)
        : Instant.ofEpochMilli((long) (value * 1000));
  }

  /** Parts the text with blanks or commas that older tools wrote for a list of features. */
  static List<String> features(String text) {
    List<String> features = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == ',' || Character.isWhitespace(text.charAt(i))) {
        if (i > start) {
          features.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return features;
  }
}
