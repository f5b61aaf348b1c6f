package io.jconda.core.archive;

import io.jconda.core.util.PieceStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the stored members of a zip as they come, and then checks its directory and its end.
 *
 * <p>Knows what {@code .conda} files are made of: stored members, ZIP64, and sizes that only follow
 * the data. Every member must be listed in the directory at the end as it was found, so that no two
 * readers can see two different packages in one archive. Source: PKWARE's APPNOTE 6.3, sections 4.3
 * to 4.5.
 */
final class ZipMembers {
  private static final int LOCAL = 0x04034b50;
  private static final int DIRECTORY = 0x02014b50;
  private static final int DESCRIPTOR = 0x08074b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END = 0x06054b50;

  private static final int FLAG_ENCRYPTED = 1;
  private static final int FLAG_DESCRIPTOR = 1 << 3;
  private static final int ZIP64_EXTRA = 1;
  private static final long IN_EXTRA = 0xffffffffL;
  private static final int LONGEST_DESCRIPTOR = 24;
  private static final int MAX_MEMBERS = 1000;

  private final LookaheadStream in;
  private final Map<Long, Found> found = new HashMap<>();
  private @Nullable Content current;

  ZipMembers(InputStream in) {
    this.in = new LookaheadStream(in);
  }

  /**
   * A member.
   *
   * @param name its name
   * @param content its bytes, until the next member is asked for
   */
  record Member(String name, InputStream content) {}

  /** What a member was found to be. */
  private record Found(String name, long crc, long size) {
    /** Tells whether it is what the directory says; a record's own way is made at run time. */
    boolean is(String otherName, long otherCrc, long otherSize) {
      return name.equals(otherName) && crc == otherCrc && size == otherSize;
    }
  }

  /**
   * Goes to the next member; at the last one's end checks the rest of the zip.
   *
   * @return the member, or empty if the zip ended as it should
   * @throws IOException if it is broken
   */
  Optional<Member> next() throws IOException {
    if (current != null) {
      current.finish();
      current = null;
    }
    long offset = in.position();
    int signature = in.int32();
    if (signature != LOCAL) {
      if (found.isEmpty()) {
        throw new IOException("it is no zip with members");
      }
      readDirectory(signature, offset);
      return Optional.empty();
    }
    if (found.size() == MAX_MEMBERS) {
      throw new IOException("it has more than " + MAX_MEMBERS + " members");
    }
    Header header = readHeader();
    Content content = new Content(header, offset);
    current = content;
    return Optional.of(new Member(header.name, content));
  }

  private static final class Header {
    private String name = "";
    private boolean descriptor;
    private boolean zip64;
    private long crc;
    private long compressed;
    private long size;
  }

  private Header readHeader() throws IOException {
    Header header = new Header();
    in.int16();
    int flags = in.int16();
    int method = in.int16();
    in.int32();
    header.crc = in.int32() & IN_EXTRA;
    header.compressed = in.int32() & IN_EXTRA;
    header.size = in.int32() & IN_EXTRA;
    int nameLength = in.int16();
    int extraLength = in.int16();
    header.name = new String(in.bytes(nameLength), StandardCharsets.UTF_8);
    ByteBuffer zip64 = zip64(in.bytes(extraLength));
    if (zip64 != null) {
      header.zip64 = true;
      if (header.size == IN_EXTRA) {
        header.size = zip64.getLong();
      }
      if (header.compressed == IN_EXTRA) {
        header.compressed = zip64.getLong();
      }
    }
    if ((flags & FLAG_ENCRYPTED) != 0) {
      throw new IOException("its member '" + header.name + "' is encrypted");
    }
    if (method != 0) {
      throw new IOException("its member '" + header.name + "' is compressed, which CEP-35 forbids");
    }
    header.descriptor = (flags & FLAG_DESCRIPTOR) != 0;
    if (header.compressed != header.size || header.size < 0) {
      throw new IOException("its member '" + header.name + "' has two sizes");
    }
    return header;
  }

