package io.jconda.core.install;

import io.jconda.Plan;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.LayoutEntry;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PathType;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.util.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides whose file lies at a path that several packages own: that of the last in topological
 * order, as if all had been linked at once, whatever came and went in which order (CEP-32 wants the
 * loser back when the winner goes).
 */
final class Contest {
  private final Map<String, Integer> ranks = new HashMap<>();
  private final Map<String, InstalledPackage> strongest = new HashMap<>();

  /**
   * @param plan ranks the packages by their order in its solution
   * @param staying the packages that the plan leaves alone
   */
  Contest(Plan plan, List<InstalledPackage> staying) {
    for (int rank = 0; rank < plan.solution().size(); rank++) {
      ranks.put(plan.solution().get(rank).name(), rank);
    }
    for (InstalledPackage installed : staying) {
      for (String path : installed.ownedPaths()) {
        strongest.merge(path, installed, (one, other) -> rank(one) < rank(other) ? other : one);
      }
    }
  }

  private int rank(InstalledPackage installed) {
    return rank(installed.record().name());
  }

  private int rank(String name) {
    return ranks.getOrDefault(name, -1);
  }

  /** Returns the paths of a coming package at which a staying one keeps its file. */
  Set<String> yielded(PackageLayout layout) {
    int own = rank(layout.stored().record().name());
    Set<String> yielded = new TreeSet<>();
    for (LayoutEntry entry : layout.entries()) {
      InstalledPackage other = strongest.get(entry.path());
      if (other != null && rank(other) > own) {
        yielded.add(entry.path());
      }
    }
    return yielded;
  }

  /**
   * Returns the paths at which a going package had overwritten a staying one, by the package that
   * gets them back. Reads what lies there; blocks.
   *
   * @param coming the paths that are written anyway
   */
  Map<InstalledPackage, Set<String>> losers(
      Path prefix, Collection<InstalledPackage> going, Set<String> coming) {
    Map<InstalledPackage, Set<String>> losers = new LinkedHashMap<>();
    for (InstalledPackage winner : going) {
      for (String path : winner.ownedPaths()) {
        InstalledPackage loser = strongest.get(path);
        if (loser != null && !coming.contains(path) && isForeign(prefix, path, loser)) {
          losers.computeIfAbsent(loser, any -> new LinkedHashSet<>()).add(path);
        }
      }
    }
    return losers;
  }

  private static boolean isForeign(Path prefix, String path, InstalledPackage owner) {
    Path file = prefix.resolve(path);
    for (PrefixPath known : owner.paths()) {
      if (known.path().equals(path)) {
        if (known.type() == PathType.SOFTLINK) {
          return true;
        }
        String digest = known.sha256InPrefix().or(known::sha256).orElse("");
        return known.type() == PathType.HARDLINK
            && !digest.isEmpty()
            && !(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && digest.equals(sha256(file)));
      }
    }
    return false;
  }

  private static String sha256(Path file) {
    try {
      return Hashes.sha256(file);
    } catch (IOException e) {
      throw DiskFailure.explain("read a file that two packages own", file, e);
    }
  }
}
