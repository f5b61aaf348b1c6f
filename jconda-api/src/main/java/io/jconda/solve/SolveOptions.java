package io.jconda.solve;

import io.jconda.CheckReturnValue;
import io.jconda.spec.MatchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says how the solver chooses among the packages that fit. An immutable value: every method that
 * sets something returns new options. No I/O.
 */
@CheckReturnValue
public final class SolveOptions {
  private static final SolveOptions DEFAULTS = new SolveOptions(new Draft());

  private final @Nullable ChannelPriority channelPriority;
  private final SolveStrategy strategy;
  private final Dependencies dependencies;
  private final boolean freezeInstalled;
  private final ExcludeNewer excludeNewer;
  private final List<Exclusion> exclusions;
  private final List<DependencyOverride> overrides;

  private SolveOptions(Draft draft) {
    this.channelPriority = draft.channelPriority;
    this.strategy = draft.strategy;
    this.dependencies = draft.dependencies;
    this.freezeInstalled = draft.freezeInstalled;
    this.excludeNewer = draft.excludeNewer;
    this.exclusions = List.copyOf(draft.exclusions);
    this.overrides = List.copyOf(draft.overrides);
  }

  /** Holds the fields of options that are being made. */
  private static final class Draft {
    private @Nullable ChannelPriority channelPriority;
    private SolveStrategy strategy = SolveStrategy.HIGHEST;
    private Dependencies dependencies = Dependencies.INCLUDED;
    private boolean freezeInstalled;
    private ExcludeNewer excludeNewer = ExcludeNewer.nothing();
    private List<Exclusion> exclusions = new ArrayList<>();
    private List<DependencyOverride> overrides = new ArrayList<>();
  }

  private SolveOptions with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.channelPriority = channelPriority;
    draft.strategy = strategy;
    draft.dependencies = dependencies;
    draft.freezeInstalled = freezeInstalled;
    draft.excludeNewer = excludeNewer;
    draft.exclusions = new ArrayList<>(exclusions);
    draft.overrides = new ArrayList<>(overrides);
    change.accept(draft);
    return new SolveOptions(draft);
  }

  /**
   * Returns the options that count where nothing is set: strict channel priority, newest versions,
   * dependencies included, nothing frozen, excluded or overridden.
   */
  public static SolveOptions defaults() {
    return DEFAULTS;
  }

  /** Sets how the order of channels counts. */
  public SolveOptions channelPriority(ChannelPriority priority) {
    return with(draft -> draft.channelPriority = priority);
  }

  /** Sets how the order of channels counts, unless that was set. */
  public SolveOptions channelPriorityUnlessSet(ChannelPriority priority) {
    return channelPriority == null ? channelPriority(priority) : this;
  }

  /** Sets which versions are preferred. */
  public SolveOptions strategy(SolveStrategy preferred) {
    return with(draft -> draft.strategy = preferred);
  }

  /** Sets whether dependencies are installed too. */
  public SolveOptions dependencies(Dependencies which) {
    return with(draft -> draft.dependencies = which);
  }

  /**
   * Sets whether what is installed must stay exactly as it is, what is asked for by name excepted
   * (conda: {@code --freeze-installed}); without it, it stays where it can.
   */
  public SolveOptions freezeInstalled(boolean freeze) {
    return with(draft -> draft.freezeInstalled = freeze);
  }

  /** Sets how new packages may be, in the place of what was set before. */
  public SolveOptions excludeNewer(ExcludeNewer limits) {
    return with(draft -> draft.excludeNewer = limits);
  }

  /**
   * Shuts packages out, beside those that are shut out already.
   *
   * @param spec which ones, a match spec such as {@code openssl <3}
   * @param reason why; shown where it is to blame for a failure
   * @throws io.jconda.InvalidSpecException if the spec cannot be read
   */
  public SolveOptions exclude(String spec, String reason) {
    Exclusion exclusion = new Exclusion(MatchSpec.parse(spec), reason);
    return with(draft -> draft.exclusions.add(exclusion));
  }

  /**
   * Replaces what every package says of a dependency.
   *
   * @param dependency what they depend on instead, such as {@code numpy>=1.26}
   * @throws io.jconda.InvalidSpecException if it cannot be read
   * @throws IllegalArgumentException if it names no single package
   * @see DependencyOverride
   */
  public SolveOptions override(String dependency) {
    return override("*", dependency);
  }

  /**
   * Replaces what some packages say of a dependency. Of several overrides for the same dependency
   * of a package the one that was set last counts.
   *
   * @param dependants whose dependency it is, a match spec such as {@code pandas 2.*}
   * @param dependency what they depend on instead, such as {@code numpy>=1.26}
   * @throws io.jconda.InvalidSpecException if one cannot be read
   * @throws IllegalArgumentException if the dependency names no single package
   * @see DependencyOverride
   */
  public SolveOptions override(String dependants, String dependency) {
    DependencyOverride override =
        new DependencyOverride(MatchSpec.parse(dependants), MatchSpec.parse(dependency));
    return with(draft -> draft.overrides.add(override));
  }

  /** Returns how the order of channels counts: strictly, unless something else was set. */
  public ChannelPriority channelPriority() {
    return channelPriority == null ? ChannelPriority.STRICT : channelPriority;
  }

  /** Returns which versions are preferred. */
  public SolveStrategy strategy() {
    return strategy;
  }

  /** Returns whether dependencies are installed too. */
  public Dependencies dependencies() {
    return dependencies;
  }

  /** Tells whether what is installed must stay exactly as it is. */
  public boolean freezesInstalled() {
    return freezeInstalled;
  }

  /** Returns how new packages may be. */
  public ExcludeNewer excludeNewer() {
    return excludeNewer;
  }

  /** Returns what is shut out, in the order in which it was set. */
  public List<Exclusion> exclusions() {
    return exclusions;
  }

  /** Returns what stands in the place of dependencies, in the order in which it was set. */
  public List<DependencyOverride> overrides() {
    return overrides;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SolveOptions that
        && channelPriority() == that.channelPriority()
        && strategy == that.strategy
        && dependencies == that.dependencies
        && freezeInstalled == that.freezeInstalled
        && excludeNewer.equals(that.excludeNewer)
        && exclusions.equals(that.exclusions)
        && overrides.equals(that.overrides);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        channelPriority(),
        strategy,
        dependencies,
        freezeInstalled,
        excludeNewer,
        exclusions,
        overrides);
  }

  /** Returns the options on one line. */
  @Override
  public String toString() {
    // joined, not formatted: it is asked for by every request, and a formatter is slow to load
    return "SolveOptions[channelPriority="
        + channelPriority()
        + ", strategy="
        + strategy
        + ", dependencies="
        + dependencies
        + ", freezeInstalled="
        + freezeInstalled
        + ", "
        + excludeNewer
        + ", exclusions="
        + exclusions
        + ", overrides="
        + overrides
        + "]";
  }
}
