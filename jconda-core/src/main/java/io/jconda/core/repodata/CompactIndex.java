package io.jconda.core.repodata;

import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Is the index of one subdir, in a form that finds the records of a name without parsing the
 * others: a table of names and places, and the records' JSON in compressed blocks.
 *
 * <p>Immutable and thread-safe.
 */
final class CompactIndex implements SubdirIndex {
  /** The index of a subdir that is not there. */
  static final CompactIndex EMPTY =
      new CompactIndex(
          new IndexTable(
              new String[0], new int[1], new int[0], new int[0], new int[0], "", Set.of()),
          new Blocks.InHeap(List.of(), List.of()));

  private static final int BLOCKS_AT_HAND = 16;

  private final IndexTable table;
  private final Blocks blocks;

  private final Map<Integer, byte[]> atHand =
      Collections.synchronizedMap(
          new LinkedHashMap<>(BLOCKS_AT_HAND, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
              return size() > BLOCKS_AT_HAND;
            }
          });

  CompactIndex(IndexTable table, Blocks blocks) {
    this.table = table;
    this.blocks = blocks;
  }

  IndexTable table() {
    return table;
  }

  /** Returns how many records it has, removed ones included. */
  @Override
  public int size() {
    return table.blocks.length;
  }

  @Override
  public List<String> names() {
    return Collections.unmodifiableList(Arrays.asList(table.names));
  }

  @Override
  public String baseUrl() {
    return table.baseUrl;
  }

  @Override
  public void read(String name, LoadedSubdir from, OperationContext context, Sink sink)
      throws IOException {
    String channel = from.subdir().channel().name();
    String subdir = from.subdir().platform().subdir();
    for (IndexEntry entry : entries(name)) {
      try {
        sink.record(
            RecordParser.parse(
                entry, channel, subdir, fileName -> from.archives() + Subdir.encode(fileName)));
      } catch (RecordParser.BadRecordException e) {
        sink.leftOut(entry.fileName(), String.valueOf(e.getMessage()));
      }
    }
  }

  /**
   * Returns the records of a name, in the order of the index, without removed ones; of two with one
   * file name the later counts, as it does in JSON.
   *
   * @throws IOException if a block cannot be read
   */
  Iterable<IndexEntry> entries(String name) throws IOException {
    int i = Arrays.binarySearch(table.names, name);
    if (i < 0) {
      return List.of();
    }
    Map<String, IndexEntry> entries = new LinkedHashMap<>();
    for (int place = table.firsts[i]; place < table.firsts[i + 1]; place++) {
      IndexEntry entry =
          IndexEntry.in(block(table.blocks[place]), table.offsets[place], table.lengths[place]);
      if (!table.removed.contains(entry.fileName())) {
        entries.put(entry.fileName(), entry);
      }
    }
    return entries.values();
  }

  private byte[] block(int number) throws IOException {
    byte @Nullable [] known = atHand.get(number);
    if (known != null) {
      return known;
    }
    // read under no lock; two threads may read the same block, which does no harm
    byte[] block = blocks.read(number);
    atHand.put(number, block);
    return block;
  }
}
