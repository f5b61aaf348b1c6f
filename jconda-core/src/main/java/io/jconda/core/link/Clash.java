package io.jconda.core.link;

/**
 * Tells of a path at which two packages have different files, as one of them lies there.
 *
 * @param path relative to the prefix, as the winner spells it
 * @param winner the package whose file lies there
 * @param loser the package that only lists the path
 */
public record Clash(String path, String winner, String loser) {}
