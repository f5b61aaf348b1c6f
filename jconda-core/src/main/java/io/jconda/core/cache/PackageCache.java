package io.jconda.core.cache;

import io.jconda.IntegrityException;
import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.host.Locks;
import io.jconda.core.host.Locks.Held;
import io.jconda.core.host.Locks.Mode;
import io.jconda.core.net.Network;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps packages for all environments of a root: every archive is fetched once, every file is kept
 * once, whoever asks.
 *
 * <p>Content-addressed twice: a package is known by the SHA-256 of its archive, and its files by
 * theirs (and the executable bit, and the time where compiled Python beside a source names it). A
 * package is in the store when its manifest is, which is written last; whatever stops a process
 * leaves at worst what nobody looks at. Shared with every thread and process that uses the same
 * root. Thread-safe.
 */
public final class PackageCache {
  /** How many packages one operation asks for at once where nothing is said. */
  public static final int MOST_AT_ONCE = 8;

  private static final String STORE = "the package cache";
  private static final Logger LOG = LoggerFactory.getLogger(PackageCache.class);
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Set<String> EDITED = Set.of(".pth", ".pem", ".cfg", ".ini");

  private final Stores stores;
  private final Holdings holdings;
  private final Disk disk;
  private final Network network;
  private final boolean keepArchives;
  private final Map<String, Flight> flights = new ConcurrentHashMap<>();

  private final int atOnce;

  /**
   * Opens the cache of a root; nothing is read or written before it is used. Archives are dropped
   * when their files are stored.
   *
   * @param root the folder that holds {@code store/}; made when it is needed
   * @param disk what writes
   * @param network what downloads
   */
  public PackageCache(Path root, Disk disk, Network network) {
    this(root, disk, network, false);
  }

  /**
   * Opens the cache of a root; nothing is read or written before it is used.
   *
   * @param root the folder that holds {@code store/}; made when it is needed
   * @param disk what writes
   * @param network what downloads
   * @param keepArchives whether archives are kept too, so that a damaged file can be restored
   *     without the network
   */
  public PackageCache(Path root, Disk disk, Network network, boolean keepArchives) {
    this(CacheFolders.of(root), disk, network, keepArchives);
  }

  /**
   * Opens a cache of several folders; nothing is read or written before it is used.
   *
   * @param folders where packages may lie
   * @param disk what writes
   * @param network what downloads
   * @param keepArchives whether archives are kept too
   */
  public PackageCache(CacheFolders folders, Disk disk, Network network, boolean keepArchives) {
    this(folders, disk, network, keepArchives, MOST_AT_ONCE);
  }

  /**
   * Opens a cache of several folders; nothing is read or written before it is used.
   *
   * @param folders where packages may lie
   * @param disk what writes
   * @param network what downloads
   * @param keepArchives whether archives are kept too
   * @param atOnce how many packages one operation should ask for at once
   */
  public PackageCache(
      CacheFolders folders, Disk disk, Network network, boolean keepArchives, int atOnce) {
    this.atOnce = atOnce;
    this.stores = new Stores(folders, disk);
    this.holdings = new Holdings(stores);
    this.disk = disk;
    this.network = network;
    this.keepArchives = keepArchives;
  }

  /** Returns how many packages one operation should ask for at once. */
  public int atOnce() {
    return atOnce;
  }

  private Locks locks() {
    return Locks.at(stores.primary().layout().lock(), disk);
  }

  private Fetch.Workshop workshop() {
    return new Fetch.Workshop(stores.all(), stores.pkgsFolders(), disk, network, keepArchives);
  }

  /**
   * Keeps everything in the store until it is closed: whoever links files of it holds this from
   * before the fetch until the last file is linked. Many may hold it at once. Blocks while somebody
   * cleans the store.
   *
   * @throws io.jconda.OperationCancelledException if the operation should stop
   * @throws io.jconda.StorageException if the lock file cannot be written
   */
  public Held inUse(OperationContext context) {
    return locks().acquire(STORE, Mode.SHARED, context);
  }

  /**
   * Tells whether a package is in a store; reads one small file, or, after a crash of the machine,
   * the whole package.
   *
   * @throws io.jconda.StorageException if the store cannot be read
   */
  public boolean has(PackageRecord record) {
    return holdings.has(record);
  }

