package io.jconda.core.client;

import io.jconda.ChannelException;
import io.jconda.OfflineException;
import io.jconda.PackageNotFoundException;
import io.jconda.Plan;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.install.Installer;
import io.jconda.core.prefix.PrefixState;
import io.jconda.core.repodata.ChannelIndexes;
import io.jconda.core.solver.RecordSource;
import io.jconda.core.solver.SolveMode;
import io.jconda.core.solver.SolveRequest;
import io.jconda.core.solver.Solver;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what is wanted of a prefix into a plan: lets it be solved, compares with what is there. */
final class Planner {
  private static final Logger LOG = LoggerFactory.getLogger(Planner.class);

  private final Settings settings;
  private final Solving solving;
  private final PackageCache cache;
  private final Installer installer;

  Planner(Settings settings, Disk disk, Rooms rooms) {
    this.settings = settings;
    this.solving = new Solving(settings, disk, rooms.repodata(), rooms.cache());
    this.cache = rooms.cache();
    this.installer = rooms.installer();
  }

  /** Plans to make an environment, or to put a new one in the place of one that is there. */
  Plan create(Wanted wanted, OperationContext context) {
    Platform platform = wanted.platform().orElseGet(settings::platform);
    String replaced = wanted.replace() ? PrefixState.stamp(wanted.prefix()) : "";
    wanted.contents().warnings().forEach(context.events()::warn);
    if (wanted.contents().lock().isPresent()) {
      return LockedRecords.of(wanted.contents(), platform, installer, context)
          .complete(draft(wanted, platform, "create from a lock file"), List.of())
          .creates(true)
          .replaces(wanted.replace())
          .basedOn(replaced)
          .build();
    }
    Solving.Solved solved = solving.solve(wanted, platform, creation(wanted), context);
    return draft(wanted, platform, "create")
        .creates(true)
        .replaces(wanted.replace())
        .basedOn(replaced)
        .changes(PlanChanges.between(List.of(), solved.records()))
        .solution(solved.records())
        .optimality(solved.optimality())
        .updateSpecs(solved.requested())
        .build();
  }

  private static SolveRequest.Builder creation(Wanted wanted) {
    return SolveRequest.builder().specs(specs(wanted)).pins(wanted.pins());
  }

  /** What pip shall install needs pip, as conda sees to (conda: {@code env/env.py}). */
  private static List<MatchSpec> specs(Wanted wanted) {
    List<MatchSpec> specs = wanted.specs();
    if (wanted.contents().pip().isEmpty()
        || specs.stream().anyMatch(spec -> spec.name().equals("pip"))) {
      return specs;
    }
    List<MatchSpec> all = new ArrayList<>(specs);
    all.add(MatchSpec.parse("pip"));
    return all;
  }

  /** Plans to add to an environment that is there. */
  Plan install(Wanted wanted, OperationContext context) {
    Present present = Present.read(wanted);
    wanted.contents().warnings().forEach(context.events()::warn);
    if (wanted.contents().lock().isPresent()) {
      return LockedRecords.of(wanted.contents(), present.platform(), installer, context)
          .complete(
              draft(wanted, present.platform(), "install from a lock file"), present.records())
          .basedOn(present.state())
          .build();
    }
    return changed(
        wanted, present, "install", present.request(SolveMode.INSTALL, specs(wanted)), context);
  }

  /** Plans to bring some packages, or all if none is named, to their newest version. */
  Plan update(Wanted wanted, OperationContext context) {
    Present present = Present.read(wanted);
    wanted.specs().forEach(present::requireInstalled);
    return wanted.specs().isEmpty()
        ? changed(
            wanted,
            present,
            "update --all",
            present.request(SolveMode.UPDATE_ALL, List.of()),
            context)
        : changed(
            wanted, present, "update", present.request(SolveMode.UPDATE, wanted.specs()), context);
  }

