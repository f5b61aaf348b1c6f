package io.jconda.cache;

import io.jconda.Operation;
import io.jconda.spec.PackageRecord;
import java.nio.file.Path;
import java.util.List;

/**
 * Takes care of the package cache of a client's root: how large it is, whether it is sound, what of
 * it nobody needs.
 *
 * <p>The cache keeps the content of every file once, whatever packages have it, and environments
 * share that by hard links. Nothing here ever harms an environment, or an operation that is under
 * way in any process: what is linked stays on disk under its other names, and cleaning waits until
 * nobody uses the store. Caches that are only read, of other roots and of other tools, are left
 * alone. Thread-safe; every method without {@code Async} blocks.
 */
public interface PackageStore {
  /**
   * Lists the packages in the store, by file name. Reads every manifest and looks at every file.
   *
   * @throws io.jconda.StorageException if the store cannot be read
   * @throws io.jconda.OperationCancelledException if the waiting thread was interrupted
   */
  List<CachedPackage> packages();

  /** Does what {@link #packages()} does, without waiting for it. */
  Operation<List<CachedPackage>> packagesAsync();

  /**
   * Measures the store. Reads every manifest and looks at every file.
   *
   * @throws io.jconda.StorageException if the store cannot be read
   * @throws io.jconda.OperationCancelledException if the waiting thread was interrupted
   */
  CacheSize size();

  /** Does what {@link #size()} does, without waiting for it. */
  Operation<CacheSize> sizeAsync();

  /**
   * Reads every file again and compares it with its hash; what is damaged or missing is fetched
   * again and put in place as a new file. A damaged file that cannot be had again is marked, so
   * that nobody links it: the next operation that needs it tries to fetch it, and fails if it
   * cannot.
   *
   * <p>Environments keep what they have linked.
   *
   * @param specs the packages that are verified; all of them if none is named
   * @throws io.jconda.InvalidSpecException if a spec cannot be read
   * @throws io.jconda.StorageException if the store cannot be read or written
   * @throws io.jconda.OperationCancelledException if the waiting thread was interrupted
   */
  VerifyReport verify(String... specs);

  /** Does what {@link #verify(String...)} does, without waiting for it. */
  Operation<VerifyReport> verifyAsync(String... specs);

  /**
   * Removes what nobody needs, or with {@link CleanOptions#dryRun(boolean)} only says what that is.
   *
   * <p>Waits until no process uses the store; a listener hears for whom. Whatever ends the process
   * meanwhile, every package that is still listed is whole.
   *
   * @param options what counts as not needed
   * @throws io.jconda.StorageException if the store cannot be read, or lies on a file system
   *     without locks, where nobody knows who uses it
   * @throws io.jconda.OperationCancelledException if the waiting thread was interrupted
   */
  CleanReport clean(CleanOptions options);

  /** Does what {@link #clean(CleanOptions)} does, without waiting for it. */
  Operation<CleanReport> cleanAsync(CleanOptions options);

  /**
   * Takes a package's archive into the store, so that whoever wants it needs no network: the way
   * into a machine that has none.
   *
   * @param archive a {@code .conda} or {@code .tar.bz2} file, called name-version-build; it is only
   *     read
   * @return the package's record, as the archive itself has it; its URL is that of the file
   * @throws io.jconda.IntegrityException if it is no sound package
   * @throws io.jconda.StorageException if it cannot be read, or the store not be written
   * @throws io.jconda.OperationCancelledException if the waiting thread was interrupted
   */
  PackageRecord importArchive(Path archive);

  /** Does what {@link #importArchive(Path)} does, without waiting for it. */
  Operation<PackageRecord> importArchiveAsync(Path archive);
}
