package io.jconda.core.repodata;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Holds the records of an index in compressed blocks, in the heap or in a file. */
sealed interface Blocks {
  /**
   * Returns a block, decompressed; its checksum was verified.
   *
   * @param block the block's number
   * @throws IOException if it cannot be read or is not what was written
   */
  byte[] read(int block) throws IOException;

  private static byte[] decompress(byte[] compressed, int length) throws IOException {
    try {
      return Zstd.decompress(compressed, length);
    } catch (ZstdException e) {
      throw new IOException("a block of the index is damaged: " + e.getMessage(), e);
    }
  }

  /** Holds them in the heap. */
  record InHeap(List<byte[]> compressed, List<Integer> lengths) implements Blocks {
    @Override
    public byte[] read(int block) throws IOException {
      return decompress(compressed.get(block), lengths.get(block));
    }
  }

  /**
   * Says where a block is.
   *
   * @param position where in its file
   * @param size its compressed size
   * @param length its size
   */
  record Place(long position, int size, int length) {}

  /**
   * Reads them from a file that never changes, opened for each block: a file that is kept open
   * would need to be closed, a mapped one could not be deleted on Windows.
   */
  record InFile(Path file, List<Place> places) implements Blocks {
    @Override
    public byte[] read(int block) throws IOException {
      Place place = places.get(block);
      return decompress(bytes(file, place.position(), place.size()), place.length());
    }

    static byte[] bytes(Path file, long position, int size) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        in.skipNBytes(position);
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
          throw new EOFException(file + " ends too soon");
        }
        return bytes;
      }
    }
  }
}
