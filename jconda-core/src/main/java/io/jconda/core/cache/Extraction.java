package io.jconda.core.cache;

import io.jconda.core.archive.EntryVisitor;
import io.jconda.core.archive.FileEntry;
import io.jconda.core.cache.StoredFile.Kind;
import io.jconda.core.host.Disk;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the files of one archive into a temporary folder under numbers, hashing them on the way.
 *
 * <p>Nothing here is under the name that it has in the package, so the names that are possible in a
 * package need not be possible on this machine.
 */
final class Extraction implements EntryVisitor {
  /** Archives are made of many small files: one buffer, and no stream on top, serves them all. */
  private final byte[] buffer = new byte[1 << 17];

  private final Path folder;
  private final Disk disk;
  private final OperationContext context;
  private final PackageInfo info;
  private final MessageDigest digest = Hashes.sha256();
  private final Map<String, StoredFile> found = new LinkedHashMap<>();
  private final Map<String, Path> places = new LinkedHashMap<>();

  Extraction(Path folder, Disk disk, PackageInfo info, OperationContext context) {
    this.folder = folder;
    this.disk = disk;
    this.info = info;
    this.context = context;
  }

  /** Returns what the archive holds outside {@code info/}, in its order. */
  Map<String, StoredFile> found() {
    return found;
  }

  /** Returns where the content of a file of the archive was put. */
  Path place(String path) {
    Path place = places.get(path);
    if (place == null) {
      throw new IllegalArgumentException("No file of the archive: " + path);
    }
    return place;
  }

  private static boolean isInfo(String path) {
    return path.equals("info") || path.startsWith("info/");
  }

  @Override
  public void directory(String path) {
    if (!isInfo(path)) {
      found.putIfAbsent(path, StoredFile.builder(path, Kind.DIRECTORY).build());
    }
  }

  @Override
  public void file(FileEntry entry, InputStream content) throws IOException {
    context.checkpoint();
    if (PackageInfo.wants(entry.path())) {
      info.add(entry.path(), content);
      return;
    }
    if (isInfo(entry.path())) {
      return;
    }
    Path place = folder.resolve(Integer.toString(places.size()));
    long size = store(content, place);
    found.put(
        entry.path(),
        StoredFile.builder(entry.path(), Kind.FILE)
            .sha256(Hashes.hex(digest))
            .size(size)
            .executable(entry.executable())
            .modified(wholeSeconds(entry.modified()))
            .build());
    places.put(entry.path(), place);
  }

  private long store(InputStream content, Path place) throws IOException {
    long size = 0;
    try (OutputStream out = StoreOutput.create(place, disk)) {
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        digest.update(buffer, 0, count);
        out.write(buffer, 0, count);
        size += count;
        context.checkpoint();
      }
    }
    return size;
  }

  @Override
  public void symbolicLink(String path, String target) {
    if (!isInfo(path)) {
      found.put(path, StoredFile.builder(path, Kind.SYMLINK).target(target).build());
    }
  }

  @Override
  public void hardLink(String path, String existingPath) {
    StoredFile existing = found.get(existingPath);
    if (isInfo(path) || existing == null) {
      return;
    }
    found.put(
        path,
        StoredFile.builder(path, Kind.FILE)
            .sha256(existing.sha256().orElseThrow())
            .size(existing.size())
            .executable(existing.executable())
            .modified(existing.modified())
            .build());
    places.put(path, place(existingPath));
  }

  /** Not every file system keeps more, and none keeps what lies before 1970 reliably. */
  private static Instant wholeSeconds(Instant time) {
    long seconds = Math.max(0, Math.min(time.getEpochSecond(), 0xffff_ffffL));
    return Instant.ofEpochSecond(seconds);
  }
}
