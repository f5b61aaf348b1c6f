package io.jconda;

import io.jconda.file.EnvironmentFile;
import io.jconda.file.ExportDetail;
import io.jconda.file.LockFile;
import io.jconda.process.Activation;
import io.jconda.process.ActivationOptions;
import io.jconda.process.Command;
import io.jconda.process.CommandResult;
import io.jconda.process.PythonWorker;
import io.jconda.process.PythonWorkerPool;
import io.jconda.process.Shell;
import io.jconda.process.WorkerOptions;
import io.jconda.query.PackageQuery;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.List;

/**
 * Is a handle on an environment: a prefix and what lies in it. Cheap, safe to share between
 * threads, never closed.
 *
 * <p>What changes the environment blocks until it is done, changes all of it or nothing, and
 * returns a handle whose {@link #report()} tells what was done; each such method has an {@code
 * …Async} twin. One process changes an environment at a time; others wait for it, but not those
 * that only read. Every method first undoes or completes what a process that died left of a change.
 * All that change the environment throw, beside what they say:
 *
 * <ul>
 *   <li>{@link EnvironmentNotFoundException} if the environment is gone,
 *   <li>{@link EnvironmentBusyException} if another process is changing it for longer than the time
 *       allowed,
 *   <li>{@link InvalidSpecException}, {@link PackageNotFoundException}, {@link
 *       UnsatisfiableException} for specs that cannot be read, name nothing, or cannot hold
 *       together,
 *   <li>{@link ChannelException}, {@link OfflineException}, {@link IntegrityException} for what
 *       channels serve,
 *   <li>{@link InstallException}, {@link StorageException} for what the prefix or the disk refuses,
 *   <li>{@link OperationCancelledException} if the waiting thread was interrupted or the time was
 *       up.
 * </ul>
 */
public interface Environment {
  /** Returns its name if it lies in the root's folder of environments, else its prefix as text. */
  String name();

  /** Returns its folder, absolute. */
  Path prefix();

  /** Returns the platform that its packages are for. Reads the disk. */
  Platform platform();

  /**
   * Returns what is installed, by name. Reads the disk; never shows a package whose files are not
   * all there.
   *
   * <p>What pip has installed is among it as conda shows it: channel {@code pypi} and build {@code
   * pypi_0}, or {@code <develop>} and {@code dev_0} for a project that is used where it lies; its
   * URL says where it came from if that was none of an index. It is shown in the stead of a package
   * of conda's that pip has replaced (conda: {@code core/prefix_data.py}).
   *
   * @throws EnvironmentNotFoundException if the environment is gone
   */
  List<PackageRecord> packages();

  /**
   * Returns the specs that were asked for and are still in force, as the environment's history has
   * them. Reads the disk.
   */
  List<MatchSpec> requestedSpecs();

  /**
   * Tells what the operation that returned this handle did; nothing for a handle from {@code
   * open()} or a list.
   */
  InstallReport report();

  /**
   * Adds packages, keeping what is there where it can, and Python's minor version unless Python is
   * named.
   *
   * @param specs match specs such as {@code "numpy>=2"}
   */
  Environment install(String... specs);

  /** Does what {@link #install(String...)} does, without waiting for it. */
  Operation<Environment> installAsync(String... specs);

  /**
   * Brings packages to the newest version that the rest of the environment allows.
   *
   * @param names names of installed packages, or match specs for them
   * @throws PackageNotFoundException if one of them is not installed
   */
  Environment update(String... names);

  /** Does what {@link #update(String...)} does, without waiting for it. */
  Operation<Environment> updateAsync(String... names);

  /**
   * Brings every package to the newest version that the requested specs allow, within Python's
   * minor version.
   */
  Environment updateAll();

  /** Does what {@link #updateAll()} does, without waiting for it. */
  Operation<Environment> updateAllAsync();

  /**
   * Takes packages out, with those that need them and with those that nobody needs any more.
   *
   * @param names names of installed packages, or match specs for them
   * @throws PackageNotFoundException if one of them is not installed
   */
  Environment uninstall(String... names);

  /** Does what {@link #uninstall(String...)} does, without waiting for it. */
  Operation<Environment> uninstallAsync(String... names);