  /**
   * Returns a package if it is in a store.
   *
   * @throws io.jconda.StorageException if the store cannot be read
   */
  public Optional<StoredPackage> find(PackageRecord record) {
    return holdings.find(record);
  }

  /**
   * Returns a package from the store, and fetches it first if it is not there.
   *
   * <p>Blocks. If several threads or processes want the same archive one fetches it and the others
   * wait; if that one fails or is cancelled, another takes over. A broken download is repeated
   * twice, one with a wrong hash once. Nothing half-made is left when this throws.
   *
   * @param record what to fetch; its URL is asked only if the package is not there
   * @throws IntegrityException if the archive is not what the record says, or is no sound package
   * @throws io.jconda.ChannelException if the archive cannot be had
   * @throws io.jconda.OfflineException if it would need the network and there shall be none
   * @throws io.jconda.StorageException if the disk is full or may not be written; the store stays
   *     intact
   * @throws io.jconda.OperationCancelledException if the operation should stop
   */
  public StoredPackage fetch(PackageRecord record, OperationContext context) {
    String key = Manifests.key(record);
    while (true) {
      context.checkpoint();
      Optional<StoredPackage> there = holdings.find(record);
      if (there.isPresent()) {
        return there.get();
      }
      Flight mine = new Flight();
      Flight other = flights.putIfAbsent(key, mine);
      Optional<StoredPackage> result =
          other == null ? Optional.of(lead(record, key, mine, context)) : other.await(context);
      if (result.isPresent()) {
        return result.get().of(record);
      }
    }
  }

  private StoredPackage lead(
      PackageRecord record, String key, Flight flight, OperationContext context) {
    flight.board(context);
    try {
      StoredPackage stored =
          alone(
              key,
              record.fileName(),
              context,
              () -> holdings.find(record).orElseGet(() -> download(record, flight, context)));
      flight.land(stored);
      return stored;
    } finally {
      flights.remove(key, flight);
      flight.handOver();
    }
  }

  private StoredPackage download(PackageRecord record, Flight flight, OperationContext context) {
    Manifest manifest = new Fetch(workshop(), record, flight, context).run();
    return new StoredPackage(record, manifest, stores.primary());
  }

  /** Returns what takes care of this cache. */
  public CacheCare care() {
    return new CacheCare(this);
  }

  Stores stores() {
    return stores;
  }

  Disk disk() {
    return disk;
  }

  /** Brings a package into the store anew, whatever is there of it. */
  void fetchAnew(PackageRecord record, String sha256, OperationContext context) {
    alone(
        sha256,
        record.fileName(),
        context,
        () -> {
          Flight flight = new Flight();
          flight.board(context);
          return new Fetch(workshop(), record, flight, context).run();
        });
  }

  /**
   * Waits until nobody uses the store, and keeps everybody out until it is closed.
   *
   * @throws io.jconda.StorageException if other processes cannot be kept out
   */
  Held alone(OperationContext context) {
    Locks locks = locks();
    Held held = locks.acquire(STORE, Mode.EXCLUSIVE, context);
    if (!locks.keepOutProcesses()) {
      held.close();
      Path folder = stores.primary().layout().store();
      throw new StorageException(
          ("The package cache at %s cannot be cleaned: its file system has no locks, so that"
                  + " nobody knows who uses it.")
              .formatted(folder),
          "Delete the folder as a whole while nothing uses it; environments keep what they have.");
    }
    return held;
  }

  /** Does to a package what one at a time may do, and nobody while the store is cleaned. */
  private <T> T alone(String key, String fileName, OperationContext context, Supplier<T> action) {
    Held use = inUse(context);
    try {
      Held alone = locks().acquire("package " + key, fileName, Mode.EXCLUSIVE, context);
      try {
        return action.get();
      } finally {
        alone.close();
      }
    } finally {
      use.close();
    }
  }

