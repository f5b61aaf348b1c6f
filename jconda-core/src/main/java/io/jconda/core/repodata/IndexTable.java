package io.jconda.core.repodata;

import java.util.Set;

/**
 * Says where what lies in a {@link CompactIndex}: the records of name <i>i</i> are the places
 * {@code firsts[i]} to {@code firsts[i + 1]}. Nobody changes the arrays.
 */
final class IndexTable {
  /** All names, sorted. */
  final String[] names;

  /** The first place of each name, and the number of places at the end. */
  final int[] firsts;

  /** The block of each place. */
  final int[] blocks;

  /** Where in its block. */
  final int[] offsets;

  /** How long it is. */
  final int[] lengths;

  /** The base of the archives' URLs (CEP-15), empty if the index names none. */
  final String baseUrl;

  /** Archives that must not be used. */
  final Set<String> removed;

  IndexTable(
      String[] names,
      int[] firsts,
      int[] blocks,
      int[] offsets,
      int[] lengths,
      String baseUrl,
      Set<String> removed) {
    this.names = names;
    this.firsts = firsts;
    this.blocks = blocks;
    this.offsets = offsets;
    this.lengths = lengths;
    this.baseUrl = baseUrl;
    this.removed = Set.copyOf(removed);
  }
}
