package io.jconda.core.install;

import io.jconda.Verification;
import io.jconda.Verification.Damage;
import io.jconda.Verification.Fault;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.cache.StoredFile;
import io.jconda.core.cache.StoredPackage;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.link.InsidePrefix;
import io.jconda.core.link.PythonSite;
import io.jconda.core.link.Workers;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PathType;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Compares the files of a prefix with what its records say of them. Where a symbolic link leads
 * they do not say, but the store does while the package is in it.
 */
final class FileCheck {
  private final Path prefix;
  private final PackageCache cache;
  private final PrefixRecords records;

  /** Where the links of a package lead, by path, for those packages that were looked up. */
  private final Map<PackageRecord, Map<String, String>> links = new ConcurrentHashMap<>();

  /** What each path may be, by path: one claim for each package that owns it. */
  private final Map<String, List<Claim>> claims = new LinkedHashMap<>();

  private final Queue<Damage> damages = new ConcurrentLinkedQueue<>();

  /**
   * Is what one package says of a path.
   *
   * @param owner the package
   * @param path what its record says; nothing is known of it but its name if the record is old
   */
  private record Claim(InstalledPackage owner, Optional<PrefixPath> path) {}

  private FileCheck(PrefixRecords records, PackageCache cache) {
    this.prefix = records.prefix();
    this.cache = cache;
    this.records = records;
    for (InstalledPackage installed : records.packages()) {
      Map<String, PrefixPath> known = new LinkedHashMap<>();
      installed.paths().forEach(path -> known.put(path.path(), path));
      for (String path : installed.ownedPaths()) {
        claims
            .computeIfAbsent(path, any -> new ArrayList<>(1))
            .add(new Claim(installed, Optional.ofNullable(known.get(path))));
      }
    }
    // records are anybody's; what they claim outside the prefix is nobody's business here
    claims.keySet().removeIf(path -> !InsidePrefix.isInside(path) || path.endsWith(".pyc"));
  }

  /** Looks at every file of a prefix; blocks. */
  static Verification of(PrefixRecords records, PackageCache cache, OperationContext context) {
    FileCheck check = new FileCheck(records, cache);
    List<Map.Entry<String, List<Claim>>> entries = List.copyOf(check.claims.entrySet());
    Workers.each(entries, context, entry -> check.look(entry.getKey(), entry.getValue()));
    List<Damage> found = new ArrayList<>(check.damages);
    found.sort(
        Comparator.comparing((Damage damage) -> damage.owner().name()).thenComparing(Damage::path));
    return Verification.of(records.prefix(), found, entries.size());
  }

  private void look(String path, List<Claim> owners) {
    Path file = prefix.resolve(path);
    // the package linked last owns what lies there, and topological order is not known here
    Claim last = owners.get(owners.size() - 1);
    try {
      BasicFileAttributes there = attributes(file);
      if (there == null) {
        report(last, path, Fault.MISSING);
      } else if (owners.stream().noneMatch(claim -> hasKind(claim, file, there))) {
        report(last, path, Fault.REPLACED);
      } else if (there.isRegularFile()) {
        lookInside(file, path, owners, there);
      } else if (there.isSymbolicLink()) {
        lookWhereItLeads(file, path, owners, there);
      }
    } catch (IOException e) {
      throw DiskFailure.explain("look at a file of the environment", file, e);
    }
  }

  private @Nullable BasicFileAttributes attributes(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    } catch (FileSystemException e) {
      if (liesBehindAFile(file)) {
        return null;
      }
      throw e;
    }
  }

  /** Before JDK 20 only a text in the user's language says so. */
  private boolean liesBehindAFile(Path file) {
    Path folder = file.getParent();
    while (folder != null && folder.startsWith(prefix) && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    return folder != null && Files.isRegularFile(folder);
  }

  private void report(Claim claim, String path, Fault fault) {
    damages.add(new Damage(claim.owner().record(), path, fault));
  }

  private static boolean hasKind(Claim claim, Path file, BasicFileAttributes there) {
    if (claim.path().isEmpty()) {
      return true;
    }
    return switch (claim.path().get().type()) {
      case SOFTLINK -> there.isSymbolicLink();
      case DIRECTORY -> there.isDirectory() || Files.isDirectory(file);
      default -> there.isRegularFile();
    };
  }

  private void lookWhereItLeads(
      Path link, String path, List<Claim> owners, BasicFileAttributes there) throws IOException {
    List<String> targets = new ArrayList<>();
    for (Claim claim : owners) {
      String target = links.computeIfAbsent(claim.owner().record(), this::storedLinks).get(path);
      if (target == null && hasKind(claim, link, there)) {
        // one owner's link is not known, and so may be what lies there
        return;
      }
      if (target != null) {
        targets.add(target);
      }
    }
    if (!targets.contains(Files.readSymbolicLink(link).toString().replace('\\', '/'))) {
      report(owners.get(owners.size() - 1), path, Fault.ALTERED);
    }
  }

  private Map<String, String> storedLinks(PackageRecord record) {
    Map<String, String> targets = new HashMap<>();
    cache
        .find(record)
        .ifPresent(
            stored -> {
              for (StoredFile file : stored.files()) {
                file.target().ifPresent(target -> targets.put(place(stored, file.path()), target));
              }
            });
    return targets;
  }

  /** Modules and commands of noarch packages lie where the Python of the prefix wants them. */
  private String place(StoredPackage stored, String path) {
    Optional<InstalledPackage> python = records.get("python");
    return Linking.needsPython(stored) && python.isPresent()
        ? PythonSite.of(python.get().record(), records.platform()).placeOf(path)
        : path;
  }

  private void lookInside(Path file, String path, List<Claim> owners, BasicFileAttributes there)
      throws IOException {
    List<String> digests = new ArrayList<>();
    boolean sizeFits = false;
    for (Claim claim : owners) {
      Optional<String> digest = claim.path().flatMap(FileCheck::digest);
      if (digest.isEmpty()) {
        // one owner's content is not known, and so may be what lies there
        return;
      }
      digests.add(digest.get());
      PrefixPath known = claim.path().orElseThrow();
      sizeFits |=
          known.placeholder().isPresent() || known.size().orElse(there.size()) == there.size();
    }
    if (!sizeFits || !digests.contains(Hashes.sha256(file))) {
      report(owners.get(owners.size() - 1), path, Fault.ALTERED);
    }
  }

  /** The digest that a file should have in the prefix, if the record tells. */
  private static Optional<String> digest(PrefixPath path) {
    if (path.type() == PathType.SOFTLINK || path.type() == PathType.DIRECTORY) {
      return Optional.empty();
    }
    Optional<String> inPrefix = path.sha256InPrefix().filter(text -> !text.isEmpty());
    return inPrefix.isPresent() || path.placeholder().isPresent()
        ? inPrefix
        : path.sha256().filter(text -> !text.isEmpty());
  }
}
