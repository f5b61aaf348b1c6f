package io.jconda.core.archive;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes a zip of stored members, with their sizes in front of them, as {@code .conda} wants it;
 * its bytes depend on nothing but the members. Source: PKWARE's APPNOTE 6.3, sections 4.3 to 4.5.
 */
final class ZipOutput {
  private static final int VERSION_STORED = 20;
  private static final int VERSION_ZIP64 = 45;
  private static final int UNIX = 3 << 8;
  private static final int UTF8_NAMES = 1 << 11;
  private static final int MODE = 0100644 << 16;
  // 1 January 1980, the first day that a zip knows
  private static final int DATE = 1 << 5 | 1;
  private static final int LOCAL_HEADER = 30;
  private static final int ZIP64_EXTRA = 20;
  private static final long MAX_32 = 0xffffffffL;

  private final FileChannel channel;
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private int entries;

  ZipOutput(FileChannel channel) {
    this.channel = channel;
  }

  /** Writes a member's content. */
  @FunctionalInterface
  interface Content {
    /** Writes it; whatever closes the stream meanwhile does no harm. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a member.
   *
   * @param large whether it may grow to 4 GiB or more
   */
  void member(String name, boolean large, Content content) throws IOException {
    byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
    long start = channel.position();
    write(localHeader(nameBytes, large, 0, 0));
    Counting counting = new Counting();
    BufferedOutputStream out = new BufferedOutputStream(counting, 1 << 16);
    content.writeTo(out);
    out.flush();
    long end = channel.position();
    if (!large && counting.count >= MAX_32) {
      throw new IOException("The member '" + name + "' grew beyond what was foreseen.");
    }
    channel.position(start);
    write(localHeader(nameBytes, large, counting.crc.getValue(), counting.count));
    channel.position(end);
    addToDirectory(nameBytes, start, counting.crc.getValue(), counting.count);
  }

  private static ByteBuffer localHeader(byte[] name, boolean large, long crc, long size) {
    ByteBuffer header = littleEndian(LOCAL_HEADER + name.length + (large ? ZIP64_EXTRA : 0));
    header.putInt(0x04034b50);
    header.putShort((short) (large ? VERSION_ZIP64 : VERSION_STORED));
    common(header, crc, large ? MAX_32 : size);
    header.putShort((short) name.length).putShort((short) (large ? ZIP64_EXTRA : 0));
    header.put(name);
    if (large) {
      header.putShort((short) 1).putShort((short) 16).putLong(size).putLong(size);
    }
    return header.flip();
  }

  private static void common(ByteBuffer header, long crc, long size) {
    header.putShort((short) UTF8_NAMES).putShort((short) 0);
    header.putShort((short) 0).putShort((short) DATE);
    header.putInt((int) crc).putInt((int) size).putInt((int) size);
  }

  private void addToDirectory(byte[] name, long offset, long crc, long size) {
    boolean large = size >= MAX_32 || offset >= MAX_32;
    ByteBuffer header = littleEndian(46 + name.length + 28);
    header.putInt(0x02014b50);
    header.putShort((short) (UNIX | (large ? VERSION_ZIP64 : VERSION_STORED)));
    header.putShort((short) (large ? VERSION_ZIP64 : VERSION_STORED));
    common(header, crc, large ? MAX_32 : size);
    header.putShort((short) name.length).putShort((short) (large ? 28 : 0)).putShort((short) 0);
    header.putShort((short) 0).putShort((short) 0).putInt(MODE);
    header.putInt((int) (large ? MAX_32 : offset));
    header.put(name);
    if (large) {
      header.putShort((short) 1).putShort((short) 24);
      header.putLong(size).putLong(size).putLong(offset);
    }
    byte[] entry = new byte[header.flip().remaining()];
    header.get(entry);
    directory.writeBytes(entry);
    entries++;
  }

  /** Writes the directory and the end; the channel stays open. */
  void finish() throws IOException {
    long start = channel.position();
    write(ByteBuffer.wrap(directory.toByteArray()));
    long size = channel.position() - start;
    boolean large = start >= MAX_32;
    ByteBuffer end = littleEndian(56 + 20 + 22);
    if (large) {
      end.putInt(0x06064b50).putLong(44);
      end.putShort((short) (UNIX | VERSION_ZIP64)).putShort((short) VERSION_ZIP64);
      end.putInt(0).putInt(0).putLong(entries).putLong(entries).putLong(size).putLong(start);
      end.putInt(0x07064b50).putInt(0).putLong(start + size).putInt(1);
    }
    end.putInt(0x06054b50).putShort((short) 0).putShort((short) 0);
    end.putShort((short) entries).putShort((short) entries);
    end.putInt((int) size).putInt((int) (large ? MAX_32 : start)).putShort((short) 0);
    write(end.flip());
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Writes to the channel, which it leaves open, and keeps count. */
  private final class Counting extends OutputStream {
    private final CRC32 crc = new CRC32();
    private long count;

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ZipOutput.this.write(ByteBuffer.wrap(bytes, offset, length));
      crc.update(bytes, offset, length);
      count += length;
    }
  }
}
