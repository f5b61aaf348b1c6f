package io.jconda.core.install;

import io.jconda.Change;
import io.jconda.InstallReport;
import io.jconda.Plan;
import io.jconda.build.PackageBuilder;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.host.Disk;
import io.jconda.core.host.Locks;
import io.jconda.core.link.Launchers;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.prefix.PrefixState;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Holds what the tests of a transaction need: a root with a cache, packages, plans by name. */
final class Workbench implements AutoCloseable {
  final Path folder;
  final Path root;
  private final Path channel;
  private final Map<String, PackageRecord> built = new HashMap<>();
  private final Network network = new Network(NetworkSettings.defaults());

  Workbench(Path folder) {
    this.folder = folder;
    this.root = folder.resolve("root");
    this.channel = folder.resolve("channel");
  }

  @Override
  public void close() {
    network.close();
  }

  /**
   * Builds a package into the channel, once for each name, version and build, and returns its
   * record.
   */
  PackageRecord build(PackageBuilder builder) {
    return built.computeIfAbsent(builder.describe().distName(), any -> buildAnew(builder));
  }

  private PackageRecord buildAnew(PackageBuilder builder) {
    var described = builder.describe();
    String subdir = described.noarch().isPresent() ? "noarch" : described.platform().subdir();
    Path there = channel.resolve(subdir).resolve(described.fileName());
    // another process may have built it already
    Path archive = Files.exists(there) ? there : builder.build(channel);
    PackageRecord.Builder record =
        PackageRecord.builder(described.name(), described.version().toString(), described.build())
            .buildNumber(described.buildNumber())
            .subdir(subdir)
            .depends(described.depends());
    described.noarch().ifPresent(record::noarch);
    return located(record, archive);
  }

  /** Returns the record of an archive that is there. */
  static PackageRecord located(PackageRecord.Builder record, Path archive) {
    try {
      byte[] content = Files.readAllBytes(archive);
      return record
          .fileName(archive.getFileName().toString())
          .url(archive.toUri().toString())
          .channel(archive.resolve("../..").normalize().toUri().toString())
          .sha256(sha256(content))
          .size(content.length)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PackageCache cache(Disk disk) {
    return new PackageCache(root, disk, network);
  }

  /** Returns an installer whose prefixes are written by a disk; its cache has a sound one. */
  Installer installer(Disk disk) {
    return new Installer(cache(Disk.real()), locks(), disk, root, Launchers.NONE);
  }

  private PrefixLocks locks() {
    return new PrefixLocks(
        Locks.at(root.resolve("lock"), Disk.real()),
        PrefixLocks.ofMachine(),
        Disk.real(),
        Duration.ofSeconds(20));
  }

  Recovery recovery(Disk disk) {
    return new Recovery(locks(), disk);
  }

  Recovery recovery() {
    return recovery(Disk.real());
  }

  Installer installer() {
    return installer(Disk.real());
  }

  InstallReport apply(Plan plan) {
    return installer().apply(plan, OperationContext.silent());
  }

  /** Makes a plan that makes a prefix; for the present state of it, should it replace one. */
  static Plan.Builder create(Path prefix, PackageRecord... records) {
    List<Change> changes = new ArrayList<>();
    for (PackageRecord record : records) {
      changes.add(new Change.Added(record));
    }
    return Plan.builder(prefix, Platform.current())
        .creates(true)
        .basedOn(PrefixState.stamp(prefix))
        .changes(changes)
        .solution(List.of(records))
        .command("jconda create")
        .updateSpecs(Stream.of(records).map(record -> MatchSpec.parse(record.name())).toList());
  }

  /** Makes a plan that leaves exactly the given packages in a prefix that is there. */
  static Plan.Builder change(Path prefix, PackageRecord... wanted) {
    PrefixRecords before = PrefixRecords.read(prefix);
    List<Change> changes = new ArrayList<>();
    for (InstalledPackage installed : before.packages()) {
      boolean stays =
          Stream.of(wanted).anyMatch(one -> one.name().equals(installed.record().name()));
      if (!stays) {
        changes.add(new Change.Removed(installed.record()));
      }
    }
    for (PackageRecord record : wanted) {
      Optional<PackageRecord> there = before.get(record.name()).map(InstalledPackage::record);
      if (there.isEmpty()) {
        changes.add(new Change.Added(record));
      } else if (!there.get().fileName().equals(record.fileName())) {
        changes.add(new Change.Replaced(there.get(), record));
      }
    }
    return Plan.builder(prefix, Platform.current())
        .changes(changes)
        .solution(List.of(wanted))
        .basedOn(PrefixState.stamp(prefix))
        .command("jconda install");
  }

  /** Returns what lies in a folder: path to kind, mode, time of records and content. */
  static SortedMap<String, String> picture(Path folder) {
    SortedMap<String, String> picture = new TreeMap<>();
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return picture;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        picture.put(folder.relativize(path).toString(), describe(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return picture;
  }

  private static String describe(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path);
    }
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    if (Files.isDirectory(path)) {
      return "folder " + mode;
    }
    return "file " + mode + " " + sha256(Files.readAllBytes(path));
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