  /**
   * Plans {@link #update(String...)}, or {@link #updateAll()} if nothing is named, and changes
   * nothing.
   */
  Plan planUpdate(String... names);

  /** Plans {@link #uninstall(String...)}, and changes nothing. */
  Plan planUninstall(String... names);

  /**
   * Returns what was done to the environment, oldest first, as its {@code conda-meta/history} has
   * it. Reads the disk.
   *
   * @throws EnvironmentNotFoundException if the environment is gone
   */
  List<Revision> history();

  /**
   * Brings the environment back to the packages that it had after an earlier revision, and to the
   * specs that were in force then. That is a change like any other, and a revision of its own.
   *
   * <p>Packages that are not installed any more are looked for in the channels of this handle, by
   * exact name, version and build; nothing is solved.
   *
   * @param revision a number of {@link #history()}
   * @throws PackageNotFoundException if a package of then is nowhere to be had
   * @throws InstallException if there is no such revision
   */
  Environment rollback(int revision);

  /** Does what {@link #rollback(int)} does, without waiting for it. */
  Operation<Environment> rollbackAsync(int revision);

  /** Plans {@link #rollback(int)}, and changes nothing. */
  Plan planRollback(int revision);

  /**
   * Compares every file with what its package put there; changes nothing. Reads all of them, and
   * blocks. Byte code is left out. Where symbolic links lead is known of packages that are in the
   * package cache, and looked at for them.
   *
   * @return what is missing or was altered
   * @throws EnvironmentNotFoundException if the environment is gone
   */
  Verification verify();

  /** Does what {@link #verify()} does, without waiting for it. */
  Operation<Verification> verifyAsync();

  /**
   * Brings back files that are missing or were altered, from the package cache or, if need be, from
   * where the packages came from. All of them or, if it fails, none; what was altered is lost. A
   * configuration file that somebody edited counts as altered.
   *
   * @return what was wrong, and is right now
   * @throws EnvironmentNotFoundException if the environment is gone
   * @throws InstallException if it is frozen
   */
  Verification repair();

  /** Does what {@link #repair()} does, without waiting for it. */
  Operation<Verification> repairAsync();

  /** Returns what {@link #export(ExportDetail)} does, with the build of every package. */
  default EnvironmentFile export() {
    return export(ExportDetail.BUILDS);
  }

  /**
   * Returns a file that says what the environment has, those packages that pip has installed and
   * the environment's own variables included, to make it again elsewhere or later. Its channels are
   * those that the packages came from, and no others. Reads the disk.
   *
   * @param detail how exactly packages are named
   * @throws EnvironmentNotFoundException if the environment is gone
   * @throws StorageException if the disk cannot be read
   */
  EnvironmentFile export(ExportDetail detail);

  /**
   * Returns a lock file that names every package with its archive and hash, those that pip has
   * installed included. Blocks.
   *
   * <p>Where pip was run by JConda its report tells which archive that was; otherwise pip is asked
   * which one its index has for that version and platform.
   *
   * @throws InstallException if something has no archive that could be fetched again: a project
   *     that pip uses where it lies or has built from a working copy, a package without hash
   * @throws OfflineException if an index must be asked, and the network may not be used
   * @throws CommandFailedException if pip finds a version of its own no more
   * @throws EnvironmentNotFoundException if the environment is gone
   */
  LockFile lockFile();

  /** Does what {@link #lockFile()} does, without waiting for it. */
  Operation<LockFile> lockFileAsync();

  /**
   * Begins a query about what is installed here: {@code query().depends("numpy")}; touches no disk.
   */
  @CheckReturnValue
  PackageQuery query();

  /** Returns Python's own package installer in this environment. */
  @CheckReturnValue
  Pip pip();

  /**
   * Runs a program with the environment activated, and blocks until it has ended; its output is
   * kept.
   *
   * @param program a name that is looked up in the environment first, or a path
   * @param arguments what it is given
   * @return how it ended; an exit code other than 0 is no exception here, see {@link
   *     CommandResult#orThrow()}
   * @throws CommandFailedException if there is no such program or it cannot be started
   */
  CommandResult run(String program, String... arguments);

