package io.jconda;

import io.jconda.spec.PackageRecord;
import io.jconda.spec.UrlSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes a plan as a table for people. */
final class PlanTable {
  private PlanTable() {}

  static String of(Plan plan) {
    List<String[]> rows = new ArrayList<>();
    for (Change change : plan.changes()) {
      Optional<PackageRecord> after = Plan.linked(change);
      Optional<PackageRecord> before = Plan.unlinked(change);
      PackageRecord shown = after.or(() -> before).orElseThrow();
      String version =
          change instanceof Change.Replaced replaced
              ? replaced.before().version() + " -> " + replaced.after().version()
              : shown.version().toString();
      String sign = before.isEmpty() ? "+" : after.isEmpty() ? "-" : "~";
      rows.add(
          new String[] {
            sign,
            shown.name(),
            version,
            shown.build(),
            shortName(shown.channel()) + "/" + shown.subdir()
          });
    }
    int[] widths = new int[4];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text =
        new StringBuilder(plan.creates() ? "Create " : "Change ").append(plan.prefix());
    for (String[] row : rows) {
      text.append(System.lineSeparator()).append("  ");
      for (int i = 0; i < widths.length; i++) {
        text.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      text.append(row[4]);
    }
    for (String name : plan.variables().keySet()) {
      text.append(System.lineSeparator()).append("  $ ").append(name);
    }
    for (String line : plan.pip().lines()) {
      text.append(System.lineSeparator()).append("  + ").append(UrlSecrets.masked(line));
      text.append("  (pip)");
    }
    if (plan.forecast().isPresent()) {
      text.append(System.lineSeparator()).append("  ").append(plan.forecast().get()).append('.');
    }
    return text.toString();
  }

  /**
   * A channel's URL takes too much room in a table; its last part tells channels apart well enough.
   */
  private static String shortName(String channel) {
    return channel.substring(channel.lastIndexOf('/') + 1);
  }
}
