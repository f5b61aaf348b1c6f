package io.jconda.core.install;

import io.jconda.Plan;
import io.jconda.core.cache.StoredFile;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.Clash;
import io.jconda.core.link.LayoutEntry;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.link.PlatformNames;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.util.Hashes;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Decides whose file lies at a path that several packages own: that of the last in topological
 * order, as if all had been linked at once, whatever came and went in which order (CEP-32 wants the
 * loser back when the winner goes).
 */
final class Contest {
  private final PlatformNames names;
  private final Map<String, Integer> ranks = new HashMap<>();

  /** Who has its file at a path, by what all spellings of the path have in common. */
  private final Map<String, InstalledPackage> strongest = new HashMap<>();

  /** How it spells the path, where that is something else. */
  private final Map<String, String> spellings = new HashMap<>();

  /**
   * @param plan ranks the packages by their order in its solution
   * @param staying the packages that the plan leaves alone
   */
  Contest(Plan plan, List<InstalledPackage> staying) {
    this.names = new PlatformNames(plan.platform());
    for (int rank = 0; rank < plan.solution().size(); rank++) {
      ranks.put(plan.solution().get(rank).name(), rank);
    }
    for (InstalledPackage installed : staying) {
      for (String path : installed.ownedPaths()) {
        add(names.key(path), path, installed);
      }
    }
  }

  private void add(String key, String path, InstalledPackage installed) {
    InstalledPackage other = strongest.putIfAbsent(key, installed);
    if (other != null) {
      if (rank(other) >= rank(installed)) {
        return;
      }
      strongest.put(key, installed);
      spellings.remove(key);
    }
    if (!key.equals(path)) {
      spellings.put(key, path);
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
      InstalledPackage other = strongest.get(names.key(entry.path()));
      if (other != null && rank(other) > own) {
        yielded.add(entry.path());
      }
    }
    return yielded;
  }

  /** Returns where a coming package and a staying one have different files. */
  List<Clash> clashes(PackageLayout layout) {
    int own = rank(layout.stored().record().name());
    List<Clash> clashes = new ArrayList<>();
    for (LayoutEntry entry : layout.entries()) {
      InstalledPackage other = strongest.get(names.key(entry.path()));
      if (other != null && differs(entry, other)) {
        PackageRecord record = other.record();
        String staying = record.name() + " " + record.version() + " " + record.build();
        boolean stays = rank(other) > own;
        clashes.add(
            new Clash(
                entry.path(), stays ? staying : layout.owner(), stays ? layout.owner() : staying));
      }
    }
    return clashes;
  }

  private boolean differs(LayoutEntry entry, InstalledPackage other) {
    String key = names.key(entry.path());
    Optional<PrefixPath> known = known(other, spellings.getOrDefault(key, key));
    if (entry instanceof LayoutEntry.Made made) {
      return !known.flatMap(Contest::digest).equals(Optional.of(Hashes.sha256(made.content())));
    }
    StoredFile file = ((LayoutEntry.Stored) entry).file();
    return file.kind() != StoredFile.Kind.DIRECTORY
        && (file.sha256().isEmpty()
            || known.isEmpty()
            || !known.get().sha256().equals(file.sha256())
            || !known.get().placeholder().equals(file.placeholder()));
  }

  /**
   * Returns the paths of staying packages that a coming one overwrites, as they spell them, where
   * it spells them otherwise.
   */
  Set<String> otherSpellings(PackageLayout layout) {
    Set<String> others = new TreeSet<>();
    if (!names.foldsCase()) {
      return others;
    }
    for (LayoutEntry entry : layout.entries()) {
      String key = names.key(entry.path());
      String spelled = spellings.getOrDefault(key, key);
      if (strongest.containsKey(key)
          && !spelled.equals(entry.path())
          && !layout.yielded().contains(entry.path())) {
        others.add(spelled);
      }
    }
    return others;
  }

  /**
   * Returns the paths at which a going package had overwritten a staying one, by the package that
   * gets them back: as it spells them, and as the going one does. Reads what lies there; blocks.
   *
   * @param coming the paths that are written anyway
   */
  Map<InstalledPackage, Map<String, String>> losers(
      Path prefix, Collection<InstalledPackage> going, Set<String> coming) {
    Set<String> written = keys(coming);
    Map<InstalledPackage, Map<String, String>> losers = new LinkedHashMap<>();
    for (InstalledPackage winner : going) {
      for (String path : winner.ownedPaths()) {
        String key = names.key(path);
        InstalledPackage loser = strongest.get(key);
        String spelled = spellings.getOrDefault(key, key);
        if (loser != null
            && !written.contains(key)
            && isForeign(prefix, known(loser, spelled), () -> known(winner, path))) {
          losers.computeIfAbsent(loser, any -> new LinkedHashMap<>()).put(spelled, path);
        }
      }
    }
    return losers;
  }

  private Set<String> keys(Set<String> paths) {
    if (!names.foldsCase()) {
      return paths;
    }
    Set<String> keys = new HashSet<>();
    paths.forEach(path -> keys.add(names.key(path)));
    return keys;
  }

  /** Tells whether what lies at a path of a staying package is not its own but another's. */
  private static boolean isForeign(
      Path prefix, Optional<PrefixPath> own, Supplier<Optional<PrefixPath>> others) {
    if (own.isEmpty()) {
      return false;
    }
    return switch (own.get().type()) {
      case SOFTLINK -> true;
      case DIRECTORY, PYC_FILE, LINKED_PACKAGE_RECORD -> false;
      default -> {
        Path file = prefix.resolve(own.get().path());
        String there =
            Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? sha256(file) : "another kind";
        Optional<String> digest = digest(own.get());
        // of what they make themselves other tools tell no digest
        yield digest.isPresent()
            ? !digest.get().equals(there)
            : others.get().flatMap(Contest::digest).filter(there::equals).isPresent();
      }
    };
  }

  private static Optional<PrefixPath> known(InstalledPackage owner, String path) {
    for (PrefixPath known : owner.paths()) {
      if (known.path().equals(path)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> digest(PrefixPath path) {
    return path.sha256InPrefix().or(path::sha256).filter(text -> !text.isEmpty());
  }

  private static String sha256(Path file) {
    try {
      return Hashes.sha256(file);
    } catch (IOException e) {
      throw DiskFailure.explain("read a file that two packages own", file, e);
    }
  }
}