  private static @Nullable ByteBuffer zip64(byte[] extra) throws IOException {
    ByteBuffer fields = ByteBuffer.wrap(extra).order(ByteOrder.LITTLE_ENDIAN);
    while (fields.remaining() >= 4) {
      int id = fields.getShort() & 0xffff;
      int length = fields.getShort() & 0xffff;
      if (length > fields.remaining()) {
        throw new IOException("a member has a broken extra field");
      }
      ByteBuffer field = fields.slice(fields.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      if (id == ZIP64_EXTRA) {
        return field;
      }
      fields.position(fields.position() + length);
    }
    return null;
  }

  private void readDirectory(int firstSignature, long start) throws IOException {
    int signature = firstSignature;
    int entries = found.size();
    while (signature == DIRECTORY) {
      readDirectoryEntry();
      signature = in.int32();
    }
    if (!found.isEmpty()) {
      throw new IOException("a member is missing from the zip's directory");
    }
    if (signature == END_64) {
      long length = in.int64();
      if (length < 44 || length > 1 << 16) {
        throw new IOException("the zip's directory has a broken end");
      }
      in.bytes((int) length);
      signature = in.int32();
    }
    if (signature == LOCATOR_64) {
      in.bytes(16);
      signature = in.int32();
    }
    if (signature != END) {
      throw new IOException("something in it is no part of a zip");
    }
    readEnd(entries, start);
  }

  private void readDirectoryEntry() throws IOException {
    in.bytes(12);
    long crc = in.int32() & IN_EXTRA;
    long compressed = in.int32() & IN_EXTRA;
    long size = in.int32() & IN_EXTRA;
    int nameLength = in.int16();
    int extraLength = in.int16();
    int commentLength = in.int16();
    in.bytes(8);
    long offset = in.int32() & IN_EXTRA;
    String name = new String(in.bytes(nameLength), StandardCharsets.UTF_8);
    ByteBuffer zip64 = zip64(in.bytes(extraLength));
    in.bytes(commentLength);
    if (zip64 != null) {
      size = size == IN_EXTRA ? zip64.getLong() : size;
      compressed = compressed == IN_EXTRA ? zip64.getLong() : compressed;
      offset = offset == IN_EXTRA ? zip64.getLong() : offset;
    }
    Found member = found.remove(offset);
    if (compressed != size || member == null || !member.is(name, crc, size)) {
      throw new IOException("the zip's directory says otherwise of '" + name + "'");
    }
  }

  private void readEnd(int entries, long start) throws IOException {
    in.bytes(4);
    in.int16();
    int total = in.int16();
    in.int32();
    long offset = in.int32() & IN_EXTRA;
    in.bytes(in.int16());
    if ((total != entries && total != 0xffff) || (offset != start && offset != IN_EXTRA)) {
      throw new IOException("the zip's end says otherwise of its directory");
    }
    while (in.fill(1)) {
      // a second zip behind the first is what another reader would take for the package
      if (in.next() != 0) {
        throw new IOException("something follows the zip's end");
      }
    }
  }

  /** The bytes of one member. */
  private final class Content extends PieceStream {
    private final Header header;
    private final long offset;
    private final CRC32 crc = new CRC32();
    private long count;
    private boolean finished;

    Content(Header header, long offset) {
      this.header = header;
      this.offset = offset;
    }

    private boolean sizeFollows() {
      return header.descriptor && header.size == 0;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      if (finished || length == 0) {
        return finished ? -1 : 0;
      }
      long ready = sizeFollows() ? readyBeforeDescriptor() : header.size - count;
      if (ready == 0) {
        end();
        return -1;
      }
      int got = in.read(buffer, from, (int) Math.min(ready, length));
      crc.update(buffer, from, got);
      count += got;
      return got;
    }

    /** Returns how many bytes are surely content; none where the descriptor begins. */
    private int readyBeforeDescriptor() throws IOException {
      in.fill(LONGEST_DESCRIPTOR);
      in.need(16);
      if (in.peekInt(0) == DESCRIPTOR && descriptorFits()) {
        return 0;
      }
      int ahead = 1;
      int last = in.ready() - LONGEST_DESCRIPTOR;
      while (ahead < last && in.peek(ahead) != 'P') {
        ahead++;
      }
      return ahead;
    }

    private boolean descriptorFits() throws IOException {
      if ((in.peekInt(4) & IN_EXTRA) != crc.getValue()) {
        return false;
      }
      if (header.zip64) {
        in.need(LONGEST_DESCRIPTOR);
        return in.peekLong(8) == count && in.peekLong(16) == count;
      }
      return (in.peekInt(8) & IN_EXTRA) == count && (in.peekInt(12) & IN_EXTRA) == count;
    }

    private void end() throws IOException {
      finished = true;
      if (header.descriptor) {
        int first = in.int32();
        long sum = (first == DESCRIPTOR ? in.int32() : first) & IN_EXTRA;
        long compressed = header.zip64 ? in.int64() : in.int32() & IN_EXTRA;
        long size = header.zip64 ? in.int64() : in.int32() & IN_EXTRA;
        header.crc = sum;
        if (compressed != count || size != count) {
          throw new IOException("the size of its member '" + header.name + "' is wrong");
        }
      }
      if (header.crc != crc.getValue()) {
        throw new IOException("the check sum of its member '" + header.name + "' is wrong");
      }
      found.put(offset, new Found(header.name, header.crc, count));
    }

    void finish() throws IOException {
      byte[] rest = new byte[1 << 13];
      int got;
      do {
        got = read(rest, 0, rest.length);
      } while (got >= 0);
    }
  }
}
