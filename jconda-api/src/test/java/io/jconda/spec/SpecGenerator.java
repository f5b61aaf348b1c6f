package io.jconda.spec;

import java.util.List;
import java.util.Random;

/** Makes random texts of versions and specs, each of them valid. */
final class SpecGenerator {
  private static final List<String> WORDS =
      List.of("a", "b", "rc", "dev", "post", "alpha", "z", "DEV", "Post", "devel");

  private SpecGenerator() {}

  private static <T> T one(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  static String version(Random random) {
    StringBuilder out = new StringBuilder(random.nextInt(10) == 0 ? random.nextInt(3) + "!" : "");
    parts(random, out);
    if (random.nextInt(12) == 0) {
      out.append('_');
    }
    if (random.nextInt(8) == 0) {
      parts(random, out.append('+'));
    }
    return out.toString();
  }

  private static void parts(Random random, StringBuilder out) {
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "" : one(random, List.of(".", ".", ".", "_")));
      int form = random.nextInt(10);
      if (form > 0) {
        out.append(
            one(random, List.of("0", "00", "1", "2", "10", "01", "2024", "12345678901234567890")));
      }
      if (form < 3) {
        out.append(one(random, WORDS)).append(random.nextBoolean() ? "" : random.nextInt(3));
      }
    }
  }

  static String versionSpec(Random random, int depth) {
    int form = random.nextInt(depth > 2 ? 8 : 12);
    return switch (form) {
      case 0 -> "*";
      case 1 -> one(random, List.of("1.*.2", "*.1", "^1\\.[0-9]+$", "^(1|2)\\..*$", "!=1.*.2"));
      case 2 -> "~=1." + version(random).replaceAll(".*!|\\+.*|_", "");
      case 3, 4, 5, 6, 7 ->
          one(random, List.of("", "=", "==", "!=", "<", "<=", ">", ">=", ">= ", " < "))
              + version(random)
              + one(random, List.of("", "", ".*", "*", " "));
      case 8, 9 -> versionSpec(random, depth + 1) + "," + versionSpec(random, depth + 1);
      case 10 -> versionSpec(random, depth + 1) + " | " + versionSpec(random, depth + 1);
      default -> "(" + versionSpec(random, depth + 1) + ")";
    };
  }

  static String matchSpec(Random random) {
    StringBuilder out = new StringBuilder();
    if (random.nextInt(3) == 0) {
      out.append(
          one(
              random,
              List.of(
                  "main::",
                  "conda-forge/label/rc::",
                  "conda-forge/linux-64::",
                  "*/noarch::",
                  "conda-*::",
                  "https://example.org:8080/a%20b/osx-arm64::",
                  "chan:space:",
                  "space:",
                  "file:///tmp/channel::")));
    }
    out.append(
        one(random, List.of("python", "NumPy", "_x", "__glibc", "a-b.c_d", "py*", "*", "^py.*$")));
    String build = one(random, List.of("h1_0", "*_cpython", "^py3.*$", "0", "*"));
    switch (random.nextInt(8)) {
      case 0 -> out.append('=').append(version(random));
      case 1 -> out.append("==").append(version(random)).append('=').append(build);
      case 2 -> out.append('=').append(version(random)).append('=').append(build);
      case 3 -> out.append(' ').append(version(random)).append(' ').append(build);
      case 4 -> out.append(" =").append(version(random)).append(' ').append(build);
      case 5 -> out.append(' ').append(versionSpec(random, 0));
      case 6 -> out.append(' ').append(versionSpec(random, 1)).append("  ").append(build);
      default -> {}
    }
    if (random.nextInt(3) == 0) {
      keywords(random, out);
    }
    return out.append(random.nextInt(10) == 0 ? " # why" : "").toString();
  }

  private static void keywords(Random random, StringBuilder out) {
    List<String> all =
        List.of(
            "version='" + versionSpec(random, 1) + "'",
            "build=\"*_cpu\"",
            "build_number='>=3'",
            "channel=https://example.org/chan",
            "subdir=linux-64",
            "md5=0123456789abcdef0123456789ABCDEF",
            "sha256=" + "0a".repeat(32),
            "url='https://example.org/c/noarch/a-1-0.conda'",
            "fn=a-1-0.conda",
            "license='BSD \\'3\\' \"Clause\" \\\\'",
            "license_family='it''s'".replace("''", "\\'"),
            "features='b a'",
            "track_features=[x, 'y']",
            "extras=[all, 'test-1']",
            "flags=['cuda', \"blas:*\"]",
            "when='python>=3.10 and (__unix or x[build=\"a*\"])'");
    String separator = "[";
    for (String keyword : all) {
      if (random.nextInt(5) == 0) {
        out.append(separator).append(keyword);
        separator = one(random, List.of(",", ", ", " "));
      }
    }
    out.append(separator.equals("[") ? "" : "]");
  }
}
