package io.jconda.core.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes a tarball block by block, also such as no program would write. */
final class TarBlocks {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** One block, into which fields are written. */
  static final class Fields {
    private final byte[] block = new byte[512];

    Fields text(int start, String text) {
      return bytes(start, text.getBytes(StandardCharsets.UTF_8));
    }

    Fields bytes(int start, byte[] bytes) {
      System.arraycopy(bytes, 0, block, start, bytes.length);
      return this;
    }

    Fields octal(int start, long number) {
      return text(start, "%011o\0".formatted(number));
    }

    Fields size(long size) {
      return octal(124, size);
    }

    Fields type(char type) {
      return byteAt(156, type);
    }

    Fields byteAt(int at, int value) {
      block[at] = (byte) value;
      return this;
    }
  }

  /** Adds a header of POSIX: a file without a name, unless the fields say otherwise. */
  TarBlocks header(Consumer<Fields> fields) {
    return block(
        header -> {
          header.text(100, "0000644\0").text(257, "ustar\00000").type('0').size(0);
          fields.accept(header);
          int sum = 8 * ' ';
          for (byte value : header.block) {
            sum += value & 0xff;
          }
          header.text(148, "%06o\0 ".formatted(sum));
        });
  }

  TarBlocks block(Consumer<Fields> fields) {
    Fields block = new Fields();
    fields.accept(block);
    bytes.writeBytes(block.block);
    return this;
  }

  /** Adds content, up to a whole block. */
  TarBlocks content(String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    bytes.writeBytes(content);
    bytes.writeBytes(new byte[-content.length & 511]);
    return this;
  }

  /** Adds an extended header of keys and values. */
  TarBlocks pax(char type, String... keysAndValues) {
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String rest = " " + keysAndValues[i] + "=" + keysAndValues[i + 1] + "\n";
      int length = rest.getBytes(StandardCharsets.UTF_8).length;
      int digits = 1;
      while (String.valueOf(length + digits).length() > digits) {
        digits++;
      }
      records.append(length + digits).append(rest);
    }
    int size = records.toString().getBytes(StandardCharsets.UTF_8).length;
    return header(h -> h.type(type).size(size)).content(records.toString());
  }

  /** Ends the tarball and returns it. */
  byte[] end() {
    bytes.writeBytes(new byte[1024]);
    return bytes.toByteArray();
  }
}
