package io.jconda.core.link;

import io.jconda.core.prefix.LinkType;
import io.jconda.core.prefix.PrefixPath;
import java.util.List;

/**
 * Tells what was put into a prefix for one package.
 *
 * @param paths its paths, as its record will hold them
 * @param linkType how it came
 * @param linked how many files came by hard link
 * @param copied how many files came by copy
 * @param patched how many files were written with the prefix in them, or made here
 */
public record LinkedPackage(
    List<PrefixPath> paths, LinkType linkType, int linked, int copied, int patched) {
  /** Makes one with a list of its own. */
  public LinkedPackage {
    paths = List.copyOf(paths);
  }
}
