package io.jconda.core.client;

import io.jconda.Environment;
import io.jconda.Operation;
import io.jconda.Plan;
import io.jconda.Verification;
import io.jconda.core.env.EnvironmentRegistry;
import io.jconda.core.util.OperationContext;
import io.jconda.file.LockFile;
import java.nio.file.Path;
import java.util.function.Function;

/** Does what a handle on an environment asks for, which must be there. Thread-safe. */
final class EnvironmentWork {
  private final CoreClient client;
  private final Execution execution;
  private final EnvironmentRegistry registry;

  EnvironmentWork(CoreClient client, Execution execution, EnvironmentRegistry registry) {
    this.client = client;
    this.execution = execution;
    this.registry = registry;
  }

  /** Begins to name every package of an environment with its archive. */
  Operation<LockFile> lock(Wanted wanted, Function<OperationContext, LockFile> work) {
    return client.onExisting("lock", wanted, work);
  }

  /** Begins to add packages to an environment that must be there. */
  Operation<Environment> add(Wanted wanted) {
    return startOnExisting(
        "install", wanted, context -> client.planner(wanted).install(wanted, context));
  }

  /** Begins to update packages, or all if none is named. */
  Operation<Environment> update(Wanted wanted) {
    return startOnExisting(
        "update", wanted, context -> client.planner(wanted).update(wanted, context));
  }

  /** Begins to take packages out. */
  Operation<Environment> uninstall(Wanted wanted) {
    return startOnExisting(
        "uninstall", wanted, context -> client.planner(wanted).uninstall(wanted, context));
  }

  private Operation<Environment> startOnExisting(
      String what, Wanted wanted, Function<OperationContext, Plan> planning) {
    return client.onExisting(
        what,
        wanted,
        context -> execution.carryOut(wanted, () -> planning.apply(context), context));
  }

  /** Begins to plan an update. */
  Operation<Plan> planUpdate(Wanted wanted) {
    return client.onExisting(
        "plan",
        wanted,
        context ->
            client.forecast(wanted, client.planner(wanted).update(wanted, context), context));
  }

  /** Begins to plan a removal of packages. */
  Operation<Plan> planUninstall(Wanted wanted) {
    return client.onExisting(
        "plan",
        wanted,
        context ->
            client.forecast(wanted, client.planner(wanted).uninstall(wanted, context), context));
  }

  /** Begins to bring an environment back to an earlier revision. */
  Operation<Environment> rollback(Wanted wanted, int revision) {
    return startOnExisting(
        "rollback", wanted, context -> client.planner(wanted).rollback(wanted, revision, context));
  }

  /** Begins to plan to bring an environment back to an earlier revision. */
  Operation<Plan> planRollback(Wanted wanted, int revision) {
    return client.onExisting(
        "plan",
        wanted,
        context ->
            client.forecast(
                wanted, client.planner(wanted).rollback(wanted, revision, context), context));
  }

  /** Begins to compare files with records. */
  Operation<Verification> verify(Wanted wanted) {
    return client.onExisting(
        "verify",
        wanted,
        context -> client.rooms(wanted).installer().verify(wanted.prefix(), context));
  }

  /** Begins to bring back what is missing or was altered. */
  Operation<Verification> repair(Wanted wanted) {
    return client.onExisting(
        "repair",
        wanted,
        context -> client.rooms(wanted).installer().repair(wanted.prefix(), context));
  }

  /** Begins to remove an environment. */
  Operation<Path> remove(Wanted wanted) {
    return client.onExisting(
        "remove",
        wanted,
        context -> {
          client.rooms(wanted).installer().remove(wanted.prefix(), context);
          registry.remove(wanted.prefix(), context);
          return wanted.prefix();
        });
  }
}
