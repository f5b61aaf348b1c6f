package io.jconda.examples.cli;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.Plan;

/**
 * Shows a plan, asks, applies it, and says what came of it: what every changing command ends with.
 */
final class ChangeReport {
  private ChangeReport() {}

  /** Returns the exit code. */
  static int carryOut(
      CondaClient client, Plan plan, CommonOptions.Global global, CommonOptions.Changing changing) {
    if (!global.json()) {
      System.out.println(plan);
    }
    boolean nothing = plan.isEmpty() || changing.dryRun();
    if (!nothing && !global.json() && !changing.yes() && !Terminal.confirms()) {
      System.err.println("jconda: nothing was done.");
      return 1;
    }
    Environment changed = null;
    if (!nothing) {
      changed = client.apply(plan);
    }
    if (global.json()) {
      System.out.println(CondaJson.outcome(plan, changing.dryRun()));
    } else if (changed != null) {
      changed
          .report()
          .skippedScripts()
          .forEach(s -> System.out.println("link script not run: " + s));
      changed
          .report()
          .skippedMenuItems()
          .forEach(s -> System.out.println("menu item not made: " + s));
      changed.report().warnings().forEach(System.out::println);
      System.out.println(changed.report());
    }
    return 0;
  }
}
