package io.jconda.core.archive;

import io.jconda.build.PackageFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes a tarball that depends on nothing but its content: no owners, one time, plain modes. */
final class TarOutput implements AutoCloseable {
  private static final int FILE_MODE = 0100644;
  private static final int EXECUTABLE_MODE = 0100755;
  private static final int LINK_MODE = 0120777;

  private final TarArchiveOutputStream tar;
  private final FileTime time;

  /** Begins a tarball; closing it ends the tarball and closes the stream. */
  TarOutput(OutputStream out, Instant time) {
    this.tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    this.tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    this.tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    this.tar.setAddPaxHeadersForNonAsciiNames(true);
    this.time = FileTime.from(time.truncatedTo(ChronoUnit.SECONDS));
  }

  void add(String path, byte[] content) throws IOException {
    begin(new TarArchiveEntry(path), FILE_MODE, content.length);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  void add(String path, PackageFile file, long size) throws IOException {
    if (file.linkTarget().isPresent()) {
      TarArchiveEntry link = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
      link.setLinkName(file.linkTarget().get());
      begin(link, LINK_MODE, 0);
    } else {
      begin(new TarArchiveEntry(path), file.executable() ? EXECUTABLE_MODE : FILE_MODE, size);
      try (InputStream content = file.open()) {
        content.transferTo(tar);
      }
    }
    tar.closeArchiveEntry();
  }

  private void begin(TarArchiveEntry entry, int mode, long size) throws IOException {
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setNames("", "");
    entry.setLastModifiedTime(time);
    entry.setSize(size);
    tar.putArchiveEntry(entry);
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
