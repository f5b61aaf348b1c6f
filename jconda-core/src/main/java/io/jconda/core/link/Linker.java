package io.jconda.core.link;

import io.jconda.LinkMode;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.cache.StoredFile;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.prefix.LinkType;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts packages into one prefix: by hard link where the file system can, else by copy, rewritten
 * where a file holds a placeholder.
 *
 * <p>A path that is there already is replaced: of two packages that bring the same path the one
 * that is linked later wins, as with conda. Not safe to share between threads; made for one
 * transaction.
 */
public final class Linker {
  private static final Logger LOG = LoggerFactory.getLogger(Linker.class);

  private final LinkTarget target;
  private final PackageCache cache;
  private final Disk disk;
  private final PrefixFolders folders;
  private final MachOSigner signer;

  /** Whether the file system of the prefix takes hard links from the cache: found out once. */
  private boolean hardLinks;

  private boolean linkedOnce;

  /**
   * Makes a linker.
   *
   * @param target what is linked into
   * @param cache where the packages' files lie
   * @param disk what writes
   */
  public Linker(LinkTarget target, PackageCache cache, Disk disk) {
    this.target = target;
    this.cache = cache;
    this.disk = disk;
    this.folders = new PrefixFolders(target.root(), disk);
    this.signer = new MachOSigner(target.platform());
    this.hardLinks = target.mode() == LinkMode.HARD;
  }

  /** Tells whether files come by hard link, as far as that was tried. */
  public boolean linksHard() {
    return hardLinks;
  }

  /**
   * Puts a package into the prefix; blocks. After a failure some of its paths may be there.
   *
   * @param layout where its paths go
   * @param context stops it and hears of it
   * @return what was put there
   * @throws io.jconda.InstallException if a link of another package leads a path out of the prefix,
   *     or a file stands where a folder is wanted or the other way round
   * @throws io.jconda.StorageException if the disk refuses
   */
  public LinkedPackage link(PackageLayout layout, OperationContext context) {
    Counts counts = new Counts();
    List<PrefixPath> paths = new ArrayList<>(layout.entries().size());
    List<Path> patchedBinaries = new ArrayList<>();
    for (LayoutEntry entry : layout.entries()) {
      context.checkpoint();
      if (layout.yielded().contains(entry.path())) {
        paths.add(claim(entry));
        continue;
      }
      Path path = target.root().resolve(entry.path());
      try {
        folders.make(PrefixFolders.parent(entry.path()), layout.owner());
        if (entry instanceof LayoutEntry.Stored stored) {
          paths.add(put(stored, path, layout, counts, patchedBinaries, context));
        } else if (entry instanceof LayoutEntry.Made made) {
          paths.add(make(made, path, layout));
          counts.patched++;
        }
      } catch (IOException e) {
        throw DiskFailure.explain("link the package " + layout.owner(), path, e);
      }
    }
    signer.sign(patchedBinaries, context);
    return new LinkedPackage(
        withFinalDigests(paths, patchedBinaries),
        hardLinks ? LinkType.HARD : LinkType.COPY,
        counts.linked,
        counts.copied,
        counts.patched);
  }

  /** Counts the files of one package. */
  private static final class Counts {
    private int linked;
    private int copied;
    private int patched;
  }

  private PrefixPath put(
      LayoutEntry.Stored entry,
      Path path,
      PackageLayout layout,
      Counts counts,
      List<Path> patchedBinaries,
      OperationContext context)
      throws IOException {
    StoredFile file = entry.file();
    switch (file.kind()) {
      case DIRECTORY -> {
        folders.make(entry.path(), layout.owner());
        return PrefixPath.builder(entry.path(), PathType.DIRECTORY).build();
      }
      case SYMLINK -> {
        clear(path, entry.path(), layout);
        disk.createSymbolicLink(path, Path.of(file.target().orElseThrow()));
        folders.forget();
        return describe(entry, PathType.SOFTLINK).build();
      }
      case FILE -> {
        Path source = cache.usable(layout.stored(), file, context);
        if (file.placeholder().isPresent()) {
          return patch(entry, source, path, layout, counts, patchedBinaries);
        }
        transfer(new Transfer(file, source, path, entry.path()), layout, counts, context);
        PrefixPath.Builder described = describe(entry, PathType.HARDLINK);
        file.sha256().ifPresent(described::sha256InPrefix);
        return described.build();
      }
    }
    throw new IllegalStateException("There are no other kinds.");
  }

  /** Another package's file lies there; this one's is described as it would have come. */
  private static PrefixPath claim(LayoutEntry entry) {
    if (entry instanceof LayoutEntry.Made made) {
      return PrefixPath.builder(made.path(), made.type()).build();
    }
    LayoutEntry.Stored stored = (LayoutEntry.Stored) entry;
    return switch (stored.file().kind()) {
      case DIRECTORY -> PrefixPath.builder(stored.path(), PathType.DIRECTORY).build();
      case SYMLINK -> describe(stored, PathType.SOFTLINK).build();
      case FILE -> describe(stored, PathType.HARDLINK).build();
    };
  }