  /**
   * Begins a command with the environment activated: directory, variables, input, output, time-out
   * are set on it.
   */
  @CheckReturnValue
  Command command(String program, String... arguments);

  /**
   * Begins a command that runs a script with the environment's own Python, never with another one
   * of the {@code PATH}.
   *
   * @param script a file of Python code
   * @param arguments what the script finds in {@code sys.argv}
   * @throws CondaException if the environment has no Python
   */
  @CheckReturnValue
  Command python(Path script, String... arguments);

  /**
   * Begins a command that runs code with the environment's own Python ({@code python -c}); every
   * user of the machine may see the code.
   *
   * @throws CondaException if the environment has no Python
   */
  @CheckReturnValue
  Command pythonCode(String code, String... arguments);

  /**
   * Begins a command that runs a module as a program with the environment's own Python ({@code
   * python -m}).
   *
   * @param module its name, such as {@code "pip"}
   * @throws CondaException if the environment has no Python
   */
  @CheckReturnValue
  Command pythonModule(String module, String... arguments);

  /**
   * Starts a long-lived Python process that can be called like a library; close it when all is
   * done. Blocks until it answers, which takes as long as Python takes to start.
   *
   * @throws CondaException if the environment has no Python, or it does not answer
   * @throws CommandFailedException if Python ended at its start
   */
  default PythonWorker worker() {
    return worker(WorkerOptions.defaults());
  }

  /** Starts a worker as {@link #worker()} does, with options. */
  PythonWorker worker(WorkerOptions options);

  /**
   * Makes a pool of workers, which start when they are first needed; close it when all is done.
   *
   * @param size how many there may be at once
   * @throws IllegalArgumentException if the size is less than 1
   */
  default PythonWorkerPool workers(int size) {
    return workers(size, WorkerOptions.defaults());
  }

  /** Makes a pool of workers as {@link #workers(int)} does, with options. */
  PythonWorkerPool workers(int size, WorkerOptions options);

  /**
   * Returns what activating the environment sets. Reads the disk; runs the environment's {@code
   * activate.d} scripts where what they do is not known yet, which blocks.
   *
   * @throws CondaException if a file of the environment's variables is broken
   */
  Activation activation();

  /**
   * Returns what activating the environment sets, for another platform, on top of other variables,
   * or stacked, as {@link #activation()} does. Scripts of another platform than this machine's are
   * skipped, and named in {@link Activation#skippedScripts()}.
   */
  Activation activation(ActivationOptions options);

  /**
   * Writes what a shell with the variables of this JVM has to read to enter the environment, such
   * as {@code eval "$(...)"} in Bash: what {@code conda activate} would do there. The shell itself
   * runs the {@code activate.d} scripts; nothing that the user has set is cut. Reads the disk.
   */
  default String activationScript(Shell shell) {
    return activationScript(shell, ActivationOptions.defaults());
  }

  /**
   * Writes what a shell has to read to enter the environment.
   *
   * @param options {@link ActivationOptions#variables()} are those of the shell
   * @throws CondaException if a file of the environment's variables is broken, or holds a value
   *     that the shell cannot take
   */
  String activationScript(Shell shell, ActivationOptions options);

  /** Writes what takes back {@link #activationScript(Shell)}. */
  default String deactivationScript(Shell shell) {
    return deactivationScript(shell, ActivationOptions.defaults());
  }

  /**
   * Writes what a shell has to read to leave the environment: the one below comes back, with its
   * variables, or none. Where the environment is not active in the variables, it takes back what
   * {@link #activationScript(Shell, ActivationOptions)} with the same options does.
   *
   * @throws CondaException as {@link #activationScript(Shell, ActivationOptions)}
   */
  String deactivationScript(Shell shell, ActivationOptions options);

  /**
   * Removes the environment with all that is in it; the package cache stays. Blocks.
   *
   * @throws EnvironmentNotFoundException if it is gone already
   * @throws StorageException if something could not be deleted; the message names it
   */
  void remove();

  /** Does what {@link #remove()} does, without waiting for it; yields the prefix that is gone. */
  Operation<Path> removeAsync();

  /** Returns name and prefix, without I/O. */
  @Override
  String toString();
}
