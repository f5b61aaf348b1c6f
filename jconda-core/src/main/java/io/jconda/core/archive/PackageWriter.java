package io.jconda.core.archive;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.jconda.build.PackageDescription;
import io.jconda.build.PackageFile;
import io.jconda.core.archive.PackageContents.Measured;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.OperationContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/**
 * Writes packages (CEP-34, CEP-35). The same description gives the same bytes, on every machine.
 * Thread-safe.
 */
public final class PackageWriter {
  /** Is the time of files in a package that has none: the first that every archive can say. */
  private static final Instant NO_TIME = Instant.parse("1980-01-01T00:00:00Z");

  private static final byte[] METADATA =
      "{\"conda_pkg_format_version\": 2}".getBytes(StandardCharsets.UTF_8);

  // more than a tar header, its extended header and its padding ever take
  private static final long OVERHEAD = 8192;
  private static final long LARGE = 0xf0000000L;

  private final Disk disk;
  private final OperationContext context;

  /** Makes a writer on a disk. */
  public PackageWriter(Disk disk, OperationContext context) {
    this.disk = disk;
    this.context = context;
  }

  /**
   * Writes a package into its subdir of a channel, replacing one of the same file name in one step.
   * Blocks.
   *
   * @return the archive
   * @throws io.jconda.StorageException if a file cannot be read or the archive cannot be written;
   *     nothing is left of it then
   */
  public Path write(PackageDescription description, Path channelFolder) {
    Path folder = channelFolder.resolve(description.platform().subdir());
    Path target = folder.resolve(description.fileName());
    Map<String, Measured> measured = new PackageContents(description, context).measure();
    SortedMap<String, byte[]> info = new InfoFolder(description, measured).documents();
    try {
      disk.createDirectories(folder);
      publish(description, info, measured, target);
    } catch (IOException e) {
      throw DiskFailure.explain("write the package", target, e);
    }
    return target;
  }

  private void publish(
      PackageDescription description,
      SortedMap<String, byte[]> info,
      Map<String, Measured> measured,
      Path target)
      throws IOException {
    Path temporary =
        target.resolveSibling(
            ".%s.%d.%d.tmp"
                .formatted(
                    description.fileName(), ProcessHandle.current().pid(), System.nanoTime()));
    boolean done = false;
    try {
      try (FileChannel channel =
          disk.openChannel(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        switch (description.format()) {
          case CONDA -> writeConda(description, info, measured, channel);
          case TAR_BZ2 -> writeTarBz2(description, info, measured, channel);
        }
      }
      disk.force(temporary);
      disk.move(temporary, target);
      done = true;
    } finally {
      if (!done) {
        disk.deleteIfExists(temporary);
      }
    }
  }

  private void writeConda(
      PackageDescription description,
      SortedMap<String, byte[]> info,
      Map<String, Measured> measured,
      FileChannel channel)
      throws IOException {
    long most = measured.values().stream().mapToLong(file -> file.size() + OVERHEAD).sum();
    String stem = description.distName() + ".tar.zst";
    ZipOutput zip = new ZipOutput(channel);
    zip.member("metadata.json", false, out -> out.write(METADATA));
    zip.member(
        "pkg-" + stem,
        most >= LARGE,
        out -> {
          try (TarOutput tar = new TarOutput(zstd(out, description), time(description))) {
            addFiles(tar, description, measured);
          }
        });
    // last, as conda's own tools have it: who wants only this reads the end of the archive
    zip.member(
        "info-" + stem,
        false,
        out -> {
          try (TarOutput tar = new TarOutput(zstd(out, description), time(description))) {
            addInfo(tar, info);
          }
        });
    zip.finish();
  }

  private static OutputStream zstd(OutputStream out, PackageDescription description)
      throws IOException {
    return new ZstdOutputStreamNoFinalizer(out, description.compressionLevel());
  }

  private void writeTarBz2(
      PackageDescription description,
      SortedMap<String, byte[]> info,
      Map<String, Measured> measured,
      FileChannel channel)
      throws IOException {
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    try (TarOutput tar = new TarOutput(new BZip2CompressorOutputStream(out), time(description))) {
      // first, so that what the package is can be read without reading all of it
      addInfo(tar, info);
      addFiles(tar, description, measured);
    }
  }

  private static Instant time(PackageDescription description) {
    return description.timestamp().orElse(NO_TIME);
  }

  private static void addInfo(TarOutput tar, SortedMap<String, byte[]> info) throws IOException {
    for (Map.Entry<String, byte[]> document : info.entrySet()) {
      tar.add(document.getKey(), document.getValue());
    }
  }

  private void addFiles(
      TarOutput tar, PackageDescription description, Map<String, Measured> measured)
      throws IOException {
    for (Map.Entry<String, PackageFile> file : description.files().entrySet()) {
      context.checkpoint();
      Measured found = measured.get(file.getKey());
      tar.add(file.getKey(), file.getValue(), found == null ? 0 : found.size());
    }
  }
}
