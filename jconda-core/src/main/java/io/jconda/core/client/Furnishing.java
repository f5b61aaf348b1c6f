package io.jconda.core.client;

import io.jconda.Plan;
import io.jconda.core.host.Disk;
import io.jconda.core.host.Locks;
import io.jconda.core.pip.PipTarget;
import io.jconda.core.prefix.EnvironmentState;
import io.jconda.core.util.OperationContext;
import java.util.function.Function;

/**
 * Brings what a plan asks for beside conda's packages: the environment's variables, and what pip
 * installs.
 *
 * @param programs what runs pip
 * @param targets makes of what is wanted the environment that pip is for
 * @param disk where the variables are written
 */
record Furnishing(Programs programs, Function<Wanted, PipTarget> targets, Disk disk) {
  /** Does it, once the packages are there. Does nothing where nothing is asked for. */
  void carryOut(Wanted wanted, Plan plan, OperationContext context) {
    if (plan.variables().isEmpty() && plan.pip().isEmpty()) {
      return;
    }
    PipTarget target = targets.apply(wanted);
    if (!plan.variables().isEmpty()) {
      Locks.Held writer = target.alone().apply(context);
      try {
        EnvironmentState.add(plan.prefix(), plan.variables(), disk);
      } finally {
        writer.close();
      }
    }
    if (!plan.pip().isEmpty()) {
      programs.install(wanted, target, plan.pip(), context);
    }
  }
}