  /**
   * Returns where a file's content lies in the store, to be linked or copied from.
   *
   * <p>Its size and time are compared with what they were. If they differ the content is read; if
   * that is wrong, somebody changed it through an environment that links it: it is fetched again as
   * a new inode, and a warning says so. Reads one file's attributes if all is well.
   *
   * @param file a file of that package, of kind {@link StoredFile.Kind#FILE}
   * @throws IntegrityException if the content cannot be had again
   * @throws io.jconda.ChannelException if the content is damaged and its archive cannot be had
   * @throws io.jconda.StorageException if the store cannot be read or written
   * @throws IllegalArgumentException if the path is no file
   */
  public Path usable(StoredPackage stored, StoredFile file, OperationContext context) {
    requireFile(file);
    Path content = stored.store().path(file);
    if (isRight(stored.store(), file, content)) {
      return content;
    }
    Store primary = stores.primary();
    if (!(stored.store().readOnly() && isRight(primary, file))
        && !restoredAlone(stored, file, context)) {
      throw new IntegrityException(
          "The file '%s' of %s could not be restored in the cache at %s."
              .formatted(file, stored.record().distName(), primary.path(file)),
          "Check that nobody changes the cache, and try again.");
    }
    return primary.path(file);
  }

  private static void requireFile(StoredFile file) {
    if (file.kind() != StoredFile.Kind.FILE) {
      throw new IllegalArgumentException("'" + file + "' is no file and has no content.");
    }
  }

  private static boolean isRight(Store store, StoredFile file) {
    return isRight(store, file, store.path(file));
  }

  private static boolean isRight(Store store, StoredFile file, Path content) {
    try {
      return store.files().isRight(file, content);
    } catch (IOException e) {
      if (store.readOnly()) {
        LOG.warn("{} cannot be read and is passed over: {}", content, e.toString());
        return false;
      }
      throw DiskFailure.explain("read the cache", content, e);
    }
  }

  private boolean restoredAlone(StoredPackage stored, StoredFile file, OperationContext context) {
    return alone(
        stored.sha256OfArchive(),
        stored.record().fileName(),
        context,
        () -> restore(stored, file, context));
  }

  private boolean restore(StoredPackage stored, StoredFile file, OperationContext context) {
    Store primary = stores.primary();
    if (isRight(primary, file)) {
      // another process was faster
      return true;
    }
    context
        .events()
        .warn(
            ("The file '%s' of %s was changed or deleted in the cache, probably through an"
                    + " environment that links it. It is fetched again; environments that link it"
                    + " keep the changed one.")
                .formatted(file, stored.record().distName()));
    PackageRecord record = stored.record().toBuilder().sha256(stored.sha256OfArchive()).build();
    Flight flight = new Flight();
    flight.board(context);
    new Fetch(workshop(), record, flight, context).run();
    return isRight(primary, file);
  }

  /**
   * Gives a file's content a new inode and returns where it lies: for a file system that allows no
   * more names for the old one (65,000 on ext4, 1,024 on NTFS).
   *
   * @throws io.jconda.StorageException if the disk refuses
   */
  public Path renewed(StoredPackage stored, StoredFile file, OperationContext context) {
    Path content = usable(stored, file, context);
    StoreLayout layout = stores.primary().layout();
    Path temporary = layout.temporary("renewed" + NUMBERS.incrementAndGet());
    try {
      disk.createDirectories(layout.tmp());
      return stores.primary().files().renew(file, content, temporary);
    } catch (IOException e) {
      throw DiskFailure.explain("copy a file of the cache", content, e);
    }
  }

  /**
   * Tells whether an environment may share a file with the store, as far as the file is concerned.
   * It may not, and gets its own copy, if it is no file, is empty (everybody has that one, and a
   * file system allows only so many names for it), is of a kind that people edit in place, is
   * rewritten for the prefix, or asks for it.
   */
  public boolean mayLink(StoredFile file) {
    return isShared(file);
  }

  static boolean isShared(StoredFile file) {
    return file.kind() == StoredFile.Kind.FILE
        && file.size() > 0
        && !file.noLink()
        && file.placeholder().isEmpty()
        && !isEdited(file.path());
  }

  /** In any case; nothing is made of the thousands of paths that cannot be meant. */
  private static boolean isEdited(String path) {
    int ending = path.length() - 4;
    return ending >= 0
        && ((path.charAt(3) == '/' && path.substring(0, 3).toLowerCase(Locale.ROOT).equals("etc"))
            || (path.charAt(ending) == '.'
                && EDITED.contains(path.substring(ending).toLowerCase(Locale.ROOT))));
  }
}
