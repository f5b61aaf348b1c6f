package io.jconda.solve;

import io.jconda.spec.MatchSpec;

/**
 * Puts a spec in the place of what packages say of a dependency: for channels whose metadata is
 * wrong and out of one's hands.
 *
 * <p>Each of their dependencies and constraints on the name of the spec is replaced; a package that
 * has none gets none. What the user asks for and pins is not touched.
 *
 * @param dependants whose dependencies are replaced; {@code *} for everybody's
 * @param dependency what they depend on instead
 */
public record DependencyOverride(MatchSpec dependants, MatchSpec dependency) {
  /**
   * Checks that the dependency names one package.
   *
   * @throws IllegalArgumentException if its name is a glob or a regular expression
   */
  public DependencyOverride {
    if (!dependency.isExactName()) {
      throw new IllegalArgumentException(
          "'%s' names no single package. Override one dependency by its name."
              .formatted(dependency));
    }
  }
}
