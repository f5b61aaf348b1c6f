package io.jconda.core.repodata;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes maps, lists, texts, numbers, bytes and nulls as MessagePack, each in its shortest form.
 */
public final class PackWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  /** Returns a value as MessagePack. */
  public static byte[] pack(Object value) {
    PackWriter writer = new PackWriter();
    try {
      writer.value(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return writer.bytes.toByteArray();
  }

  private void value(Object value) throws IOException {
    if (value == Nil.NIL) {
      out.write(0xc0);
    } else if (value instanceof Boolean truth) {
      out.write(truth ? 0xc3 : 0xc2);
    } else if (value instanceof Double number) {
      out.write(0xcb);
      out.writeDouble(number);
    } else if (value instanceof Number number) {
      integer(number.longValue());
    } else if (value instanceof String text) {
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      head(content.length, 0xa0, 32, 0xd9);
      out.write(content);
    } else if (value instanceof byte[] content) {
      head(content.length, 0, 0, 0xc4);
      out.write(content);
    } else if (value instanceof List<?> list) {
      head(list.size(), 0x90, 16, 0xdb);
      for (Object element : list) {
        value(element);
      }
    } else if (value instanceof Map<?, ?> map) {
      head(map.size(), 0x80, 16, 0xdd);
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        value(entry.getKey());
        value(entry.getValue());
      }
    } else {
      throw new IllegalArgumentException("No MessagePack for " + value.getClass());
    }
  }

  /** Stands for null, which maps of Java do not take. */
  public enum Nil {
    NIL
  }

  /** Writes a length; {@code wide} is the head that one byte follows, had there one of its kind. */
  private void head(int length, int fixed, int fixedLimit, int wide) throws IOException {
    if (length < fixedLimit) {
      out.write(fixed | length);
    } else if (length < 0x100 && (wide == 0xd9 || wide == 0xc4)) {
      out.write(wide);
      out.write(length);
    } else if (length < 0x10000) {
      out.write(wide + 1);
      out.writeShort(length);
    } else {
      out.write(wide + 2);
      out.writeInt(length);
    }
  }

  private void integer(long value) throws IOException {
    if (value >= -32 && value < 128) {
      out.write((int) value);
    } else if (value >= 0 && value < 0x100) {
      out.write(0xcc);
      out.write((int) value);
    } else if (value >= 0 && value < 0x10000) {
      out.write(0xcd);
      out.writeShort((int) value);
    } else if (value >= 0 && value < 0x1_0000_0000L) {
      out.write(0xce);
      out.writeInt((int) value);
    } else if (value >= 0) {
      out.write(0xcf);
      out.writeLong(value);
    } else if (value >= Byte.MIN_VALUE) {
      out.write(0xd0);
      out.write((int) value);
    } else if (value >= Short.MIN_VALUE) {
      out.write(0xd1);
      out.writeShort((int) value);
    } else if (value >= Integer.MIN_VALUE) {
      out.write(0xd2);
      out.writeInt((int) value);
    } else {
      out.write(0xd3);
      out.writeLong(value);
    }
  }
}
