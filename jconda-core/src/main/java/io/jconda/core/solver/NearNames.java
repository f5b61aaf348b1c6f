package io.jconda.core.solver;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds names that look like one that does not exist. */
public final class NearNames {
  private static final int MOST = 5;

  /** What comes before a name or behind it in one ecosystem and not in another. */
  private static final List<String> AFFIXES =
      List.of("python-%s", "py-%s", "py%s", "lib%s", "r-%s", "%s-python", "%s-py");

  private NearNames() {}

  /**
   * Returns the names that differ in what parts their words, in a usual affix or in few letters,
   * the nearest first.
   */
  public static List<String> of(String name, Collection<String> names) {
    int limit = Math.max(1, name.length() / 3);
    String plain = withoutSeparators(name);
    Map<String, Integer> distances = new HashMap<>();
    for (String other : names) {
      if (plain.equals(withoutSeparators(other))) {
        distances.put(other, 0);
      } else if (isAffixed(name, other) || isAffixed(other, name)) {
        distances.put(other, 1);
      } else if (Math.abs(other.length() - name.length()) <= limit) {
        int distance = distance(name, other, limit);
        if (distance <= limit) {
          distances.put(other, distance);
        }
      }
    }
    return distances.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<String, Integer> entry) -> entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .limit(MOST)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String withoutSeparators(String name) {
    return name.replace("-", "").replace("_", "").replace(".", "");
  }

  private static boolean isAffixed(String shorter, String longer) {
    return longer.length() > shorter.length()
        && longer.contains(shorter)
        && AFFIXES.stream().anyMatch(affix -> affix.formatted(shorter).equals(longer));
  }

  /** Counts the letters to add, drop, change or swap; gives up behind the limit. */
  private static int distance(String a, String b, int limit) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      int least = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
        least = Math.min(least, row[j]);
      }
      if (least > limit) {
        return least;
      }
      beforeLast = last;
      last = row;
    }
    return last[b.length()];
  }
}
