package io.jconda.core.pip;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds how pip shall run. Immutable.
 *
 * @param offline whether pip must use no index, because its client is offline
 * @param ownConfiguration whether pip reads its configuration files and the parent's {@code PIP_…}
 *     variables
 * @param noIndex whether pip shall use no index, because the caller says so
 * @param findLinks folders with archives
 * @param indexUrl the index instead of PyPI
 * @param arguments more for pip, behind the subcommand
 */
public record PipOptions(
    boolean offline,
    boolean ownConfiguration,
    boolean noIndex,
    List<Path> findLinks,
    Optional<URI> indexUrl,
    List<String> arguments) {
  /** Copies the lists. */
  public PipOptions {
    findLinks = List.copyOf(findLinks);
    arguments = List.copyOf(arguments);
  }

  /**
   * Makes options that say nothing but what their client is.
   *
   * @param offline whether the client uses no network
   * @param ownConfiguration whether the client reads what its user has configured
   */
  public static PipOptions of(boolean offline, boolean ownConfiguration) {
    return new PipOptions(offline, ownConfiguration, false, List.of(), Optional.empty(), List.of());
  }

  /** Returns options with no index. */
  public PipOptions withNoIndex() {
    if (indexUrl.isPresent()) {
      throw new IllegalStateException("An index is set: pip cannot be told to use none.");
    }
    return new PipOptions(offline, ownConfiguration, true, findLinks, indexUrl, arguments);
  }

  /** Returns options with one more folder of archives. */
  public PipOptions withFindLinks(Path folder) {
    List<Path> more = new ArrayList<>(findLinks);
    more.add(folder.toAbsolutePath());
    return new PipOptions(offline, ownConfiguration, noIndex, more, indexUrl, arguments);
  }

  /** Returns options with an index. */
  public PipOptions withIndexUrl(URI index) {
    if (noIndex) {
      throw new IllegalStateException("pip shall use no index: none can be set.");
    }
    if (!index.isAbsolute()) {
      throw new IllegalArgumentException("An index needs a whole URL, not '%s'.".formatted(index));
    }
    return new PipOptions(
        offline, ownConfiguration, noIndex, findLinks, Optional.of(index), arguments);
  }

  /** Returns options with more arguments. */
  public PipOptions withArguments(List<String> added) {
    return new PipOptions(
        offline,
        ownConfiguration,
        noIndex,
        findLinks,
        indexUrl,
        Stream.concat(arguments.stream(), added.stream()).toList());
  }
}
