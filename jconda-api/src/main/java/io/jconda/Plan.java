package io.jconda;

import io.jconda.solve.Optimality;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * States what would be done to an environment: a value without a client in it, to be printed,
 * thrown away, or given to {@link CondaClient#apply(Plan)}.
 *
 * <p>Immutable. {@code apply} refuses a plan whose environment changed since it was made.
 */
public final class Plan {
  private final Path prefix;
  private final Platform platform;
  private final List<Channel> channels;
  private final boolean creates;
  private final boolean replaces;
  private final List<Change> changes;
  private final List<PackageRecord> solution;
  private final Optimality optimality;
  private final List<MatchSpec> updateSpecs;
  private final List<MatchSpec> removeSpecs;
  private final String basedOn;
  private final String command;
  private final boolean compile;
  private final AllowedScripts linkScripts;
  private final LinkMode linkMode;
  private final PipRequirements pip;
  private final Map<String, String> variables;
  private final @Nullable Forecast forecast;

  private Plan(Builder builder) {
    this.prefix = builder.prefix;
    this.platform = builder.platform;
    this.channels = List.copyOf(builder.channels);
    this.creates = builder.creates;
    this.replaces = builder.replaces;
    this.changes = List.copyOf(builder.changes);
    this.solution = List.copyOf(builder.solution);
    this.optimality = builder.optimality;
    this.updateSpecs = List.copyOf(builder.updateSpecs);
    this.removeSpecs = List.copyOf(builder.removeSpecs);
    this.basedOn = builder.basedOn;
    this.command = builder.command;
    this.compile = builder.compile;
    this.linkScripts = builder.linkScripts;
    this.linkMode = builder.linkMode;
    this.pip = builder.pip;
    this.variables = Collections.unmodifiableMap(new LinkedHashMap<>(builder.variables));
    this.forecast = builder.forecast;
  }

  /**
   * Starts a plan; for JConda itself and for programs that make plans of their own.
   *
   * @param prefix the environment's folder, absolute
   * @param platform what it is for
   */
  public static Builder builder(Path prefix, Platform platform) {
    return new Builder(prefix, platform);
  }

  /** Returns the environment's folder. */
  public Path prefix() {
    return prefix;
  }

  /** Returns the platform that the environment is for. */
  public Platform platform() {
    return platform;
  }

  /** Returns the channels that the packages were chosen from, highest priority first. */
  public List<Channel> channels() {
    return channels;
  }

  /** Tells whether the environment is made anew. */
  public boolean creates() {
    return creates;
  }

  /** Tells whether an environment that is there already makes way for the new one. */
  public boolean replaces() {
    return replaces;
  }

  /**
   * Returns what is done, removals first (dependants before what they need), then the rest in the
   * order of linking.
   */
  public List<Change> changes() {
    return changes;
  }

  /** Returns all packages that the environment will have, each after what it depends on. */
  public List<PackageRecord> solution() {
    return solution;
  }

  /** Returns whether it is proved that nothing better was to be had for what is asked for. */
  public Optimality optimality() {
    return optimality;
  }

  /**
   * Returns the specs that were asked for with this plan, which the environment's history will
   * hold.
   */
  public List<MatchSpec> updateSpecs() {
    return updateSpecs;
  }

  /** Returns the specs that were asked to go with this plan. */
  public List<MatchSpec> removeSpecs() {
    return removeSpecs;
  }

  /**
   * Returns the state of the environment that the plan was made for, as an opaque text; empty if
   * there was none.
   */
  public String basedOn() {
    return basedOn;
  }

  /** Returns what the environment's history says was called. */
  public String command() {
    return command;
  }

  /** Tells whether Python modules will be compiled to byte code. */
  public boolean compilesBytecode() {
    return compile;
  }

  /** Returns which packages' own link scripts may run. */
  public AllowedScripts allowedScripts() {
    return linkScripts;
  }

  /** Returns how files come into the environment. */
  public LinkMode linkMode() {
    return linkMode;
  }

  /** Returns what pip installs once the packages are there. */
  public PipRequirements pip() {
    return pip;
  }

  /** Returns the variables that activating the environment will set beside those it has. */
  public Map<String, String> variables() {
    return variables;
  }

  /**
   * Returns what applying it would cost; present in plans that {@code plan(…)} and its kin return.
   */
  public Optional<Forecast> forecast() {
    return Optional.ofNullable(forecast);
  }

  /** Returns a builder that holds what this plan holds. */
  public Builder toBuilder() {
    Builder builder =
        new Builder(prefix, platform)
            .channels(channels)
            .creates(creates)
            .replaces(replaces)
            .changes(changes)
            .solution(solution)
            .optimality(optimality)
            .updateSpecs(updateSpecs)
            .removeSpecs(removeSpecs)
            .basedOn(basedOn)
            .command(command)
            .compileBytecode(compile)
            .allowedScripts(linkScripts)
            .linkMode(linkMode)
            .pip(pip)
            .variables(variables);
    builder.forecast = forecast;
    return builder;
  }

  /**
   * Returns the plan as a JSON document: prefix, options, what pip installs, the names of
   * variables, {@code changes} ({@code action} with the records {@code before} and {@code after}),
   * {@code solution}, and {@code forecast} with bytes and files if there is one.
   */
  public String toJson() {
    return PlanJson.of(this);
  }

  /** Tells whether nothing has to be done. */
  public boolean isEmpty() {
    return changesNoPackage() && pip.isEmpty() && variables.isEmpty();
  }

  /** Tells whether conda has nothing to do; pip may have. */
  public boolean changesNoPackage() {
    return changes.isEmpty() && !creates;
  }

  /** Returns the packages that will be linked, in that order. */
  public List<PackageRecord> toLink() {
    List<PackageRecord> records = new ArrayList<>();
    for (Change change : changes) {
      linked(change).ifPresent(records::add);
    }
    return records;
  }

  /** Returns the packages that will be unlinked, in that order. */
  public List<PackageRecord> toUnlink() {
    List<PackageRecord> records = new ArrayList<>();
    for (Change change : changes) {
      unlinked(change).ifPresent(records::add);
    }
    return records;
  }

  static Optional<PackageRecord> linked(Change change) {
    if (change instanceof Change.Added added) {
      return Optional.of(added.after());
    }
    if (change instanceof Change.Replaced replaced) {
      return Optional.of(replaced.after());
    }
    return change instanceof Change.Relinked relinked
        ? Optional.of(relinked.record())
        : Optional.empty();
  }

  static Optional<PackageRecord> unlinked(Change change) {
    if (change instanceof Change.Removed removed) {
      return Optional.of(removed.before());
    }
    if (change instanceof Change.Replaced replaced) {
      return Optional.of(replaced.before());
    }
    return change instanceof Change.Relinked relinked
        ? Optional.of(relinked.record())
        : Optional.empty();
  }

  /**
   * Returns the sizes of the archives to link, summed up, in bytes; those without a size in the
   * index do not count.
   */
  public long archiveBytes() {
    return toLink().stream().mapToLong(record -> record.size().orElse(0)).sum();
  }

  /**
   * Returns the plan as a table: a sign ({@code +}, {@code -}, {@code ~}), name, version, build and
   * channel; below it variables ({@code $}), what pip installs, and what it would cost, if that is
   * known.
   */
  @Override
  public String toString() {
    return isEmpty() ? "Nothing to do in " + prefix + "." : PlanTable.of(this);
  }

  /** Collects what a plan holds. Not safe to share between threads. */
  public static final class Builder {
    private final Path prefix;
    private final Platform platform;
    private List<Channel> channels = List.of();
    private boolean creates;
    private boolean replaces;
    private List<Change> changes = List.of();
    private List<PackageRecord> solution = List.of();
    private Optimality optimality = Optimality.PROVED;
    private List<MatchSpec> updateSpecs = List.of();
    private List<MatchSpec> removeSpecs = List.of();
    private String basedOn = "";
    private String command = "";
    private boolean compile = true;
    private AllowedScripts linkScripts = AllowedScripts.NONE;
    private LinkMode linkMode = LinkMode.HARD;
    private PipRequirements pip = PipRequirements.NONE;
    private Map<String, String> variables = Map.of();
    private @Nullable Forecast forecast;

    private Builder(Path prefix, Platform platform) {
      this.prefix = prefix;
      this.platform = platform;
    }

    /** Sets the channels that the packages are chosen from. */
    public Builder channels(List<Channel> channels) {
      this.channels = channels;
      return this;
    }

    /** Sets whether the environment is made anew. */
    public Builder creates(boolean creates) {
      this.creates = creates;
      return this;
    }

    /** Sets whether an environment that is there already makes way for the new one. */
    public Builder replaces(boolean replaces) {
      this.replaces = replaces;
      return this;
    }

    /** Sets what is done; see {@link Plan#changes()} for the order. */
    public Builder changes(List<Change> changes) {
      this.changes = changes;
      return this;
    }

    /** Sets all packages that the environment will have, each after what it depends on. */
    public Builder solution(List<PackageRecord> solution) {
      this.solution = solution;
      return this;
    }

    /** Sets whether the solution is proved to be the best; it is if this is not called. */
    public Builder optimality(Optimality optimality) {
      this.optimality = optimality;
      return this;
    }

    /** Sets the specs that were asked for. */
    public Builder updateSpecs(List<MatchSpec> specs) {
      this.updateSpecs = specs;
      return this;
    }

    /** Sets the specs that were asked to go. */
    public Builder removeSpecs(List<MatchSpec> specs) {
      this.removeSpecs = specs;
      return this;
    }

    /** Sets the state of the environment that the plan is made for. */
    public Builder basedOn(String state) {
      this.basedOn = state;
      return this;
    }

    /** Sets what the environment's history says was called. */
    public Builder command(String command) {
      this.command = command;
      return this;
    }

    /**
     * Sets whether Python modules will be compiled to byte code; they are unless this says
     * otherwise.
     */
    public Builder compileBytecode(boolean compile) {
      this.compile = compile;
      return this;
    }

    /** Sets which packages' own link scripts may run; none may unless this says otherwise. */
    public Builder allowedScripts(AllowedScripts allowed) {
      this.linkScripts = allowed;
      return this;
    }

    /** Sets how files come into the environment. */
    public Builder linkMode(LinkMode linkMode) {
      this.linkMode = linkMode;
      return this;
    }

    /** Sets what pip installs once the packages are there. */
    public Builder pip(PipRequirements pip) {
      this.pip = pip;
      return this;
    }

    /** Sets the variables that activating the environment will set. */
    public Builder variables(Map<String, String> variables) {
      this.variables = variables;
      return this;
    }

    /** Sets what applying it would cost. */
    public Builder forecast(Forecast forecast) {
      this.forecast = forecast;
      return this;
    }

    /** Makes the plan. */
    public Plan build() {
      return new Plan(this);
    }
  }
}
