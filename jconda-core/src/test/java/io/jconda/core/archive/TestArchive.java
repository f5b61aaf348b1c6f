package io.jconda.core.archive;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/** Makes archives entry by entry, also such as no builder would write. */
final class TestArchive {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar =
      new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());

  TestArchive() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
  }

  TestArchive file(String name, String content) throws IOException {
    return file(name, content, 0100644);
  }

  TestArchive file(String name, String content, int mode) throws IOException {
    byte[] body = content.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setMode(mode);
    entry.setSize(body.length);
    tar.putArchiveEntry(entry);
    tar.write(body);
    tar.closeArchiveEntry();
    return this;
  }

  TestArchive folder(String name) throws IOException {
    return special(name + "/", TarConstants.LF_DIR, "");
  }

  TestArchive symbolicLink(String name, String target) throws IOException {
    return special(name, TarConstants.LF_SYMLINK, target);
  }

  TestArchive hardLink(String name, String target) throws IOException {
    return special(name, TarConstants.LF_LINK, target);
  }

  TestArchive special(String name, byte type, String target) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    return this;
  }

  /** Adds what says that the next entry has a name of so many letters. */
  TestArchive longName(int length) throws IOException {
    TarArchiveEntry entry =
        new TarArchiveEntry(TarConstants.GNU_LONGLINK, TarConstants.LF_GNUTYPE_LONGNAME);
    entry.setSize(length);
    tar.putArchiveEntry(entry);
    tar.write("x".repeat(length).getBytes(StandardCharsets.UTF_8));
    tar.closeArchiveEntry();
    return this;
  }

  byte[] tar() throws IOException {
    tar.finish();
    return bytes.toByteArray();
  }

  byte[] tarBz2() throws IOException {
    return bz2(tar());
  }

  static byte[] emptyTar() throws IOException {
    return new TestArchive().tar();
  }

  static byte[] bz2(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream bz2 = new BZip2CompressorOutputStream(out)) {
      bz2.write(content);
    }
    return out.toByteArray();
  }

  static byte[] zst(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream zst = new ZstdOutputStream(out, 3)) {
      zst.write(content);
    }
    return out.toByteArray();
  }

  static byte[] join(byte[]... parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    return out.toByteArray();
  }

  /** Writes a zip member by member. */
  static final class Zip {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    Zip stored(String name, byte[] content) throws IOException {
      CRC32 crc = new CRC32();
      crc.update(content);
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(content);
      zip.closeEntry();
      return this;
    }

    Zip deflated(String name, byte[] content) throws IOException {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
      zip.closeEntry();
      return this;
    }

    byte[] bytes() throws IOException {
      zip.finish();
      return bytes.toByteArray();
    }
  }
}
