package io.jconda.core.pip;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds how pip shall run. Immutable.
 *
 * @param offline whether pip must use no index, because its client is offline
 * @param ownConfiguration whether pip reads its configuration files and the parent's {@code PIP_…}
 *     variables
 * @param timeout how long an operation of pip's may take
 * @param noIndex whether pip shall use no index, because the caller says so
 * @param indexUrl the index instead of PyPI
 * @param extraIndexes more indexes
 * @param findLinks folders with archives
 * @param requirements files that say what to install
 * @param constraints files that say which versions
 * @param editable projects to install where they lie
 * @param arguments more for pip, behind the subcommand
 * @param folder where pip runs, and what relative paths count from; as the JVM if it is empty
 */
public record PipOptions(
    boolean offline,
    boolean ownConfiguration,
    Optional<Duration> timeout,
    boolean noIndex,
    Optional<URI> indexUrl,
    List<URI> extraIndexes,
    List<Path> findLinks,
    List<Path> requirements,
    List<Path> constraints,
    List<Path> editable,
    List<String> arguments,
    Optional<Path> folder) {
  /** Copies the lists. */
  public PipOptions {
    extraIndexes = List.copyOf(extraIndexes);
    findLinks = List.copyOf(findLinks);
    requirements = List.copyOf(requirements);
    constraints = List.copyOf(constraints);
    editable = List.copyOf(editable);
    arguments = List.copyOf(arguments);
  }

  /**
   * Makes options that say nothing but what their client is.
   *
   * @param offline whether the client uses no network
   * @param ownConfiguration whether the client reads what its user has configured
   * @param timeout how long an operation may take
   */
  public static PipOptions of(
      boolean offline, boolean ownConfiguration, Optional<Duration> timeout) {
    return new PipOptions(
        offline,
        ownConfiguration,
        timeout,
        false,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  /** Tells whether something is to be installed beside what {@code install} names. */
  boolean bringsRequirements() {
    return !requirements.isEmpty() || !editable.isEmpty();
  }

  private static <T> List<T> with(List<T> list, List<T> added) {
    List<T> more = new ArrayList<>(list);
    more.addAll(added);
    return more;
  }

  private PipOptions with(
      boolean newNoIndex, Optional<URI> newIndexUrl, List<URI> newExtraIndexes) {
    return new PipOptions(
        offline,
        ownConfiguration,
        timeout,
        newNoIndex,
        newIndexUrl,
        newExtraIndexes,
        findLinks,
        requirements,
        constraints,
        editable,
        arguments,
        folder);
  }

  private PipOptions with(
      List<Path> newFindLinks,
      List<Path> newRequirements,
      List<Path> newConstraints,
      List<Path> newEditable,
      List<String> newArguments) {
    return new PipOptions(
        offline,
        ownConfiguration,
        timeout,
        noIndex,
        indexUrl,
        extraIndexes,
        newFindLinks,
        newRequirements,
        newConstraints,
        newEditable,
        newArguments,
        folder);
  }

  /** Returns options without an index. */
  public PipOptions withNoIndex() {
    if (indexUrl.isPresent() || !extraIndexes.isEmpty()) {
      throw new IllegalStateException("An index is set: pip cannot be told to use none.");
    }
    return with(true, indexUrl, extraIndexes);
  }

  /** Returns options with an index. */
  public PipOptions withIndexUrl(URI index) {
    return with(noIndex, Optional.of(whole(index)), extraIndexes);
  }

  /** Returns options with one more index. */
  public PipOptions withExtraIndexUrl(URI index) {
    return with(noIndex, indexUrl, with(extraIndexes, List.of(whole(index))));
  }

  private URI whole(URI index) {
    if (noIndex) {
      throw new IllegalStateException("pip shall use no index: none can be set.");
    }
    if (!index.isAbsolute()) {
      throw new IllegalArgumentException("An index needs a whole URL, not '%s'.".formatted(index));
    }
    return index;
  }

  /** Returns options with one more folder of archives. */
  public PipOptions withFindLinks(Path folder) {
    return with(more(findLinks, folder), requirements, constraints, editable, arguments);
  }

  /** Returns options with one more file of requirements. */
  public PipOptions withRequirements(Path file) {
    return with(findLinks, more(requirements, file), constraints, editable, arguments);
  }

  /** Returns options with one more file of constraints. */
  public PipOptions withConstraints(Path file) {
    return with(findLinks, requirements, more(constraints, file), editable, arguments);
  }

  /** Returns options with one more project. */
  public PipOptions withEditable(Path project) {
    return with(findLinks, requirements, constraints, more(editable, project), arguments);
  }

  private static List<Path> more(List<Path> paths, Path added) {
    return with(paths, List.of(added.toAbsolutePath()));
  }

  /** Returns options with more arguments. */
  public PipOptions withArguments(List<String> added) {
    return with(findLinks, requirements, constraints, editable, with(arguments, added));
  }

  /** Returns options with a folder to run in. */
  public PipOptions inFolder(Path where) {
    return new PipOptions(
        offline,
        ownConfiguration,
        timeout,
        noIndex,
        indexUrl,
        extraIndexes,
        findLinks,
        requirements,
        constraints,
        editable,
        arguments,
        Optional.of(where));
  }
}
