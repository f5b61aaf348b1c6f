package io.jconda.core.cache;

import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.OperationContext;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks through a store, whatever state it is in; writes nothing. For one thread. */
final class StoreSurvey {
  private final Store store;
  private final OperationContext context;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Path> remains = new ArrayList<>();
  private final List<Path> aliases = new ArrayList<>();
  private final ContentKeys keys = new ContentKeys();

  /**
   * A package of the store.
   *
   * @param file where its manifest lies
   * @param lastUsed when somebody last asked for it, to the day; never in the future
   */
  record Entry(Manifest manifest, Path file, Instant lastUsed) {}

  /**
   * A file of the store.
   *
   * @param path where it lies
   * @param name its path below its folder, without separators
   * @param size its length in bytes
   * @param names how many names it has, -1 if the file system does not tell
   */
  record Item(Path path, String name, long size, int names) {
    /** Tells whether somebody but the store has it. */
    boolean isLinked() {
      return names > 1;
    }
  }

  /** Sees one file after the other. */
  interface Visitor {
    void see(Item item) throws IOException;
  }

  private StoreSurvey(Store store, OperationContext context) {
    this.store = store;
    this.context = context;
  }

  /** Reads all manifests of a store. */
  static StoreSurvey of(Store store, OperationContext context) {
    StoreSurvey survey = new StoreSurvey(store, context);
    survey.readManifests();
    return survey;
  }

  private void readManifests() {
    StoreLayout layout = store.layout();
    Instant now = Instant.now();
    walk(
        layout.packages(),
        item -> {
          if (Digests.isSha256(item.name())) {
            Optional<Manifest> manifest = store.manifests().read(item.name());
            if (manifest.isPresent()) {
              Instant used = Files.getLastModifiedTime(item.path()).toInstant();
              entries.add(new Entry(manifest.get(), item.path(), used.isAfter(now) ? now : used));
              keys.add(manifest.get());
            } else {
              remains.add(item.path());
            }
          } else if (isAlias(item.name())) {
            aliases.add(item.path());
          } else {
            remains.add(item.path());
          }
        });
  }

  private static boolean isAlias(String name) {
    return (name.startsWith("md5") && Digests.isMd5(name.substring(3)))
        || (name.startsWith("url") && Digests.isSha256(name.substring(3)));
  }

  /** Returns the packages that are whole as far as their manifests tell. */
  List<Entry> entries() {
    return entries;
  }

  /** Returns what was to become a manifest and is none. */
  List<Path> remains() {
    return remains;
  }

  /** Returns the notes on what records without a SHA-256 mean. */
  List<Path> aliases() {
    return aliases;
  }

  /** Returns how many packages have each content. */
  ContentKeys keys() {
    return keys;
  }

  /** Shows all contents; what has the name of none is shown too. */
  void contents(Visitor visitor) {
    walk(store.layout().files(), visitor);
  }

  /** Shows all kept archives. */
  void archives(Visitor visitor) {
    walk(store.layout().archives(), visitor);
  }

  /** Shows what killed processes left, if nobody is at work. */
  void temporary(Visitor visitor) {
    walk(store.layout().tmp(), visitor);
  }

  /** Tells whether a name is that of a content. */
  static boolean isContent(String name) {
    return name.length() >= 64 && Digests.isSha256(name.substring(0, 64));
  }

  /**
   * Tells whether an environment shares files with a package: one that no other package has, or, if
   * there is none such, every one that could be shared.
   */
  boolean isLinked(Manifest manifest) {
    boolean any = false;
    boolean all = true;
    for (StoredFile file : manifest.files()) {
      if (!PackageCache.isShared(file)) {
        continue;
      }
      boolean linked = item(store.path(file), store.layout().files()).isLinked();
      if (linked && keys.count(StoreLayout.contentName(file)) == 1) {
        return true;
      }
      any = true;
      all &= linked;
    }
    return any && all;
  }

  private void walk(Path folder, Visitor visitor) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              context.checkpoint();
              visitor.see(item(file, folder));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }
          });
    } catch (NoSuchFileException | NotDirectoryException e) {
      // there is nothing of that kind yet
      return;
    } catch (IOException e) {
      throw DiskFailure.explain("look through the package cache", folder, e);
    }
  }

  private static Item item(Path file, Path folder) {
    String name = folder.relativize(file).toString().replace(File.separator, "");
    try {
      if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
        Map<String, Object> read =
            Files.readAttributes(file, "unix:size,nlink", LinkOption.NOFOLLOW_LINKS);
        return new Item(
            file,
            name,
            ((Number) read.getOrDefault("size", 0L)).longValue(),
            ((Number) read.getOrDefault("nlink", -1)).intValue());
      }
      return new Item(file, name, Files.size(file), -1);
    } catch (NoSuchFileException e) {
      return new Item(file, name, 0, 0);
    } catch (IOException e) {
      throw DiskFailure.explain("look through the package cache", file, e);
    }
  }
}
