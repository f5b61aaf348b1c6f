package io.jconda.core.client;

import io.jconda.CondaException;
import io.jconda.Environment;
import io.jconda.EnvironmentExistsException;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.Plan;
import io.jconda.core.env.EnvironmentRegistry;
import io.jconda.core.prefix.PrefixState;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries plans out: what all operations that change an environment have in common, once it is said
 * how they plan. Thread-safe.
 */
final class Execution {
  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  /** So often is planned anew when other processes keep changing the prefix. */
  private static final int MOST_ATTEMPTS = 5;

  private final Sides sides;
  private final EnvironmentRegistry registry;
  private final Satisfaction satisfaction;
  private final Furnishing furnishing;
  private final BiFunction<Wanted, InstallReport, Environment> environments;

  /**
   * Makes it.
   *
   * @param sides hold what applies a plan
   * @param registry hears of new environments
   * @param satisfaction knows what is fulfilled
   * @param furnishing brings what is asked for beside packages
   * @param environments makes the handle of what was changed
   */
  Execution(
      Sides sides,
      EnvironmentRegistry registry,
      Satisfaction satisfaction,
      Furnishing furnishing,
      BiFunction<Wanted, InstallReport, Environment> environments) {
    this.sides = sides;
    this.registry = registry;
    this.satisfaction = satisfaction;
    this.furnishing = furnishing;
    this.environments = environments;
  }

  /** Plans and applies; plans again if another process changed the prefix between the two. */
  Environment carryOut(Wanted wanted, Supplier<Plan> planning, OperationContext context) {
    return whileOthersChangeIt(wanted, () -> carryOutOnce(wanted, planning, context));
  }

  /** Does what {@link #carryOut} does, unless the environment has what is wanted already. */
  Environment ensure(Wanted wanted, long start, Supplier<Plan> planning, OperationContext context) {
    return whileOthersChangeIt(
        wanted,
        () -> {
          if (satisfaction.holds(wanted)) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
            return environments.apply(wanted, InstallReport.builder().elapsed(elapsed).build());
          }
          return carryOutOnce(wanted, planning, context);
        });
  }

  /**
   * Tries again what failed because the prefix is not any more what it was: two processes that ask
   * for an environment at the same time both get it.
   */
  private static Environment whileOthersChangeIt(Wanted wanted, Supplier<Environment> work) {
    for (int attempt = 1; ; attempt++) {
      String before = PrefixState.stamp(wanted.prefix());
      try {
        return work.get();
      } catch (InstallException | EnvironmentExistsException e) {
        if (attempt == MOST_ATTEMPTS || PrefixState.stamp(wanted.prefix()).equals(before)) {
          throw e;
        }
        LOG.debug("{} was changed meanwhile; planning again.", wanted.prefix(), e);
      }
    }
  }

  /** Plans and applies, and fails if another process was faster. */
  Environment carryOutOnce(Wanted wanted, Supplier<Plan> planning, OperationContext context) {
    long start = System.nanoTime();
    Plan plan = planning.get();
    Duration solveTime = Duration.ofNanos(System.nanoTime() - start);
    context.checkpoint();
    context.events().emit(n -> new ProgressEvent.Planned(n, plan));
    InstallReport report =
        plan.changesNoPackage() && plan.updateSpecs().isEmpty() && plan.removeSpecs().isEmpty()
            ? InstallReport.nothing()
            : apply(wanted, plan, context);
    furnish(wanted, plan, context);
    if (plan.creates()) {
      registry.add(plan.prefix(), context);
    }
    if (!plan.updateSpecs().isEmpty() || !wanted.contents().isNone()) {
      satisfaction.note(Satisfaction.key(wanted), plan);
    }
    return environments.apply(
        wanted,
        report.toBuilder()
            .solveTime(solveTime)
            .elapsed(Duration.ofNanos(System.nanoTime() - start))
            .build());
  }

  /** An environment that pip could not complete goes again, if it was made for that. */
  private void furnish(Wanted wanted, Plan plan, OperationContext context) {
    try {
      furnishing.carryOut(wanted, plan, context);
    } catch (RuntimeException e) {
      if (plan.creates() && !plan.replaces()) {
        try {
          sides.of(wanted).installer().remove(plan.prefix(), OperationContext.silent());
        } catch (CondaException left) {
          e.addSuppressed(left);
        }
      }
      throw e;
    }
  }

  /** Applies a plan, and says what it leaves behind of what pip had installed. */
  private InstallReport apply(Wanted wanted, Plan plan, OperationContext context) {
    PipLeftovers leftovers = PipLeftovers.before(plan);
    InstallReport report = sides.of(wanted).installer().apply(plan, context);
    return leftovers
        .warning()
        .map(
            text -> {
              context.events().warn(text);
              return report.toBuilder().warning(text).build();
            })
        .orElse(report);
  }
}
