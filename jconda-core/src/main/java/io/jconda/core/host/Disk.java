package io.jconda.core.host;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Is the one door through which rooms write to disk; reading goes through {@link Files} directly.
 *
 * <p>Tests put a disk in its place that is full, refuses, or fails or halts the JVM at its
 * <i>n</i>th operation. Every method is one operation in that count unless it says that it is made
 * of others. Thread-safe; every method blocks.
 */
public class Disk {
  private static final Disk REAL = new Disk();

  /** For the real disk and for the faulty ones of tests. */
  protected Disk() {}

  /** Returns the real disk. */
  public static Disk real() {
    return REAL;
  }

  /** Makes a folder and those above it that are missing. */
  public void createDirectories(Path folder) throws IOException {
    Files.createDirectories(folder);
  }

  /** Makes a folder in one that is there; fails if there is something of its name. */
  public void createDirectory(Path folder) throws IOException {
    Files.createDirectory(folder);
  }

  /**
   * Makes a folder, and the one that it lies in, that nobody but this user can enter; what is there
   * already stays as it is.
   */
  public void createPrivateDirectories(Path folder) throws IOException {
    Path parent = folder.getParent();
    for (Path each : parent == null ? List.of(folder) : List.of(parent, folder)) {
      try {
        if (each.getFileSystem().supportedFileAttributeViews().contains("posix")) {
          Files.createDirectory(
              each,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
          Files.createDirectory(each);
        }
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          throw e;
        }
      }
    }
  }

  /**
   * Opens a file for writing.
   *
   * @param options as for {@link Files#newOutputStream}; none means create or truncate
   */
  public OutputStream newOutputStream(Path file, OpenOption... options) throws IOException {
    return Files.newOutputStream(file, options);
  }

  /**
   * Opens a file for writing at positions.
   *
   * @param options as for {@link FileChannel#open(Path, OpenOption...)}
   */
  public FileChannel openChannel(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, options);
  }

  /**
   * Opens a file for locking parts of it, making it if it is not there.
   *
   * <p>An asynchronous channel, because an interrupt of a thread that is in one of its methods does
   * not close it; closing it would drop all locks that the process has on the file.
   */
  public AsynchronousFileChannel openLockChannel(Path file) throws IOException {
    return AsynchronousFileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Writes a whole file, replacing what was there; made of {@link #newOutputStream}. */
  public void write(Path file, byte[] content) throws IOException {
    try (OutputStream out = newOutputStream(file)) {
      out.write(content);
    }
  }

  /**
   * Writes a whole text file in UTF-8, replacing what was there; made of {@link #newOutputStream}.
   */
  public void write(Path file, String content) throws IOException {
    write(file, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Puts a file in place such that others see the old content or all of the new, even after the
   * machine crashed; made of other operations. The folder must exist.
   */
  public void publish(Path file, byte[] content) throws IOException {
    publish(file, content, true);
  }

  /**
   * Puts a file in place such that others see the old content or all of the new, unless the machine
   * crashes, which may tear it or take it back: for content that tells by itself whether it is
   * whole, and need not wait for the disk. Made of other operations. The folder must exist.
   */
  public void publishUnforced(Path file, byte[] content) throws IOException {
    publish(file, content, false);
  }

  private void publish(Path file, byte[] content, boolean forced) throws IOException {
    Path temporary =
        file.resolveSibling(
            file.getFileName()
                + "."
                + ProcessHandle.current().pid()
                + "."
                + System.nanoTime()
                + ".tmp");
    try {
      write(temporary, content);
      if (forced) {
        force(temporary);
      }
      move(temporary, file);
    } catch (IOException e) {
      try {
        deleteIfExists(temporary);
      } catch (IOException e2) {
        e.addSuppressed(e2);
      }
      throw e;
    }
  }

  /**
   * Moves a file or folder within one file system, atomically; a file replaces a file that is
   * there.
   */
  public void move(Path source, Path target) throws IOException {
    try {
      Files.move(
          source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("Cannot move " + source + " to " + target + " in one step.", e);
    }
  }

  /** Gives an existing file one more name. */
  public void createLink(Path link, Path existing) throws IOException {
    Files.createLink(link, existing);
  }

  /** Makes a symbolic link; {@code target} is written as it is given. */
  public void createSymbolicLink(Path link, Path target) throws IOException {
    Files.createSymbolicLink(link, target);
  }

  /** Copies a file's content and times to a new file; fails if there is one. */
  public void copy(Path source, Path target) throws IOException {
    Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
  }

  /** Deletes a file or an empty folder, if it is there. */
  public boolean deleteIfExists(Path path) throws IOException {
    return Files.deleteIfExists(path);
  }

  /** Sets or clears the executable bits; does nothing where the file system has none. */
  public void setExecutable(Path file, boolean executable) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> wanted =
        EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OTHERS_READ);
    if (executable) {
      wanted.add(PosixFilePermission.OWNER_EXECUTE);
      wanted.add(PosixFilePermission.GROUP_EXECUTE);
      wanted.add(PosixFilePermission.OTHERS_EXECUTE);
    }
    Files.setPosixFilePermissions(file, wanted);
  }

  /** Sets when a file was last modified. */
  public void setLastModified(Path file, FileTime time) throws IOException {
    // two calls of the system; the JDK's newer way opens and closes the file too, but says what
    // went wrong
    boolean set =
        file.getFileSystem() == FileSystems.getDefault()
            && time.toMillis() >= 0
            && time.to(TimeUnit.NANOSECONDS) % 1_000_000 == 0
            && file.toFile().setLastModified(time.toMillis());
    if (!set) {
      Files.setLastModifiedTime(file, time);
    }
  }

  /** Waits until a file's content would survive a crash of the machine. */
  public void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Deletes a file or a folder with all that is in it, following no link; made of {@link
   * #deleteIfExists}. What cannot be deleted is reported in one exception after everything else is
   * gone.
   */
  public void deleteTree(Path root) throws IOException {
    IOException[] failure = new IOException[1];
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              return delete(file);
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              if (!(e instanceof NoSuchFileException)) {
                note(e);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
              return delete(folder);
            }

            private FileVisitResult delete(Path path) {
              try {
                deleteIfExists(path);
              } catch (IOException e) {
                note(e);
              }
              return FileVisitResult.CONTINUE;
            }

            private void note(IOException e) {
              if (failure[0] == null) {
                failure[0] = e;
              } else {
                failure[0].addSuppressed(e);
              }
            }
          });
    } catch (NoSuchFileException e) {
      return;
    }
    if (failure[0] != null) {
      throw failure[0];
    }
  }
}
