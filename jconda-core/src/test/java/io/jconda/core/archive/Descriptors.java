package io.jconda.core.archive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Makes a zip as who cannot go back in a stream writes it: sizes behind the stored member. */
final class Descriptors {
  private Descriptors() {}

  static byte[] with(String name, byte[] content, boolean zip64) {
    byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(content);
    int sum = (int) crc.getValue();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer local = buffer(30 + nameBytes.length + (zip64 ? 20 : 0));
    int unknown = zip64 ? -1 : 0;
    local.putInt(0x04034b50).putShort((short) 45).putShort((short) 8).putShort((short) 0);
    local.putInt(0).putInt(0).putInt(unknown).putInt(unknown);
    local.putShort((short) nameBytes.length).putShort((short) (zip64 ? 20 : 0)).put(nameBytes);
    if (zip64) {
      local.putShort((short) 1).putShort((short) 16).putLong(0).putLong(0);
    }
    append(out, local);
    out.writeBytes(content);
    ByteBuffer descriptor = buffer(24);
    descriptor.putInt(0x08074b50).putInt(sum);
    if (zip64) {
      descriptor.putLong(content.length).putLong(content.length);
    } else {
      descriptor.putInt(content.length).putInt(content.length);
    }
    append(out, descriptor);
    int start = out.size();
    ByteBuffer directory = buffer(46 + nameBytes.length);
    directory.putInt(0x02014b50).putShort((short) 45).putShort((short) 45);
    directory.putShort((short) 8).putShort((short) 0).putInt(0);
    directory.putInt(sum).putInt(content.length).putInt(content.length);
    directory.putShort((short) nameBytes.length).putShort((short) 0).putShort((short) 0);
    directory.putShort((short) 0).putShort((short) 0).putInt(0).putInt(0).put(nameBytes);
    append(out, directory);
    ByteBuffer end = buffer(22);
    end.putInt(0x06054b50).putShort((short) 0).putShort((short) 0);
    end.putShort((short) 1).putShort((short) 1);
    end.putInt(out.size() - start).putInt(start).putShort((short) 0);
    append(out, end);
    return out.toByteArray();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void append(ByteArrayOutputStream out, ByteBuffer bytes) {
    byte[] array = new byte[bytes.flip().remaining()];
    bytes.get(array);
    out.writeBytes(array);
  }
}
