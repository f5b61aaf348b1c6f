package io.jconda;

import java.util.Set;
import java.util.TreeSet;

/**
 * Says which packages' own link scripts may run: they run as whoever installs, and do what they
 * like. Immutable.
 *
 * @param all whether those of every package may
 * @param packages the names of packages whose scripts may run where not all may
 */
public record AllowedScripts(boolean all, Set<String> packages) {
  /** Lets no script run, which is the default. */
  public static final AllowedScripts NONE = new AllowedScripts(false, Set.of());

  /** Lets the scripts of every package run, as conda does. */
  public static final AllowedScripts ALL = new AllowedScripts(true, Set.of());

  /** Copies the names. */
  public AllowedScripts {
    packages = java.util.Collections.unmodifiableSet(new TreeSet<>(packages));
  }

  /** Lets those of some packages run, beside those that may already. */
  public AllowedScripts and(Set<String> names) {
    Set<String> both = new TreeSet<>(packages);
    both.addAll(names);
    return new AllowedScripts(all, both);
  }

  /** Tells whether the scripts of a package may run. */
  public boolean allows(String name) {
    return all || packages.contains(name);
  }
}
