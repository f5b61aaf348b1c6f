package io.jconda.core.repodata;

import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Is the index of one subdir in a file that {@link CompactIndexWriter} wrote: finds the records of
 * a name by one read of the file, and makes nothing of the others. Its table of names lies in the
 * heap as it lies in the file, about 40 bytes a name.
 *
 * <p>A file that is torn, truncated, foreign or of another version is noticed when it is opened; a
 * damaged chunk, when it is read. The file is opened for each read: one that is kept open would
 * need to be closed, and a mapped one could not be deleted on Windows. Immutable and thread-safe.
 */
final class CompactIndex implements SubdirIndex {
  /** The index of a subdir that is not there. */
  static final CompactIndex EMPTY =
      new CompactIndex(Path.of(""), new byte[Integer.BYTES], 0, 0, Integer.BYTES, 0, "", Set.of());

  private static final int LARGEST_TABLE = 1 << 30;
  // several times what a large solve reaches; some 30 MB
  private static final int MOST_HELD = 50_000;

  private final Path file;
  private final byte[] table;
  private final int nameCount;
  private final int slots;
  private final int slotMask;
  private final int size;
  private final String baseUrl;
  private final Set<String> removed;
  // what was read stays at hand while memory is plenty: in a JVM that lives on, the next solve
  // asks for much the same names; who looks at all of them shall not fill the memory
  private volatile SoftReference<Held> held = new SoftReference<>(new Held());
  private volatile boolean damaged;

  private CompactIndex(
      Path file,
      byte[] table,
      int nameCount,
      int slots,
      int rest,
      int size,
      String baseUrl,
      Set<String> removed) {
    this.file = file;
    this.table = table;
    this.nameCount = nameCount;
    this.slots = slots;
    this.slotMask = (rest - slots) / Integer.BYTES - 1;
    this.size = size;
    this.baseUrl = baseUrl;
    this.removed = removed;
  }

  /** Is what was read of a name for a channel. */
  private record Known(
      String channel, String archives, List<PackageRecord> records, List<LeftOut> leftOut) {}

  private record LeftOut(String fileName, String reason) {}

  /** Is what stays at hand. */
  private static final class Held {
    private final Map<String, Known> byName = new ConcurrentHashMap<>();
    private final AtomicInteger records = new AtomicInteger();
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it is not there, or is not what was written
   */
  static CompactIndex open(Path file) throws IOException {
    byte[] table;
    ByteBuffer tail;
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long length = channel.size();
      if (length < CompactIndexWriter.TAIL) {
        throw new IOException(file + " is no cached index");
      }
      tail = read(channel, length - CompactIndexWriter.TAIL, CompactIndexWriter.TAIL);
      long position = tail.getLong();
      int tableLength = tail.getInt();
      if (tail.getLong(CompactIndexWriter.TAIL - Long.BYTES) != CompactIndexWriter.MAGIC
          || tableLength < 0
          || tableLength > LARGEST_TABLE
          || position + tableLength != length - CompactIndexWriter.TAIL) {
        throw new IOException(file + " is no cached index of this version");
      }
      table = read(channel, position, tableLength).array();
    }
    int nameCount = tail.getInt();
    int slots = tail.getInt();
    int rest = tail.getInt();
    int size = tail.getInt();
    if (tail.getLong() != sum(table)) {
      throw new IOException(file + " is damaged");
    }
    Cursor cursor = new Cursor(table, rest);
    String baseUrl = cursor.text();
    Set<String> removed = new HashSet<>();
    for (int i = cursor.number(); i > 0; i--) {
      removed.add(cursor.text());
    }
    return new CompactIndex(file, table, nameCount, slots, rest, size, baseUrl, removed);
  }

  private static ByteBuffer read(SeekableByteChannel channel, long position, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    channel.position(position);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("a cached index ends too soon");
      }
    }
    return bytes.flip();
  }

  private static long sum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return sum.getValue();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String baseUrl() {
    return baseUrl;
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>(nameCount);
    Cursor cursor = new Cursor(table, 0);
    for (int i = 0; i < nameCount; i++) {
      names.add(cursor.text());
      for (int rest = cursor.number() * 3; rest > 0; rest--) {
        cursor.longNumber();
      }
    }
    return names;
  }

  @Override
  public void read(String name, LoadedSubdir from, OperationContext context, Sink sink)
      throws IOException {
    Known found = known(name, from);
    found.records().forEach(sink::record);
    found.leftOut().forEach(one -> sink.leftOut(one.fileName(), one.reason()));
  }

  private Known known(String name, LoadedSubdir from) throws IOException {
    Held at = held.get();
    if (at == null || at.records.get() > MOST_HELD) {
      at = new Held();
      held = new SoftReference<>(at);
    }
    String channel = from.subdir().channel().name();
    Known found = at.byName.get(name);
    if (found == null
        || !found.channel().equals(channel)
        || !found.archives().equals(from.archives())) {
      Reading reading = new Reading();
      readChunks(name, from, reading);
      found =
          new Known(
              channel,
              from.archives(),
              List.copyOf(reading.records.values()),
              List.copyOf(reading.leftOut));
      at.byName.put(name, found);
      at.records.addAndGet(found.records().size());
    }
    return found;
  }

  private void readChunks(String name, LoadedSubdir from, Sink sink) throws IOException {
    Cursor chunks = find(name);
    if (chunks == null) {
      return;
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      for (int i = chunks.number(); i > 0; i--) {
        long position = chunks.longNumber();
        byte[] chunk = read(channel, position, chunks.number()).array();
        if (sum(chunk) != chunks.longNumber()) {
          throw new IOException("a part of " + file + " is damaged");
        }
        ChunkReader.read(chunk, from, sink);
      }
    } catch (IOException e) {
      damaged = true;
      throw e;
    }
  }

  /** Tells whether a part of the file could not be read, so that it should be made anew. */
  boolean isDamaged() {
    return damaged;
  }

  /** Returns where the chunks of a name are told, or null if there is no such name. */
  private @Nullable Cursor find(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    int slot = Pool.hash(text, 0, text.length);
    while (true) {
      slot &= slotMask;
      int place = ByteBuffer.wrap(table).getInt(slots + slot * Integer.BYTES) - 1;
      if (place < 0) {
        return null;
      }
      Cursor cursor = new Cursor(table, place);
      if (cursor.isText(text)) {
        return cursor;
      }
      slot++;
    }
  }

  /** Takes what chunks have of a name; of two with one file name the later, as it is in JSON. */
  private final class Reading implements Sink {
    private final Map<String, PackageRecord> records = new LinkedHashMap<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    @Override
    public void record(PackageRecord record) {
      if (!removed.contains(record.fileName())) {
        records.put(record.fileName(), record);
      }
    }

    @Override
    public void leftOut(String fileName, String reason) {
      if (!removed.contains(fileName)) {
        records.remove(fileName);
        leftOut.add(new LeftOut(fileName, reason));
      }
    }

    @Override
    public void missing() {
      throw new IllegalStateException("A whole index lacks nothing.");
    }
  }
}