  private static PrefixPath.Builder describe(LayoutEntry.Stored entry, PathType type) {
    StoredFile file = entry.file();
    PrefixPath.Builder path =
        PrefixPath.builder(entry.path(), type).size(file.size()).noLink(file.noLink());
    file.sha256().ifPresent(path::sha256);
    return path;
  }

  /**
   * Is a file on its way.
   *
   * @param file what it is
   * @param source where its content lies
   * @param path where it goes
   * @param relative the same, relative to the prefix
   */
  private record Transfer(StoredFile file, Path source, Path path, String relative) {}

  private void transfer(
      Transfer transfer, PackageLayout layout, Counts counts, OperationContext context)
      throws IOException {
    if (hardLinks && cache.mayLink(transfer.file()) && tryLink(transfer, layout, context)) {
      counts.linked++;
      return;
    }
    clear(transfer.path(), transfer.relative(), layout);
    disk.copy(transfer.source(), transfer.path());
    disk.setExecutable(transfer.path(), transfer.file().executable());
    counts.copied++;
  }

  private boolean tryLink(Transfer transfer, PackageLayout layout, OperationContext context)
      throws IOException {
    try {
      createLink(transfer, transfer.source(), layout);
    } catch (FileSystemException e) {
      if (!isOneNameTooMany(e)) {
        LOG.debug("No hard link to {}: {}", transfer.path(), e.toString());
        // the first refusal is the file system's; a later one is this file's
        hardLinks = linkedOnce;
        return false;
      }
      createLink(transfer, cache.renewed(layout.stored(), transfer.file(), context), layout);
    } catch (UnsupportedOperationException e) {
      LOG.debug("No hard links at {}", transfer.path(), e);
      hardLinks = false;
      return false;
    }
    linkedOnce = true;
    return true;
  }

  private void createLink(Transfer transfer, Path source, PackageLayout layout) throws IOException {
    try {
      disk.createLink(transfer.path(), source);
    } catch (FileAlreadyExistsException e) {
      LOG.debug("{} is overwritten by {}", transfer.path(), layout.owner(), e);
      clear(transfer.path(), transfer.relative(), layout);
      disk.createLink(transfer.path(), source);
    }
  }

  /** A file system has a limit to the names of one file: 65,000 on ext4, 1,024 on NTFS. */
  private static boolean isOneNameTooMany(FileSystemException failure) {
    String reason = String.valueOf(failure.getReason()).toLowerCase(Locale.ROOT);
    return reason.contains("too many links");
  }

  private PrefixPath patch(
      LayoutEntry.Stored entry,
      Path source,
      Path path,
      PackageLayout layout,
      Counts counts,
      List<Path> patchedBinaries)
      throws IOException {
    StoredFile file = entry.file();
    String placeholder = file.placeholder().orElseThrow();
    boolean binary = file.fileMode().orElseThrow() == StoredFile.FileMode.BINARY;
    PrefixRewrite rewrite = PackageLayout.rewrite(placeholder, target);
    byte[] content = Files.readAllBytes(source);
    byte[] changed = binary ? rewrite.binary(content) : rewrite.text(content);
    clear(path, entry.path(), layout);
    write(path, changed, file.executable());
    if (binary && MachOSigner.isMachO(changed)) {
      patchedBinaries.add(path);
    }
    counts.patched++;
    return describe(entry, PathType.HARDLINK)
        .placeholder(placeholder, binary)
        .sha256InPrefix(Hashes.sha256(changed))
        .build();
  }

  private PrefixPath make(LayoutEntry.Made made, Path path, PackageLayout layout)
      throws IOException {
    clear(path, made.path(), layout);
    write(path, made.content(), made.executable());
    return PrefixPath.builder(made.path(), made.type())
        .sha256InPrefix(Hashes.sha256(made.content()))
        .build();
  }

  private void write(Path path, byte[] content, boolean executable) throws IOException {
    try (OutputStream out =
        disk.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      out.write(content);
    }
    disk.setExecutable(path, executable);
  }

  /** Makes room: an earlier package's file goes, a folder with anything in it stays. */
  private void clear(Path path, String relative, PackageLayout layout) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw InsidePrefix.refused(
          relative,
          layout.owner(),
          "another package, or somebody, has a folder where it wants a file");
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      disk.deleteIfExists(path);
    }
  }

  /** A signature is part of a file, so what was signed is hashed anew. */
  private List<PrefixPath> withFinalDigests(List<PrefixPath> paths, List<Path> changed) {
    if (changed.isEmpty() || !signer.signs()) {
      return paths;
    }
    List<PrefixPath> result = new ArrayList<>(paths.size());
    for (PrefixPath path : paths) {
      Path file = target.root().resolve(path.path());
      result.add(changed.contains(file) ? signed(path, file) : path);
    }
    return result;
  }

  private static PrefixPath signed(PrefixPath path, Path file) {
    PrefixPath.Builder anew = PrefixPath.builder(path.path(), path.type()).noLink(path.noLink());
    path.sha256().ifPresent(anew::sha256);
    path.size().ifPresent(anew::size);
    path.placeholder().ifPresent(text -> anew.placeholder(text, path.binary()));
    try {
      return anew.sha256InPrefix(Hashes.sha256(file)).build();
    } catch (IOException e) {
      throw DiskFailure.explain("read a file that was signed", file, e);
    }
  }
}
