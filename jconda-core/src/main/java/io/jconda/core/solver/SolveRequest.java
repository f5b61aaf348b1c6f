package io.jconda.core.solver;

import io.jconda.solve.SolveOptions;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.List;

/**
 * States what a solve is to find: an immutable value without I/O.
 *
 * <p>The order of the lists says nothing; a solve gives the same answer whatever it is.
 */
public final class SolveRequest {
  private final SolveMode mode;
  private final List<MatchSpec> specs;
  private final List<MatchSpec> remembered;
  private final List<MatchSpec> removals;
  private final List<MatchSpec> pins;
  private final List<PackageRecord> installed;
  private final List<PackageRecord> locked;
  private final List<PackageRecord> virtualPackages;
  private final SolveOptions options;

  private SolveRequest(Builder builder) {
    this.mode = builder.mode;
    this.specs = List.copyOf(builder.specs);
    this.remembered = List.copyOf(builder.remembered);
    this.removals = List.copyOf(builder.removals);
    this.pins = List.copyOf(builder.pins);
    this.installed = List.copyOf(builder.installed);
    this.locked = List.copyOf(builder.locked);
    this.virtualPackages = List.copyOf(builder.virtualPackages);
    this.options = builder.options;
  }

  /** Starts a request: {@link SolveMode#INSTALL}, the default options, nothing asked for. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns which installed records may move. */
  public SolveMode mode() {
    return mode;
  }

  /** Returns what the user names now. */
  public List<MatchSpec> specs() {
    return specs;
  }

  /** Returns what the user asked for earlier, without what {@link #specs()} names anew. */
  public List<MatchSpec> remembered() {
    return remembered;
  }

  /** Returns what is to leave. */
  public List<MatchSpec> removals() {
    return removals;
  }

  /** Returns what must hold for packages that are there, without asking for any. */
  public List<MatchSpec> pins() {
    return pins;
  }

  /** Returns what is installed. */
  public List<PackageRecord> installed() {
    return installed;
  }

  /** Returns what must be there exactly as it is. */
  public List<PackageRecord> locked() {
    return locked;
  }

  /** Returns the properties of the machine that packages may ask for. */
  public List<PackageRecord> virtualPackages() {
    return virtualPackages;
  }

  /** Returns how to choose among what fits. */
  public SolveOptions options() {
    return options;
  }

  /** Collects what a request holds. Not safe to share between threads. */
  public static final class Builder {
    private SolveMode mode = SolveMode.INSTALL;
    private List<MatchSpec> specs = List.of();
    private List<MatchSpec> remembered = List.of();
    private List<MatchSpec> removals = List.of();
    private List<MatchSpec> pins = List.of();
    private List<PackageRecord> installed = List.of();
    private List<PackageRecord> locked = List.of();
    private List<PackageRecord> virtualPackages = List.of();
    private SolveOptions options = SolveOptions.defaults();

    private Builder() {}

    /** Sets which installed records may move; {@link SolveMode#INSTALL} unless told. */
    public Builder mode(SolveMode mode) {
      this.mode = mode;
      return this;
    }

    /** Sets what the user names now: each of them must be fulfilled. */
    public Builder specs(List<MatchSpec> specs) {
      this.specs = specs;
      return this;
    }

    /**
     * Sets what the user asked for earlier (conda's history): it must be fulfilled too, but a spec
     * whose name {@link #specs} names again, or {@link #removals} names, no longer counts.
     */
    public Builder remembered(List<MatchSpec> remembered) {
      this.remembered = remembered;
      return this;
    }

    /** Sets which installed records are to leave; used in {@link SolveMode#REMOVE} only. */
    public Builder removals(List<MatchSpec> removals) {
      this.removals = removals;
      return this;
    }

    /** Sets what must hold for packages that are there, without asking for any. */
    public Builder pins(List<MatchSpec> pins) {
      this.pins = pins;
      return this;
    }

    /** Sets what is installed; it stays where {@link SolveMode} says so and nothing forbids it. */
    public Builder installed(List<PackageRecord> installed) {
      this.installed = installed;
      return this;
    }

    /** Sets what must be in the solution exactly as it is. */
    public Builder locked(List<PackageRecord> locked) {
      this.locked = locked;
      return this;
    }

    /** Sets the properties of the machine ({@code __glibc} and its like). */
    public Builder virtualPackages(List<PackageRecord> virtualPackages) {
      this.virtualPackages = virtualPackages;
      return this;
    }

    /** Sets how to choose among what fits; {@link SolveOptions#defaults()} unless told. */
    public Builder options(SolveOptions options) {
      this.options = options;
      return this;
    }

    /** Makes the request. */
    public SolveRequest build() {
      return new SolveRequest(this);
    }
  }
}
