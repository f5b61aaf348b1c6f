package io.jconda.core.link;

import io.jconda.LinkMode;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.cache.StoredFile;
import io.jconda.core.host.Disk;
import io.jconda.core.prefix.PathType;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts single files into place: by hard link where the file system can, else by copy, rewritten
 * where a file holds a placeholder. A file that lies there already makes way. Thread-safe.
 */
final class FilePlacer {
  private static final Logger LOG = LoggerFactory.getLogger(FilePlacer.class);

  private final LinkTarget target;
  private final PackageCache cache;
  private final Disk disk;

  /** Whether the file system of the prefix takes hard links from the cache: found out once. */
  private volatile boolean hardLinks;

  private volatile boolean linkedOnce;

  FilePlacer(LinkTarget target, PackageCache cache, Disk disk) {
    this.target = target;
    this.cache = cache;
    this.disk = disk;
    this.hardLinks = target.mode() == LinkMode.HARD;
  }

  /** Tells how a path came. */
  enum How {
    LINKED,
    COPIED,
    PATCHED,
    /** Patched, and a program of macOS whose signature does not fit any more. */
    UNSIGNED,
    /** A folder, a symbolic link, or what another package has. */
    OTHERWISE
  }

  /** Is what became of a path. */
  record Result(PrefixPath path, How how) {}

  boolean linksHard() {
    return hardLinks;
  }

  /** Puts one path where it belongs; its folder must be there. */
  Result put(Seats.Place place, Path path, OperationContext context) throws IOException {
    if (!place.isTaken()) {
      return new Result(claim(place, context), How.OTHERWISE);
    }
    if (place.entry instanceof LayoutEntry.Made made) {
      return make(made, path, place);
    }
    LayoutEntry.Stored entry = (LayoutEntry.Stored) place.entry;
    StoredFile file = entry.file();
    return switch (file.kind()) {
      case DIRECTORY ->
          new Result(PrefixPath.builder(entry.path(), PathType.DIRECTORY).build(), How.OTHERWISE);
      case SYMLINK -> {
        Path text = Path.of(file.target().orElseThrow());
        over(place, path, () -> disk.createSymbolicLink(path, text));
        yield new Result(describe(entry, PathType.SOFTLINK).build(), How.OTHERWISE);
      }
      case FILE -> {
        Path source = cache.usable(place.layout.stored(), file, context);
        yield file.placeholder().isPresent()
            ? patch(entry, source, path, place)
            : transfer(entry, source, path, place, context);
      }
    };
  }

  /** Another package's file lies there; this one's is described as it would have come. */
  private PrefixPath claim(Seats.Place place, OperationContext context) throws IOException {
    if (place.entry instanceof LayoutEntry.Made made) {
      return describe(made);
    }
    LayoutEntry.Stored stored = (LayoutEntry.Stored) place.entry;
    return switch (stored.file().kind()) {
      case DIRECTORY -> PrefixPath.builder(stored.path(), PathType.DIRECTORY).build();
      case SYMLINK -> describe(stored, PathType.SOFTLINK).build();
      case FILE -> claimFile(stored, place, context);
    };
  }

  private PrefixPath claimFile(
      LayoutEntry.Stored entry, Seats.Place place, OperationContext context) throws IOException {
    StoredFile file = entry.file();
    PrefixPath.Builder described = describe(entry, PathType.HARDLINK);
    if (file.placeholder().isEmpty()) {
      file.sha256().ifPresent(described::sha256InPrefix);
      return described.build();
    }
    String placeholder = file.placeholder().get();
    boolean binary = file.fileMode().orElseThrow() == StoredFile.FileMode.BINARY;
    FilePatch patch = new FilePatch(target.rewrite(placeholder), binary, disk);
    Path source = cache.usable(place.layout.stored(), file, context);
    described.placeholder(placeholder, binary).sha256InPrefix(patch.digest(source, file.size()));
    return described.build();
  }

  private static PrefixPath describe(LayoutEntry.Made made) {
    return PrefixPath.builder(made.path(), made.type())
        .sha256InPrefix(Hashes.sha256(made.content()))
        .size(made.content().length)
        .build();
  }

