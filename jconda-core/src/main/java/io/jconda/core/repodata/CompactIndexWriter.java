package io.jconda.core.repodata;

import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes a {@link CompactIndex} of what an {@link IndexScanner} finds, in one pass: chunks of
 * records, then the table of names, then a tail that says where the table is.
 *
 * <p>A name has more than one chunk where its records do not stand together, or are many. The file
 * appears in its place in one step, and never changes after that.
 */
final class CompactIndexWriter implements IndexScanner.Sink, AutoCloseable {
  /** What the tail ends with; another number for each form of the file. */
  static final long MAGIC = 0x4a43_4944_5830_3032L; // "JCIDX002"

  /** How long the tail is. */
  static final int TAIL = 3 * Long.BYTES + 5 * Integer.BYTES;

  private static final int LARGEST_CHUNK = 1 << 17;
  private static final int LONGEST_TEXT = 1 << 16;
  private static final int BUFFER = 1 << 16;

  private final Disk disk;
  private final Path temporary;
  private final OutputStream out;
  private final ChunkWriter chunk = new ChunkWriter();
  private final Varints packed = new Varints();
  private final CRC32C sum = new CRC32C();
  // position, length and checksum of each chunk, by name
  private final Map<String, List<long[]>> chunks = new HashMap<>();
  private final List<String> removed = new ArrayList<>();
  private byte[] name = new byte[64];
  private int nameLength;
  private String baseUrl = "";
  private long position;
  private int records;
  private boolean published;

  /**
   * Begins a file.
   *
   * @param temporary where it is written until {@link #publish}
   * @throws StorageException if the disk refuses
   */
  CompactIndexWriter(Disk disk, Path temporary) {
    this.disk = disk;
    this.temporary = temporary;
    try {
      disk.createDirectories(temporary.resolveSibling(""));
      this.out = new BufferedOutputStream(disk.newOutputStream(temporary), BUFFER);
    } catch (IOException e) {
      throw DiskFailure.explain("cache an index", temporary, e);
    }
  }

  @Override
  public void record(RecordBytes record) throws MalformedIndexException {
    checkLength(record.keyLength);
    checkLength(record.nameLength);
    if (!isOfChunk(record) || chunk.size() >= LARGEST_CHUNK) {
      finishChunk();
      begin(record);
    }
    chunk.add(record);
    records++;
  }

  private static void checkLength(int length) throws MalformedIndexException {
    if (length > LONGEST_TEXT) {
      throw new MalformedIndexException(
          "a name in it is longer than %d bytes".formatted(LONGEST_TEXT));
    }
  }

  private boolean isOfChunk(RecordBytes record) {
    return chunk.count() > 0
        && Arrays.equals(
            record.name,
            record.nameOffset,
            record.nameOffset + record.nameLength,
            name,
            0,
            nameLength);
  }

  private void begin(RecordBytes record) {
    if (name.length < record.nameLength) {
      name = new byte[record.nameLength * 2];
    }
    System.arraycopy(record.name, record.nameOffset, name, 0, record.nameLength);
    nameLength = record.nameLength;
  }

  /** Writes a chunk; a failure of the disk is no failure of the channel, so it has its own kind. */
  private void finishChunk() {
    if (chunk.count() == 0) {
      return;
    }
    packed.clear();
    chunk.writeTo(packed);
    chunk.clear();
    sum.reset();
    sum.update(packed.bytes(), 0, packed.size());
    String key = new String(name, 0, nameLength, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    chunks
        .computeIfAbsent(key, unused -> new ArrayList<>(1))
        .add(new long[] {position, packed.size(), sum.getValue()});
    try {
      out.write(packed.bytes(), 0, packed.size());
    } catch (IOException e) {
      throw DiskFailure.explain("cache an index", temporary, e);
    }
    position += packed.size();
  }

  @Override
  public void baseUrl(String url) throws MalformedIndexException {
    checkLength(url.length());
    baseUrl = url;
  }

  /** Returns the base of the archives' URLs (CEP-15), empty if the index named none so far. */
  String baseUrl() {
    return baseUrl;
  }

  @Override
  public void removed(String fileName) throws MalformedIndexException {
    checkLength(fileName.length());
    removed.add(fileName);
  }

  /**
   * Ends the file, and puts it in place in one step.
   *
   * @throws StorageException if the disk refuses
   */
  void publish(Path file) {
    finishChunk();
    String[] names = chunks.keySet().toArray(new String[0]);
    Arrays.sort(names);
    Varints table = new Varints();
    int[] places = new int[names.length];
    byte[][] texts = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      places[i] = table.size();
      texts[i] = names[i].getBytes(StandardCharsets.UTF_8);
      addText(table, texts[i]);
      addChunks(table, chunks.getOrDefault(names[i], List.of()));
    }
    int slots = table.size();
    byte[] slotBytes = slots(texts, places);
    table.add(slotBytes, 0, slotBytes.length);
    int rest = table.size();
    addText(table, baseUrl.getBytes(StandardCharsets.UTF_8));
    table.add(removed.size());
    removed.forEach(fileName -> addText(table, fileName.getBytes(StandardCharsets.UTF_8)));
    sum.reset();
    sum.update(table.bytes(), 0, table.size());
    ByteBuffer tail =
        ByteBuffer.allocate(TAIL)
            .putLong(position)
            .putInt(table.size())
            .putInt(names.length)
            .putInt(slots)
            .putInt(rest)
            .putInt(records)
            .putLong(sum.getValue())
            .putLong(MAGIC);
    try {
      out.write(table.bytes(), 0, table.size());
      out.write(tail.array());
      out.close();
      disk.force(temporary);
      disk.move(temporary, file);
      published = true;
    } catch (IOException e) {
      throw DiskFailure.explain("cache an index", file, e);
    }
  }

  private static void addText(Varints to, byte[] text) {
    to.add(text.length);
    to.add(text, 0, text.length);
  }

  private static void addChunks(Varints to, List<long[]> chunks) {
    to.add(chunks.size());
    for (long[] one : chunks) {
      for (long number : one) {
        to.add(number);
      }
    }
  }

  /** Returns a table of hashes: four bytes each with the place + 1 of a name, 0 for none. */
  private static byte[] slots(byte[][] texts, int[] places) {
    int count = Integer.highestOneBit(Math.max(1, texts.length)) * 4;
    ByteBuffer slots = ByteBuffer.allocate(count * Integer.BYTES);
    for (int i = 0; i < texts.length; i++) {
      int slot = Pool.hash(texts[i], 0, texts[i].length) & (count - 1);
      while (slots.getInt(slot * Integer.BYTES) != 0) {
        slot = (slot + 1) & (count - 1);
      }
      slots.putInt(slot * Integer.BYTES, places[i] + 1);
    }
    return slots.array();
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
