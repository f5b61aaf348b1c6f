package io.jconda.process;

import io.jconda.CheckReturnValue;
import io.jconda.spec.Platform;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Says what an environment is activated for. Immutable: each method that sets something returns new
 * options.
 */
public final class ActivationOptions {
  private static final ActivationOptions DEFAULTS =
      new ActivationOptions(Optional.empty(), Optional.empty(), false);

  private final Optional<Platform> platform;
  private final Optional<Map<String, String>> variables;
  private final boolean stacked;

  private ActivationOptions(
      Optional<Platform> platform, Optional<Map<String, String>> variables, boolean stacked) {
    this.platform = platform;
    this.variables = variables;
    this.stacked = stacked;
  }

  /**
   * Returns options for the environment's own platform, on top of the variables of this JVM, in the
   * place of the environment that is active there.
   */
  public static ActivationOptions defaults() {
    return DEFAULTS;
  }

  /** Sets whose rules for names, folders and scripts hold. */
  @CheckReturnValue
  public ActivationOptions platform(Platform target) {
    return new ActivationOptions(Optional.of(target), variables, stacked);
  }

  /**
   * Sets the variables to start from instead of those of this JVM: what {@code CONDA_SHLVL} counts
   * from, and whose {@code PATH} is led.
   */
  @CheckReturnValue
  public ActivationOptions variables(Map<String, String> parent) {
    return new ActivationOptions(
        platform, Optional.of(Collections.unmodifiableMap(new LinkedHashMap<>(parent))), stacked);
  }

  /**
   * Sets whether the environment that is active stays, with its {@code PATH} behind the new one's,
   * as after {@code conda activate --stack}.
   */
  @CheckReturnValue
  public ActivationOptions stacked(boolean keep) {
    return new ActivationOptions(platform, variables, keep);
  }

  /** Returns the platform, if it is set. */
  public Optional<Platform> platform() {
    return platform;
  }

  /** Returns the variables to start from, if they are set. */
  public Optional<Map<String, String>> variables() {
    return variables;
  }

  /** Tells whether the environment that is active stays. */
  public boolean isStacked() {
    return stacked;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ActivationOptions that
        && platform.equals(that.platform)
        && variables.equals(that.variables)
        && stacked == that.stacked;
  }

  @Override
  public int hashCode() {
    return Objects.hash(platform, variables, stacked);
  }

  /** Returns what is set; of the variables only how many there are, for they may hold secrets. */
  @Override
  public String toString() {
    return "ActivationOptions[platform=%s, variables=%s, stacked=%s]"
        .formatted(
            platform.map(Platform::toString).orElse("its own"),
            variables.map(map -> map.size() + " given").orElse("the JVM's"),
            stacked);
  }
}
