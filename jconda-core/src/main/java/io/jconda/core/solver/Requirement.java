package io.jconda.core.solver;

import io.jconda.InvalidSpecException;
import io.jconda.core.repodata.DependencyName;
import io.jconda.spec.Condition;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Is one spec, read once per solve: a dependency, a constraint, or a wish of the user. */
final class Requirement {
  private final String text;
  private final @Nullable MatchSpec spec;
  private final @Nullable PackageRecord record;
  private final String problem;
  private final boolean versionOnly;

  private Requirement(
      String text, @Nullable MatchSpec spec, @Nullable PackageRecord record, String problem) {
    this.text = text;
    this.spec = spec;
    this.record = record;
    this.problem = problem;
    // Without brackets, a channel or a URL a spec can ask for nothing but version and build.
    this.versionOnly =
        spec != null
            && spec.build().isEmpty()
            && text.indexOf('[') < 0
            && text.indexOf(':') < 0
            && text.indexOf('/') < 0;
  }

  /** Reads a dependency as it lies in an index; one that cannot be read has a problem. */
  static Requirement ofIndex(String text) {
    MatchSpec spec;
    try {
      spec = MatchSpec.parseLenient(text);
    } catch (InvalidSpecException e) {
      return new Requirement(text, null, null, e.problem());
    }
    return new Requirement(text, spec, null, "");
  }

  static Requirement of(MatchSpec spec) {
    return new Requirement(spec.source(), spec, null, "");
  }

  /** Asks for one record and nothing beside it. */
  static Requirement exactly(PackageRecord record) {
    return new Requirement(record.distName(), null, record, "");
  }

  String text() {
    return text;
  }

  /** Returns why it cannot be read; empty if it can. */
  Optional<String> problem() {
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }

  /** Returns the name, glob or regular expression that it asks for. */
  String name() {
    if (record != null) {
      return record.name();
    }
    return spec == null ? DependencyName.of(text) : spec.name();
  }

  boolean isExactName() {
    return spec == null || spec.isExactName();
  }

  /** Returns the condition under which it counts; empty if it always does (CEP-43). */
  Optional<Condition> condition() {
    return spec == null ? Optional.empty() : spec.condition();
  }

  /** Returns the groups of optional dependencies that it asks for (CEP-44). */
  List<String> extras() {
    return spec == null ? List.of() : spec.extras();
  }

  /** Tells whether it asks for all builds of a version alike. */
  boolean isVersionOnly() {
    return versionOnly;
  }

  /** Tells whether a record is what is asked for; condition and extras have no say in it. */
  boolean matches(PackageRecord candidate) {
    if (record != null) {
      return record.equals(candidate);
    }
    return spec != null && spec.matches(candidate);
  }

  /** Returns what stands behind the name, for texts that have named the package already. */
  String tail() {
    String name = name();
    return text.startsWith(name) ? text.substring(name.length()).strip() : text;
  }

  @Override
  public String toString() {
    return text;
  }
}
