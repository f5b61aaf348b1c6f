package io.jconda.core.install;

import io.jconda.core.host.Disk;
import io.jconda.core.host.FolderLock;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names the folders beside a prefix that hold what is not it yet, or not any more, and clears up
 * what a process left there that was ended. Whoever clears up holds the prefix's lock, so nobody
 * else is at work on them.
 */
final class Siblings {
  /** Tells what a folder beside a prefix is. */
  enum Role {
    /** A prefix that is being built. */
    TMP,
    /** The prefix that a new one takes the place of: put back if that did not come. */
    OLD,
    /** A prefix that was removed, and is being deleted. */
    GONE
  }

  private final Path prefix;
  private final Disk disk;

  Siblings(Path prefix, Disk disk) {
    this.prefix = prefix;
    this.disk = disk;
  }

  /** Returns a name that nothing has. */
  Path name(Role role) {
    long random = ThreadLocalRandom.current().nextLong();
    return prefix.resolveSibling(
        start(role) + prefix.getFileName() + "-" + HexFormat.of().toHexDigits(random));
  }

  private static String start(Role role) {
    return switch (role) {
      case TMP -> ".jconda-tmp-";
      case OLD -> ".jconda-old-";
      case GONE -> ".jconda-gone-";
    };
  }

  /** Tells whether a name is one that {@link #name} could have given. */
  private boolean isNamed(Role role, String name) {
    String begin = start(role) + prefix.getFileName() + "-";
    if (!name.startsWith(begin) || name.length() != begin.length() + Long.BYTES * 2) {
      return false;
    }
    for (int i = begin.length(); i < name.length(); i++) {
      if ("0123456789abcdef".indexOf(name.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the folders of a role that lie there. */
  List<Path> find(Role role) throws IOException {
    Path parent = prefix.getParent();
    List<Path> found = new ArrayList<>();
    if (parent == null) {
      return found;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
      for (Path entry : entries) {
        if (isNamed(role, String.valueOf(entry.getFileName()))) {
          found.add(entry);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return found;
    }
    return found;
  }

  /** Takes away a prefix that does not count, so that what it replaced can come back. */
  void discard() throws IOException {
    disk.move(prefix, name(Role.GONE));
  }

  /** Undoes or completes what was left: one whole prefix is there afterwards, or none. */
  void recover() throws IOException {
    for (Path old : find(Role.OLD)) {
      if (!Files.exists(prefix, LinkOption.NOFOLLOW_LINKS)) {
        // takes along what a killed writer left of its lock
        FolderLock.in(PrefixRecords.notesFolder(old), disk)
            .acquire(OperationContext.silent())
            .close();
        disk.move(old, prefix);
      } else {
        disk.deleteTree(old);
      }
    }
    for (Path half : find(Role.TMP)) {
      disk.deleteTree(half);
    }
    for (Path gone : find(Role.GONE)) {
      disk.deleteTree(gone);
    }
  }
}
