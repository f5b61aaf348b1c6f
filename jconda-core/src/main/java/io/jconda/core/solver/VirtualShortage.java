package io.jconda.core.solver;

import io.jconda.solve.Conflict.Cause;
import io.jconda.solve.Conflict.Kind;
import io.jconda.spec.PackageRecord;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says of a virtual package that the machine lacks it, or which it has, and what would bring it.
 */
final class VirtualShortage {
  /** Virtual packages that an environment variable can state or bring (CEP-30, CEP-46). */
  private static final Set<String> OVERRIDABLE =
      Set.of("__archspec", "__cuda", "__cuda_arch", "__glibc", "__linux", "__osx", "__win");

  /** Where a virtual package is found that belongs to an operating system (CEP-30). */
  private static final Map<String, String> PLATFORMS =
      Map.of(
          "__win", "Windows (win-64, win-arm64)",
          "__osx", "macOS (osx-64, osx-arm64)",
          "__linux", "Linux (linux-64, linux-aarch64 and others)",
          "__glibc", "Linux (linux-64, linux-aarch64 and others)",
          "__unix", "Linux and macOS");

  /** The value that a spec asks for at least, or exactly. */
  private static final Pattern VALUE = Pattern.compile("^(?:>=|==?)?\\s*([0-9][0-9.]*[0-9]|[0-9])");

  private VirtualShortage() {}

  static Cause of(Choice target, List<Need> needs) {
    String name = target.name;
    String variable = "CONDA_OVERRIDE_" + name.substring(2).toUpperCase(Locale.ROOT);
    String value = value(name, needs);
    boolean overridable = OVERRIDABLE.contains(name);
    String setting = value.isEmpty() ? variable : variable + "=" + value;
    String platform = PLATFORMS.get(name);
    Candidates candidates = target.candidates;
    if (candidates != null && candidates.size() > 0) {
      PackageRecord record = candidates.record(0);
      return Cause.builder(
              Kind.OTHER_VIRTUAL_PACKAGE,
              "this machine has %s%s"
                  .formatted(
                      shown(record),
                      overridable ? " (%s would state another)".formatted(setting) : ""))
          .packageName(name)
          .remedy(overridable ? forAnother(setting, name) : "")
          .build();
    }
    Cause.Builder cause;
    if (platform == null) {
      cause =
          Cause.builder(
              Kind.MISSING_VIRTUAL_PACKAGE,
              "this machine has no %s%s"
                  .formatted(
                      name,
                      overridable
                          ? " (%s would state one)".formatted(setting)
                          : "; another platform may"));
      cause.remedy(overridable ? forAnother(setting, name) : "");
    } else {
      cause =
          Cause.builder(
              Kind.MISSING_VIRTUAL_PACKAGE,
              "this machine has no %s: it is found only on %s%s"
                  .formatted(
                      name,
                      platform,
                      overridable ? ", or where %s states it".formatted(setting) : ""));
      cause.remedy("solve for " + platform);
    }
    return cause.packageName(name).build();
  }

  private static String forAnother(String setting, String name) {
    return "set %s if the machine it is for has that %s".formatted(setting, name);
  }

  private static String shown(PackageRecord record) {
    String build = record.build().equals("0") ? "" : " " + record.build();
    return record.name() + " " + record.version() + build;
  }

  /** Returns the value that would do, where the specs tell. */
  private static String value(String name, List<Need> needs) {
    List<Requirement> requirements =
        needs.stream().flatMap(need -> need.requirements().stream()).toList();
    if (requirements.isEmpty()) {
      return "";
    }
    String tail = requirements.get(0).tail();
    if (name.equals("__archspec")) {
      // It is the build that tells the processor.
      String build = tail.substring(tail.lastIndexOf(' ') + 1);
      return tail.indexOf(' ') < 0 || build.indexOf('*') >= 0 ? "" : build;
    }
    Matcher matcher = VALUE.matcher(tail);
    return matcher.find() ? matcher.group(1) : "";
  }
}
