package io.jconda.core.cache;

import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file of the store, and throws a {@link io.jconda.StorageException} where the disk
 * refuses, so that nobody takes it for a failure of the stream that is being read.
 */
final class StoreOutput extends OutputStream {
  private final Path file;
  private final OutputStream out;

  private StoreOutput(Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  static StoreOutput create(Path file, Disk disk) {
    try {
      return new StoreOutput(
          file,
          disk.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw DiskFailure.explain("store a package", file, e);
    }
  }

  @Override
  public void write(int oneByte) {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw DiskFailure.explain("store a package", file, e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw DiskFailure.explain("store a package", file, e);
    }
  }
}
