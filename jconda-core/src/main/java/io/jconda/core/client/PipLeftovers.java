package io.jconda.core.client;

import static java.util.stream.Collectors.joining;

import io.jconda.InstalledDistribution;
import io.jconda.Plan;
import io.jconda.core.pip.Distributions;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out what pip had installed that a change of Python's minor version leaves behind, in a
 * folder where the new Python does not look.
 *
 * @param prefix the environment's folder
 * @param platform the platform that it is for
 * @param before what pip had installed before; empty where Python does not move
 * @param python the minor version before, such as {@code 3.12}
 */
record PipLeftovers(
    Path prefix, Platform platform, List<InstalledDistribution> before, Optional<String> python) {

  /** Looks at an environment that a plan is about to change; not further if Python stays. */
  static PipLeftovers before(Plan plan) {
    boolean movesPython =
        !plan.creates()
            && plan.changes().stream().anyMatch(change -> change.name().equals("python"));
    if (!movesPython) {
      return new PipLeftovers(plan.prefix(), plan.platform(), List.of(), Optional.empty());
    }
    PrefixRecords installed = PrefixRecords.read(plan.prefix());
    List<InstalledDistribution> ofPip =
        Distributions.of(installed, plan.platform()).stream()
            .filter(found -> !found.isOfConda())
            .toList();
    return new PipLeftovers(plan.prefix(), plan.platform(), ofPip, minor(installed));
  }

  /** Says, after the change, what was left behind and how to get it back; empty if nothing was. */
  Optional<String> warning() {
    if (before.isEmpty()) {
      return Optional.empty();
    }
    PrefixRecords installed = PrefixRecords.read(prefix);
    Optional<String> now = minor(installed);
    if (python.equals(now)) {
      return Optional.empty();
    }
    Set<String> seen = new HashSet<>();
    Distributions.of(installed, platform).forEach(found -> seen.add(found.name()));
    List<InstalledDistribution> lost =
        before.stream().filter(found -> !seen.contains(found.name())).toList();
    if (lost.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "%s: what pip had installed for %s is not seen any more (%s). %s"
            .formatted(
                now.map(minor -> "Python is " + minor + " now").orElse("Python is gone"),
                python.map(minor -> "Python " + minor).orElse("the Python before"),
                lost.stream().map(InstalledDistribution::toString).collect(joining(", ")),
                now.isPresent()
                    ? "Install it again: " + again(lost)
                    : "Install Python, then it again: " + again(lost)));
  }

  private static String again(List<InstalledDistribution> lost) {
    String editable =
        lost.stream()
            .flatMap(found -> found.editable().stream())
            .map(project -> ".editable(Path.of(\"%s\"))".formatted(project))
            .collect(joining());
    String named =
        lost.stream()
            .filter(found -> found.editable().isEmpty())
            .map(found -> found.source().map(url -> found.name() + " @ " + url).orElse(found + ""))
            .map(requirement -> '"' + requirement + '"')
            .collect(joining(", "));
    return "pip()%s.install(%s).".formatted(editable, named);
  }

  private static Optional<String> minor(PrefixRecords installed) {
    return installed.get("python").map(InstalledPackage::record).map(PythonMinor::of);
  }
}
