package io.jconda.spec;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says which versions are accepted, such as {@code >=3.8,<3.12} or {@code 1.2.*|2.*} (CEP-29;
 * conda: {@code models/version.py}).
 *
 * <ul>
 *   <li>{@code 1.2} and {@code ==1.2}: equal in order, so 1.2.0 as well;
 *   <li>{@code =1.2}, {@code 1.2.*} and {@code 1.2*}: begins with these parts ({@code 1*} does not
 *       accept 10); a last part that is a word need only begin alike;
 *   <li>{@code !=1.2}: not equal; {@code !=1.2.*}: does not begin so. (CEP-29 calls both the
 *       latter; this follows conda's code.)
 *   <li>{@code <}, {@code <=}, {@code >}, {@code >=}: by order; a {@code .*} at the end is ignored;
 *   <li>{@code ~=1.4.5}: {@code >=1.4.5,1.4.*};
 *   <li>{@code 1.*.3} and {@code ^1\.[23]$}: a glob or regular expression over the text, in time
 *       proportional to its length; look-around and back references are not supported;
 *   <li>{@code *}: everything.
 * </ul>
 *
 * <p>A comma means and, {@code |} means or and binds less; parentheses group. Immutable, no I/O.
 */
public final class VersionSpec {
  /** Accepts every version. */
  public static final VersionSpec ANY = new VersionSpec(new VersionClause.Any());

  private final VersionClause clause;

  /** Made when first asked for. */
  private volatile @Nullable String text;

  private VersionSpec(VersionClause clause) {
    this.clause = clause;
  }

  /**
   * Reads a version spec.
   *
   * @param text the spec; blanks are ignored
   * @throws io.jconda.InvalidSpecException if it is none
   */
  public static VersionSpec parse(String text) {
    return of(new VersionSpecParser(text, 0, text.length()).parseAll());
  }

  static VersionSpec of(VersionClause clause) {
    return clause instanceof VersionClause.Any ? ANY : new VersionSpec(clause);
  }

  /** Returns the spec that accepts what equals a version in order, {@code ==version}. */
  public static VersionSpec exactly(Version version) {
    return of(new VersionClause.Ordered(VersionClause.Operator.EQUAL, version));
  }

  /** Tells whether a version is accepted. */
  public boolean matches(Version version) {
    return clause.matches(version);
  }

  /** Returns the one version that is accepted, if this is {@code ==version}. */
  public Optional<Version> exactVersion() {
    return clause instanceof VersionClause.Ordered ordered
            && ordered.operator() == VersionClause.Operator.EQUAL
        ? Optional.of(ordered.bound())
        : Optional.empty();
  }

  VersionClause clause() {
    return clause;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VersionSpec spec && spec.toString().equals(toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** Returns the canonical form, which reads back as an equal spec. */
  @Override
  public String toString() {
    String known = text;
    if (known == null) {
      StringBuilder out = new StringBuilder();
      clause.print(out);
      known = out.toString();
      text = known;
    }
    return known;
  }
}