  private static PrefixPath.Builder describe(LayoutEntry.Stored entry, PathType type) {
    StoredFile file = entry.file();
    PrefixPath.Builder path =
        PrefixPath.builder(entry.path(), type).size(file.size()).noLink(file.noLink());
    file.sha256().ifPresent(path::sha256);
    return path;
  }

  // ---- whole files

  private Result transfer(
      LayoutEntry.Stored entry, Path source, Path path, Seats.Place place, OperationContext context)
      throws IOException {
    StoredFile file = entry.file();
    boolean linked =
        hardLinks && cache.mayLink(file) && tryLink(file, source, path, place, context);
    if (!linked) {
      over(place, path, () -> disk.copy(source, path));
      disk.setExecutable(path, file.executable());
    }
    PrefixPath.Builder described = describe(entry, PathType.HARDLINK);
    file.sha256().ifPresent(described::sha256InPrefix);
    return new Result(described.build(), linked ? How.LINKED : How.COPIED);
  }

  private boolean tryLink(
      StoredFile file, Path source, Path path, Seats.Place place, OperationContext context)
      throws IOException {
    try {
      over(place, path, () -> disk.createLink(path, source));
    } catch (FileSystemException e) {
      if (!isOneNameTooMany(e)) {
        LOG.debug("No hard link to {}: {}", path, e.toString());
        // the first refusal is the file system's; a later one is this file's
        hardLinks = linkedOnce;
        return false;
      }
      Path renewed = cache.renewed(place.layout.stored(), file, context);
      over(place, path, () -> disk.createLink(path, renewed));
    } catch (UnsupportedOperationException e) {
      LOG.debug("No hard links at {}", path, e);
      hardLinks = false;
      return false;
    }
    linkedOnce = true;
    return true;
  }

  /** A file system has a limit to the names of one file: 65,000 on ext4, 1,024 on NTFS. */
  private static boolean isOneNameTooMany(FileSystemException failure) {
    String reason = String.valueOf(failure.getReason()).toLowerCase(Locale.ROOT);
    return reason.contains("too many links");
  }

  // ---- files that are written

  private Result patch(LayoutEntry.Stored entry, Path source, Path path, Seats.Place place)
      throws IOException {
    StoredFile file = entry.file();
    String placeholder = file.placeholder().orElseThrow();
    boolean binary = file.fileMode().orElseThrow() == StoredFile.FileMode.BINARY;
    FilePatch patch = new FilePatch(target.rewrite(placeholder), binary, disk);
    FilePatch.Outcome[] outcome = new FilePatch.Outcome[1];
    over(place, path, () -> outcome[0] = patch.write(source, file.size(), path));
    disk.setExecutable(path, file.executable());
    PrefixPath described =
        describe(entry, PathType.HARDLINK)
            .placeholder(placeholder, binary)
            .sha256InPrefix(outcome[0].sha256())
            .build();
    return new Result(described, outcome[0].machO() ? How.UNSIGNED : How.PATCHED);
  }

  private Result make(LayoutEntry.Made made, Path path, Seats.Place place) throws IOException {
    over(place, path, () -> write(path, made.content()));
    disk.setExecutable(path, made.executable());
    return new Result(describe(made), How.PATCHED);
  }

  private void write(Path path, byte[] content) throws IOException {
    try (OutputStream out =
        disk.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      out.write(content);
    }
  }

  /** Writes something where nothing should lie; if something does, it makes way. */
  private interface Writing {
    void run() throws IOException;
  }

  private void over(Seats.Place place, Path path, Writing writing) throws IOException {
    try {
      writing.run();
    } catch (FileAlreadyExistsException e) {
      LOG.debug("{} is overwritten by {}", path, place.layout.owner(), e);
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw InsidePrefix.refused(
            place.entry.path(),
            place.layout.owner(),
            "another package, or somebody, has a folder where it wants a file");
      }
      disk.deleteIfExists(path);
      writing.run();
    }
  }
}
