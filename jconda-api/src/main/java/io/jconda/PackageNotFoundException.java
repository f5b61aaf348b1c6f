package io.jconda;

import java.util.List;

/**
 * Signals that no channel has a package of that name, or that what is to be updated or taken out is
 * not installed. Where there are packages of the name and none fits, it is an {@link
 * UnsatisfiableException}.
 */
public final class PackageNotFoundException extends CondaException {
  private final String spec;
  private final List<String> nearNames;

  /**
   * Creates an exception.
   *
   * @param spec what was asked for
   * @param nearNames names that exist and look alike, best first; may be empty
   * @param problem what happened
   * @param remedy what the caller can do about it
   */
  public PackageNotFoundException(
      String spec, List<String> nearNames, String problem, String remedy) {
    super(problem, remedy);
    this.spec = spec;
    this.nearNames = List.copyOf(nearNames);
  }

  /** Returns the spec that nothing answers to. */
  public String spec() {
    return spec;
  }

  /** Returns names that exist and look alike, best first; may be empty. */
  public List<String> nearNames() {
    return nearNames;
  }
}
