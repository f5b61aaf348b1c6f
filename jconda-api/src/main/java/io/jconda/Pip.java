package io.jconda;

import io.jconda.process.CommandResult;
import io.jconda.progress.ProgressListener;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Installs Python's own packages into an environment with the environment's own pip. Immutable and
 * safe to share: each method that sets something returns a new one.
 *
 * <p>Where {@code pip} is missing, {@link #install} lets conda bring it first. The shared client of
 * {@link Conda} lets pip read its own configuration files and {@code PIP_…} variables; with another
 * client nothing but what is set here reaches it, unless the client reads its user's configuration.
 * With a client that is offline pip uses no index and reaches no server, whatever a file of
 * requirements says.
 *
 * <p>The time limit of the environment's request holds for each operation. While pip changes the
 * environment, no other writer does. What pip has installed when it fails stays as pip left it.
 */
public interface Pip {
  /**
   * Lets pip look at no index: only at {@link #findLinks} and at paths.
   *
   * @throws IllegalStateException if an index is set
   */
  @CheckReturnValue
  Pip noIndex();

  /** Adds a folder where pip looks for archives. */
  @CheckReturnValue
  Pip findLinks(Path folder);

  /**
   * Sets the index instead of PyPI. A user name and password in it reach pip without being seen in
   * the process list.
   *
   * @throws IllegalStateException if pip shall use no index
   */
  @CheckReturnValue
  Pip indexUrl(URI index);

  /** Sets the index from text, as {@link #indexUrl(URI)} does. */
  @CheckReturnValue
  default Pip indexUrl(String index) {
    return indexUrl(URI.create(index));
  }

  /**
   * Adds an index to look at beside the first; user name and password as in {@link #indexUrl(URI)}.
   *
   * @throws IllegalStateException if pip shall use no index
   */
  @CheckReturnValue
  Pip extraIndexUrl(URI index);

  /** Adds an index from text, as {@link #extraIndexUrl(URI)} does. */
  @CheckReturnValue
  default Pip extraIndexUrl(String index) {
    return extraIndexUrl(URI.create(index));
  }

  /** Adds a file of requirements for {@link #install}. */
  @CheckReturnValue
  Pip requirements(Path file);

  /** Adds a file of constraints: versions that hold for whatever is installed. */
  @CheckReturnValue
  Pip constraints(Path file);

  /**
   * Adds a project for {@link #install} whose files shall be used where they lie, so that they can
   * be edited.
   */
  @CheckReturnValue
  Pip editable(Path project);

  /** Adds arguments for pip itself, such as {@code "--no-deps"}, behind the subcommand. */
  @CheckReturnValue
  Pip arguments(String... arguments);

  /** Hears what pip does: its lines as {@code OutputLine}, in phase {@code PIP}. */
  @CheckReturnValue
  Pip onProgress(ProgressListener listener);

  /**
   * Installs requirements. Blocks.
   *
   * @param requirements as pip takes them: {@code "requests>=2"}, a path of a wheel, a URL; none if
   *     a file of requirements or a project says what
   * @return what pip said
   * @throws CommandFailedException if pip failed, with pip's own last lines
   * @throws CondaException if the environment has no Python, or no pip that conda could bring
   * @throws OfflineException if a requirement is a URL of the network, and the client is offline
   * @throws EnvironmentBusyException if another writer is not done in time
   * @throws OperationCancelledException if the calling thread was interrupted, or the time was up
   */
  CommandResult install(String... requirements);

  /** Does what {@link #install} does, on a thread of the client. */
  Operation<CommandResult> installAsync(String... requirements);

  /**
   * Uninstalls distributions. Blocks.
   *
   * @param names their names; one that is not there is a warning of pip's
   * @return what pip said
   * @throws CommandFailedException if pip failed, with pip's own last lines
   * @throws CondaException if the environment has no Python or no pip
   * @throws EnvironmentBusyException if another writer is not done in time
   * @throws OperationCancelledException if the calling thread was interrupted, or the time was up
   */
  CommandResult uninstall(String... names);

  /** Does what {@link #uninstall} does, on a thread of the client. */
  Operation<CommandResult> uninstallAsync(String... names);

  /**
   * Lists the distributions that the environment's Python sees, by name, those of conda included.
   * Reads the disk; starts no process. Empty if there is no Python.
   *
   * @throws StorageException if the disk cannot be read
   */
  List<InstalledDistribution> list();

  /**
   * Returns what {@code pip check} finds wrong: distributions that lack another one, or have one of
   * the wrong version. Empty if all is well. Blocks.
   *
   * @throws CommandFailedException if pip failed
   * @throws CondaException if the environment has no Python or no pip
   */
  List<String> check();

  /**
   * Returns the lines of {@code pip freeze}: what would install the same again. Blocks.
   *
   * @throws CommandFailedException if pip failed
   * @throws CondaException if the environment has no Python or no pip
   */
  List<String> freeze();
}
