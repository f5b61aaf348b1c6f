package io.jconda.core.mirror;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.IntegrityException;
import io.jconda.StorageException;
import io.jconda.build.MirrorPlan;
import io.jconda.build.MirrorReport;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.host.Locks;
import io.jconda.core.host.Locks.Held;
import io.jconda.core.host.Locks.Mode;
import io.jconda.core.net.Network;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.Phase;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Is a folder that packages of channels are copied to. Archives come first and the indexes last, so
 * that the folder is a valid channel at every moment; what is unfinished lies in {@code
 * .jconda-mirror}, which is also what tells an unfinished mirror from somebody's files.
 *
 * <p>Thread-safe; {@link #copy} waits for whoever copies to the same folder.
 */
public final class Mirror {
  private static final String WORKSHOP = ".jconda-mirror";

  private final Path folder;
  private final Disk disk;
  private final Network network;

  /** Makes a mirror; nothing is read or written yet. */
  public Mirror(Path folder, Disk disk, Network network) {
    this.folder = folder;
    this.disk = disk;
    this.network = network;
  }

  /**
   * What is to be copied.
   *
   * @param platforms whose subdirs are kept, noarch besides
   * @param records what is to be there
   * @param prune whether what else those subdirs have leaves them
   * @param originals gives the records as channels serve them, by {@code subdir/file name}; asked
   *     once, when all archives are there; what it lacks is written from what is known of it
   */
  public record Wish(
      List<Platform> platforms,
      Collection<PackageRecord> records,
      boolean prune,
      Supplier<Map<String, ObjectNode>> originals) {
    /** Copies the lists. */
    public Wish {
      platforms = List.copyOf(platforms);
      records = List.copyOf(records);
    }

    private Set<Platform> subdirs() {
      Set<Platform> subdirs = new LinkedHashSet<>(platforms);
      subdirs.add(Platform.NOARCH);
      records.forEach(record -> subdirs.add(Platform.of(record.subdir())));
      return subdirs;
    }
  }

  /** What was found, and what follows from it. */
  private record Draft(MirrorPlan plan, Map<Platform, MirrorIndex> indexes) {}

  /**
   * Compares what is wanted with what is there; reads the archives that are. Blocks.
   *
   * @throws IntegrityException if two different archives have one place
   * @throws StorageException if the folder cannot be read, or holds something else
   * @throws io.jconda.ChannelException if an index in it cannot be gone on with
   */
  public MirrorPlan plan(Wish wish, OperationContext context) {
    return draft(wish, context).plan();
  }

  private Draft draft(Wish wish, OperationContext context) {
    requireMirror();
    Map<Platform, MirrorIndex> indexes = new EnumMap<>(Platform.class);
    wish.subdirs().forEach(platform -> indexes.put(platform, MirrorIndex.read(folder, platform)));
    Map<String, PackageRecord> wanted = wanted(wish);
    List<PackageRecord> toFetch = new ArrayList<>();
    for (PackageRecord record : wanted.values()) {
      context.checkpoint();
      try {
        if (!Checksum.isRight(archive(record), record, context)) {
          requireNoOther(record, indexes, context);
          toFetch.add(record);
        }
      } catch (IOException e) {
        throw DiskFailure.explain("read an archive of the mirror", archive(record), e);
      }
    }
    List<String> toRemove = wish.prune() ? surplus(wish, wanted.keySet(), indexes) : List.of();
    MirrorPlan plan =
        new MirrorPlan(folder, wish.platforms(), List.copyOf(wanted.values()), toFetch, toRemove);
    return new Draft(plan, indexes);
  }

  /** A folder is a mirror if it is empty, a channel, or a mirror that was not finished. */
  private void requireMirror() {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new StorageException(
          "%s is a file, not a folder to mirror to.".formatted(folder), "Choose another folder.");
    }
    Path noarch = folder.resolve(Platform.NOARCH.subdir());
    boolean isMirror =
        Files.exists(folder.resolve(WORKSHOP))
            || Files.exists(noarch.resolve("repodata.json"))
            || Files.exists(noarch.resolve("repodata.json.zst"));
    try (Stream<Path> content = Files.list(folder)) {
      if (!isMirror && content.findAny().isPresent()) {
        throw new StorageException(
            "The folder %s holds files and is no channel.".formatted(folder),
            "Mirror to an empty folder; or, if these are packages, make it a channel first with"
                + " jconda index.");
      }
    } catch (IOException e) {
      throw DiskFailure.explain("look into the folder of the mirror", folder, e);
    }
  }

  private static String place(PackageRecord record) {
    return record.subdir() + "/" + record.fileName();
  }

  private Path archive(PackageRecord record) {
    return folder.resolve(record.subdir()).resolve(record.fileName());
  }

  private static Map<String, PackageRecord> wanted(Wish wish) {
    Map<String, PackageRecord> wanted = new TreeMap<>();
    for (PackageRecord record : wish.records()) {
      PackageRecord other = wanted.putIfAbsent(place(record), record);
      if (other != null && Checksum.differ(other, record)) {
        throw new IntegrityException(
            "%s has one archive in channel %s (%s) and another one in %s (%s)."
                .formatted(
                    place(record),
                    other.channel(),
                    Checksum.identity(other),
                    record.channel(),
                    Checksum.identity(record)),
            "Exclude one of them, or mirror the channels to folders of their own.");
      }
    }
    return wanted;
  }

  /** What an earlier copy brought from another channel must not change under who installs it. */
  private void requireNoOther(
      PackageRecord record, Map<Platform, MirrorIndex> indexes, OperationContext context)
      throws IOException {
    MirrorIndex index = indexes.get(Platform.of(record.subdir()));
    Optional<PackageRecord> known =
        index == null
            ? Optional.empty()
            : index.known(record).filter(k -> Checksum.differ(k, record));
    if (known.isPresent() && Checksum.isRight(archive(record), known.get(), context)) {
      throw new IntegrityException(
          "%s in %s has %s, and in channel %s it has %s: they are different archives."
              .formatted(
                  place(record),
                  folder,
                  Checksum.identity(known.get()),
                  record.channel(),
                  Checksum.identity(record)),
          "Mirror that channel to a folder of its own; or, if the channel has replaced the archive,"
              + " delete it from the folder and copy again.");
    }
  }

  private List<String> surplus(Wish wish, Set<String> wanted, Map<Platform, MirrorIndex> indexes) {
    Set<String> surplus = new TreeSet<>();
    for (Platform platform : wish.subdirs()) {
      Optional.ofNullable(indexes.get(platform))
          .ifPresent(
              index ->
                  index.fileNames().forEach(name -> surplus.add(platform.subdir() + "/" + name)));
      Path subdir = folder.resolve(platform.subdir());
      if (!Files.isDirectory(subdir)) {
        continue;
      }
      try (Stream<Path> files = Files.list(subdir)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".conda") || name.endsWith(".tar.bz2"))
            .forEach(name -> surplus.add(platform.subdir() + "/" + name));
      } catch (IOException e) {
        throw DiskFailure.explain("look into the folder of the mirror", subdir, e);
      }
    }
    surplus.removeAll(wanted);
    return List.copyOf(surplus);
  }

  /**
   * Copies what is wanted and is not there. Blocks.
   *
   * @throws IntegrityException if two different archives have one place, or if an archive is not
   *     what its record says
   * @throws io.jconda.ChannelException if an archive cannot be had
   * @throws io.jconda.OfflineException if the network is needed and must not be used
   * @throws StorageException if the folder cannot be written, or holds something else
   * @throws io.jconda.OperationCancelledException if the operation should stop
   */
  public MirrorReport copy(Wish wish, OperationContext context) {
    long begin = System.nanoTime();
    requireMirror();
    Path workshop = folder.resolve(WORKSHOP);
    try {
      disk.createDirectories(workshop);
    } catch (IOException e) {
      throw DiskFailure.explain("make the folder of the mirror", folder, e);
    }
    Held alone = Locks.at(workshop, disk).acquire("mirror", Mode.EXCLUSIVE, context);
    try {
      disk.createDirectories(parts());
      Draft draft = draft(wish, context);
      requireRoom(draft.plan());
      long bytes = fetch(draft.plan(), context);
      context.checkpoint();
      publish(draft, wish.prune(), wish.originals().get());
      Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
      return new MirrorReport(draft.plan(), bytes, elapsed);
    } catch (IOException e) {
      throw DiskFailure.explain("make the folder of the mirror", folder, e);
    } finally {
      alone.close();
    }
  }

  private void requireRoom(MirrorPlan plan) {
    try {
      long room = Files.getFileStore(folder).getUsableSpace();
      // some file systems do not know, and say 0
      if (room > 0 && room < plan.bytesToFetch()) {
        throw new StorageException(
            "The disk that holds %s has room for %d MB, and %d MB are to be copied."
                .formatted(folder, room / 1_000_000, plan.bytesToFetch() / 1_000_000),
            "Free some space there, or mirror to another disk.");
      }
    } catch (IOException e) {
      throw DiskFailure.explain("ask how much room there is", folder, e);
    }
  }

  private long fetch(MirrorPlan plan, OperationContext context) {
    long begin = System.nanoTime();
    int items = plan.toFetch().size();
    long total = plan.bytesToFetch();
    context
        .events()
        .emit(number -> new ProgressEvent.PhaseStarted(number, Phase.FETCH, items, total));
    List<ToLongFunction<OperationContext>> copies = new ArrayList<>();
    plan.toFetch().stream()
        .sorted(
            Comparator.comparingLong((PackageRecord record) -> record.size().orElse(0)).reversed())
        .forEach(record -> copies.add(own -> fetch(record, own)));
    long bytes = new ArchiveCopies(context).run(copies);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
    context.events().emit(number -> new ProgressEvent.PhaseFinished(number, Phase.FETCH, elapsed));
    return bytes;
  }

  private long fetch(PackageRecord record, OperationContext context) {
    Path subdir = folder.resolve(record.subdir());
    try {
      disk.createDirectories(subdir);
    } catch (IOException e) {
      throw DiskFailure.explain("make a folder of the mirror", subdir, e);
    }
    Path part = parts().resolve(record.subdir() + "-" + record.fileName());
    return new ArchiveCopy(record, part, archive(record), disk, network, context).run();
  }

  /** Puts the indexes in place, and then takes away what they do not name any more. */
  private void publish(Draft draft, boolean prune, Map<String, ObjectNode> originals) {
    draft
        .plan()
        .records()
        .forEach(
            record ->
                Optional.ofNullable(draft.indexes().get(Platform.of(record.subdir())))
                    .ifPresent(index -> put(index, record, originals)));
    for (String place : draft.plan().toRemove()) {
      int slash = place.indexOf('/');
      Optional.ofNullable(draft.indexes().get(Platform.of(place.substring(0, slash))))
          .ifPresent(index -> index.remove(place.substring(slash + 1)));
    }
    draft.indexes().values().forEach(index -> index.write(parts(), disk));
    if (prune) {
      draft.plan().toRemove().forEach(this::delete);
    }
    try {
      // what earlier copies began and nobody wants any more
      disk.deleteTree(parts());
    } catch (IOException e) {
      throw DiskFailure.explain("tidy up the mirror", parts(), e);
    }
  }

  private static void put(
      MirrorIndex index, PackageRecord record, Map<String, ObjectNode> originals) {
    ObjectNode original = originals.get(place(record));
    if (original == null) {
      index.put(record);
    } else {
      index.put(record, original);
    }
  }

  private Path parts() {
    return folder.resolve(WORKSHOP).resolve("part");
  }

  private void delete(String place) {
    try {
      disk.deleteIfExists(folder.resolve(place));
    } catch (IOException e) {
      throw DiskFailure.explain("delete an archive of the mirror", folder.resolve(place), e);
    }
  }
}
