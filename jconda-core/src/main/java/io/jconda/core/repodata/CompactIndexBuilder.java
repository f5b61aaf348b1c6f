package io.jconda.core.repodata;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a {@link CompactIndex} of what an {@link IndexScanner} finds, in one pass. */
final class CompactIndexBuilder implements IndexScanner.Sink, AutoCloseable {
  // a block ends where a name does, so that a small name is all in one
  private static final int BLOCK = 1 << 15;
  private static final int LARGEST_BLOCK = 1 << 18;
  private static final int LEVEL = 1;
  private static final int LONGEST_TEXT = 0xffff / 4;

  /** Takes the blocks, one after the other. */
  interface BlockSink {
    void block(byte[] compressed, int length) throws IOException;
  }

  private final BlockSink sink;
  private final ZstdCompressCtx compressor =
      new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true);
  private final Map<String, Integer> ids = new HashMap<>();
  private final Set<String> removed = new HashSet<>();
  private final Ints nameIds = new Ints();
  private final Ints blocks = new Ints();
  private final Ints offsets = new Ints();
  private final Ints lengths = new Ints();
  private byte[] block = new byte[2 * BLOCK];
  private int filled;
  private int finishedBlocks;
  private @Nullable String lastName;
  private int lastId;
  private String baseUrl = "";

  CompactIndexBuilder(BlockSink sink) {
    this.sink = sink;
  }

  @Override
  public void record(String name, String fileName, byte[] buffer, int offset, int length)
      throws IOException {
    boolean sameName = name.equals(lastName);
    if (!sameName) {
      lastId = ids.computeIfAbsent(name, unused -> ids.size());
      lastName = name;
    }
    checkLength(name);
    checkLength(fileName);
    byte[] file = fileName.getBytes(StandardCharsets.UTF_8);
    int size = IndexEntry.size(file, length);
    if (filled >= (sameName ? LARGEST_BLOCK : BLOCK)) {
      finishBlock();
    }
    if (filled + size > block.length) {
      block = Arrays.copyOf(block, Math.max(block.length * 2, filled + size));
    }
    nameIds.add(lastId);
    blocks.add(finishedBlocks);
    offsets.add(filled);
    lengths.add(size);
    IndexEntry.put(block, filled, file, buffer, offset, length);
    filled += size;
  }

  /** Makes sure that the lengths of texts fit into two bytes. */
  private static void checkLength(String text) throws MalformedIndexException {
    if (text.length() > LONGEST_TEXT) {
      throw new MalformedIndexException(
          "a name in it is longer than %d characters".formatted(LONGEST_TEXT));
    }
  }

  @Override
  public void baseUrl(String url) throws IOException {
    checkLength(url);
    baseUrl = url;
  }

  @Override
  public void removed(String fileName) throws IOException {
    checkLength(fileName);
    removed.add(fileName);
  }

  private void finishBlock() throws IOException {
    if (filled > 0) {
      sink.block(compressor.compress(Arrays.copyOf(block, filled)), filled);
      finishedBlocks++;
      filled = 0;
    }
  }

  /** Hands out the last block, and returns where everything lies. */
  IndexTable finish() throws IOException {
    finishBlock();
    String[] names = ids.keySet().toArray(new String[0]);
    Arrays.sort(names);
    int[] rankOfId = new int[names.length];
    for (int rank = 0; rank < names.length; rank++) {
      rankOfId[ids.getOrDefault(names[rank], 0)] = rank;
    }
    int[] firsts = new int[names.length + 1];
    for (int i = 0; i < nameIds.size(); i++) {
      firsts[rankOfId[nameIds.get(i)] + 1]++;
    }
    for (int rank = 0; rank < names.length; rank++) {
      firsts[rank + 1] += firsts[rank];
    }
    int[] next = firsts.clone();
    int[] place = new int[nameIds.size()];
    for (int i = 0; i < place.length; i++) {
      place[i] = next[rankOfId[nameIds.get(i)]]++;
    }
    return new IndexTable(
        names,
        firsts,
        blocks.inOrder(place),
        offsets.inOrder(place),
        lengths.inOrder(place),
        baseUrl,
        removed);
  }

  @Override
  public void close() {
    compressor.close();
  }

  /** Is a list of ints that grows. */
  private static final class Ints {
    private int[] values = new int[1024];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
    }

    int get(int i) {
      return values[i];
    }

    int size() {
      return size;
    }

    int[] inOrder(int[] place) {
      int[] ordered = new int[size];
      for (int i = 0; i < size; i++) {
        ordered[place[i]] = values[i];
      }
      return ordered;
    }
  }
}
