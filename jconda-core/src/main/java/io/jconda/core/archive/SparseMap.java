package io.jconda.core.archive;

import io.jconda.core.util.PieceStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tells where the parts of a file with holes lie: what is between them is zeros, and is not stored.
 */
final class SparseMap {
  private final List<Part> parts;
  private final long size;

  private SparseMap(List<Part> parts, long size) {
    this.parts = parts;
    this.size = size;
  }

  private record Part(long start, long length) {
    long end() {
      return start + length;
    }
  }

  /** Gathers the parts of one file, in the order of the file. */
  static final class Parts {
    private final List<Part> parts = new ArrayList<>();
    private long end;

    void add(long start, long length) throws IOException {
      if (start < end || length < 0 || start > Long.MAX_VALUE - length) {
        throw new IOException("the parts of a sparse file of its tarball overlap");
      }
      end = start + length;
      if (length > 0) {
        parts.add(new Part(start, length));
      }
    }

    /** Makes the map of a file of which so much is stored. */
    SparseMap of(long size, long stored) throws IOException {
      long sum = 0;
      for (Part part : parts) {
        sum += part.length();
      }
      if (size < end || sum != stored) {
        throw new IOException("the parts of a sparse file of its tarball are not what is stored");
      }
      return new SparseMap(parts, size);
    }
  }

  /** Returns how long the file is, holes included. */
  long size() {
    return size;
  }

  /** Returns the whole file: what is stored of it, and its holes, which are counted. */
  InputStream fill(InputStream stored, Expansion expansion) {
    return new Filled(stored, expansion);
  }

  private final class Filled extends PieceStream {
    private final InputStream stored;
    private final Expansion expansion;
    private long at;
    private int next;

    Filled(InputStream stored, Expansion expansion) {
      this.stored = stored;
      this.expansion = expansion;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (next < parts.size() && at == parts.get(next).end()) {
        next++;
      }
      long hole = (next < parts.size() ? parts.get(next).start() : size) - at;
      if (hole > 0) {
        int count = (int) Math.min(length, hole);
        Arrays.fill(buffer, offset, offset + count, (byte) 0);
        // its holes are in no stream
        expansion.add(count);
        at += count;
        return count;
      }
      if (at == size) {
        return -1;
      }
      int count = stored.read(buffer, offset, (int) Math.min(length, parts.get(next).end() - at));
      at += count;
      return count;
    }
  }
}