  private Plan changed(
      Wanted wanted,
      Present present,
      String command,
      SolveRequest.Builder request,
      OperationContext context) {
    Solving.Solved solved = solving.solve(wanted, present.platform(), request, context);
    return draft(wanted, present.platform(), command)
        .basedOn(present.state())
        .changes(PlanChanges.between(present.records(), solved.records()))
        .solution(solved.records())
        .optimality(solved.optimality())
        .updateSpecs(solved.requested())
        .build();
  }

  /** Plans to take packages out; needs no channel. */
  Plan uninstall(Wanted wanted, OperationContext context) {
    Present present = Present.read(wanted);
    wanted.specs().forEach(present::requireInstalled);
    SolveRequest request =
        present.request(SolveMode.REMOVE, List.of()).removals(wanted.specs()).build();
    List<PackageRecord> solution =
        new Solver().solve(request, NoRecords.INSTANCE, context).records();
    return draft(wanted, present.platform(), "remove")
        .basedOn(present.state())
        .changes(PlanChanges.between(present.records(), solution))
        .solution(solution)
        .removeSpecs(wanted.specs())
        .build();
  }

  /** Plans to bring a prefix back to what it had after a revision of its history. */
  Plan rollback(Wanted wanted, int revision, OperationContext context) {
    Present present = Present.read(wanted);
    Rollback rollback = Rollback.to(revision, present.prefix(), present.records());
    List<PackageRecord> solution =
        rollback.isAtHand()
            ? rollback.solution(name -> List.of())
            : found(wanted, present, rollback, context);
    return draft(wanted, present.platform(), "rollback " + revision)
        .basedOn(present.state())
        .changes(PlanChanges.between(present.records(), solution))
        .solution(solution)
        .updateSpecs(rollback.requested())
        .removeSpecs(rollback.dropped())
        .build();
  }

  /** The channels tell best what a package needs; what they have no more the cache may have. */
  private List<PackageRecord> found(
      Wanted wanted, Present present, Rollback rollback, OperationContext context) {
    rollback.takeIn(cache.care().packages(Set.of(), context));
    try (ChannelIndexes indexes = solving.load(wanted, present.platform(), List.of(), context)) {
      return rollback.solution(indexes::records);
    } catch (ChannelException | OfflineException e) {
      try {
        List<PackageRecord> solution = rollback.solution(name -> List.of());
        LOG.debug("The channels cannot be asked; all packages are in the cache.", e);
        return solution;
      } catch (PackageNotFoundException missing) {
        missing.addSuppressed(e);
        throw missing;
      }
    }
  }

  /** Writes to a file what {@link #create} or {@link #install} would solve. */
  Path saveProblem(Wanted wanted, boolean creates, Path file, OperationContext context) {
    if (creates) {
      Platform platform = wanted.platform().orElseGet(settings::platform);
      return solving.save(wanted, platform, creation(wanted), file, context);
    }
    Present present = Present.read(wanted);
    SolveRequest.Builder request = present.request(SolveMode.INSTALL, wanted.specs());
    return solving.save(wanted, present.platform(), request, file, context);
  }

  private Plan.Builder draft(Wanted wanted, Platform platform, String command) {
    StringBuilder called = new StringBuilder("jconda ").append(command);
    for (MatchSpec spec : wanted.specs()) {
      called.append(' ').append(spec);
    }
    return Plan.builder(wanted.prefix(), platform)
        .channels(wanted.channels())
        .command(called.toString().strip())
        .compileBytecode(wanted.compileBytecode())
        .pip(wanted.contents().pip())
        .variables(wanted.contents().variables())
        .allowedScripts(wanted.allowedScripts())
        .linkMode(wanted.linkMode());
  }

  /** Is no channel at all. */
  private enum NoRecords implements RecordSource {
    INSTANCE;

    @Override
    public List<PackageRecord> records(String name) {
      return List.of();
    }

    @Override
    public int channelRank(PackageRecord record) {
      return 0;
    }

    @Override
    public List<String> names() {
      return List.of();
    }
  }
}
