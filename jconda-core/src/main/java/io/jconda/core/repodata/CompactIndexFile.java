package io.jconda.core.repodata;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Writes a {@link CompactIndex} to a file and reads it: the blocks, then the table, compressed,
 * then a tail that says where the table is and what its checksum is.
 *
 * <p>A file that is torn, truncated or foreign is noticed by its tail and the checksums. A file
 * never changes once it is in place.
 */
final class CompactIndexFile implements CompactIndexBuilder.BlockSink, AutoCloseable {
  private static final long MAGIC = 0x4a43_4944_5830_3031L; // "JCIDX001"
  private static final int TAIL =
      Long.BYTES + Integer.BYTES + Integer.BYTES + Long.BYTES + Long.BYTES;
  private static final int LARGEST_TABLE = 1 << 30;
  private static final int LEVEL = 1;

  private final Disk disk;
  private final Path temporary;
  private final OutputStream out;
  private final List<Blocks.Place> written = new ArrayList<>();
  private long position;
  private boolean published;

  /**
   * Begins a file.
   *
   * @param temporary where it is written until {@link #publish}
   * @throws StorageException if the disk refuses
   */
  CompactIndexFile(Disk disk, Path temporary) {
    this.disk = disk;
    this.temporary = temporary;
    try {
      disk.createDirectories(temporary.resolveSibling(""));
      this.out = new BufferedOutputStream(disk.newOutputStream(temporary), 1 << 16);
    } catch (IOException e) {
      throw DiskFailure.explain("cache an index", temporary, e);
    }
  }

  /** Writes a block; a failure of the disk is no failure of the channel, so it has its own kind. */
  @Override
  public void block(byte[] compressed, int length) {
    try {
      out.write(compressed);
    } catch (IOException e) {
      throw DiskFailure.explain("cache an index", temporary, e);
    }
    written.add(new Blocks.Place(position, compressed.length, length));
    position += compressed.length;
  }

  /**
   * Ends the file, and puts it in place in one step.
   *
   * @throws StorageException if the disk refuses
   */
  CompactIndex publish(IndexTable table, Path file) {
    try {
      byte[] plain = tableBytes(table);
      byte[] compressed = Zstd.compress(plain, LEVEL);
      CRC32C sum = new CRC32C();
      sum.update(compressed);
      out.write(compressed);
      out.write(
          ByteBuffer.allocate(TAIL)
              .putLong(position)
              .putInt(compressed.length)
              .putInt(plain.length)
              .putLong(sum.getValue())
              .putLong(MAGIC)
              .array());
      out.close();
      disk.force(temporary);
      disk.move(temporary, file);
      published = true;
      return new CompactIndex(table, new Blocks.InFile(file, List.copyOf(written)));
    } catch (IOException e) {
      throw DiskFailure.explain("cache an index", file, e);
    }
  }

  private byte[] tableBytes(IndexTable table) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeUTF(table.baseUrl);
    data.writeInt(table.removed.size());
    for (String fileName : table.removed) {
      data.writeUTF(fileName);
    }
    data.writeInt(table.names.length);
    for (String name : table.names) {
      data.writeUTF(name);
    }
    ints(data, table.firsts);
    ints(data, table.blocks);
    ints(data, table.offsets);
    ints(data, table.lengths);
    data.writeInt(written.size());
    for (Blocks.Place block : written) {
      data.writeInt(block.size());
      data.writeInt(block.length());
    }
    return bytes.toByteArray();
  }

  private static void ints(DataOutputStream data, int[] values) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * (values.length + 1));
    buffer.putInt(values.length);
    buffer.asIntBuffer().put(values);
    data.write(buffer.array());
  }

  /**
   * Reads the table of a file.
   *
   * @throws IOException if it is not there, or is not what {@link #publish} wrote
   */
  static CompactIndex open(Path file) throws IOException {
    long size = Files.size(file);
    if (size < TAIL) {
      throw new IOException(file + " is no cached index");
    }
    ByteBuffer tail = ByteBuffer.wrap(Blocks.InFile.bytes(file, size - TAIL, TAIL));
    long position = tail.getLong();
    int compressedLength = tail.getInt();
    int plainLength = tail.getInt();
    long sum = tail.getLong();
    if (tail.getLong() != MAGIC
        || compressedLength < 0
        || plainLength < 0
        || plainLength > LARGEST_TABLE
        || position + compressedLength != size - TAIL) {
      throw new IOException(file + " is no cached index");
    }
    byte[] compressed = Blocks.InFile.bytes(file, position, compressedLength);
    CRC32C found = new CRC32C();
    found.update(compressed);
    if (found.getValue() != sum) {
      throw new IOException(file + " is damaged");
    }
    try {
      byte[] plain = Zstd.decompress(compressed, plainLength);
      return read(file, new DataInputStream(new ByteArrayInputStream(plain)));
    } catch (ZstdException e) {
      throw new IOException(file + " is damaged", e);
    }
  }

  private static CompactIndex read(Path file, DataInputStream data) throws IOException {
    String baseUrl = data.readUTF();
    Set<String> removed = new HashSet<>();
    int removedCount = data.readInt();
    for (int i = 0; i < removedCount; i++) {
      removed.add(data.readUTF());
    }
    String[] names = new String[data.readInt()];
    for (int i = 0; i < names.length; i++) {
      names[i] = data.readUTF();
    }
    IndexTable table =
        new IndexTable(names, ints(data), ints(data), ints(data), ints(data), baseUrl, removed);
    int count = data.readInt();
    List<Blocks.Place> places = new ArrayList<>(count);
    long position = 0;
    for (int i = 0; i < count; i++) {
      Blocks.Place place = new Blocks.Place(position, data.readInt(), data.readInt());
      places.add(place);
      position += place.size();
    }
    return new CompactIndex(table, new Blocks.InFile(file, List.copyOf(places)));
  }

  private static int[] ints(DataInputStream data) throws IOException {
    int[] values = new int[data.readInt()];
    byte[] bytes = data.readNBytes(Integer.BYTES * values.length);
    ByteBuffer.wrap(bytes).asIntBuffer().get(values);
    return values;
  }

  /** Ends the file; one that was not published is gone. */
  @Override
  public void close() {
    if (published) {
      return;
    }
    try (OutputStream closing = out) {
      closing.flush();
    } catch (IOException e) {
      throw DiskFailure.explain("cache an index", temporary, e);
    } finally {
      discard();
    }
  }

  private void discard() {
    try {
      disk.deleteIfExists(temporary);
    } catch (IOException e) {
      throw DiskFailure.explain("remove an unfinished index", temporary, e);
    }
  }
}
