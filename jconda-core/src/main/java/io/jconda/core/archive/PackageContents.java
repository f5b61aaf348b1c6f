package io.jconda.core.archive;

import io.jconda.StorageException;
import io.jconda.build.PackageDescription;
import io.jconda.build.PackageFile;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks through the files of a package that is to be built, once, before any is written. */
final class PackageContents {
  /** What conda's tools say of a link that leads nowhere in its package. */
  private static final Measured EMPTY = new Measured(0, Hashes.sha256(new byte[0]), null, false);

  private final PackageDescription description;
  private final OperationContext context;
  private final Map<String, Measured> measured = new TreeMap<>();

  /**
   * What a file was found to be.
   *
   * @param size its length in bytes
   * @param sha256 its SHA-256 in lower-case hex
   * @param placeholder the placeholder in it, if there is one
   * @param binary whether it has a byte of zero
   */
  record Measured(long size, String sha256, @Nullable String placeholder, boolean binary) {}

  PackageContents(PackageDescription description, OperationContext context) {
    this.description = description;
    this.context = context;
  }

  /** Reads every file; a link is measured as the file of this package that it leads to. */
  Map<String, Measured> measure() {
    description
        .files()
        .forEach(
            (path, file) -> {
              context.checkpoint();
              if (file.linkTarget().isEmpty()) {
                measured.put(path, read(path, file));
              }
            });
    description
        .files()
        .forEach(
            (path, file) -> {
              if (file.linkTarget().isPresent()) {
                measured.put(path, follow(path).orElse(EMPTY));
              }
            });
    return measured;
  }

  private Optional<Measured> follow(String path) {
    String at = path;
    for (int steps = 0; steps < description.files().size(); steps++) {
      PackageFile file = description.files().get(at);
      if (file == null) {
        return Optional.empty();
      }
      if (file.linkTarget().isEmpty()) {
        Measured target = measured.get(at);
        return target == null
            ? Optional.empty()
            : Optional.of(new Measured(target.size, target.sha256, null, false));
      }
      Path folder = Path.of(at).getParent();
      Path next =
          (folder == null ? Path.of("") : folder).resolve(file.linkTarget().get()).normalize();
      at = next.toString().replace('\\', '/');
    }
    return Optional.empty();
  }

  private Measured read(String path, PackageFile file) {
    MessageDigest digest = Hashes.sha256();
    List<PlaceholderSearch> searches = new ArrayList<>();
    for (String placeholder : description.placeholders()) {
      searches.add(new PlaceholderSearch(placeholder));
    }
    long size = 0;
    boolean binary = false;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = file.open()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        size += count;
        digest.update(buffer, 0, count);
        for (int i = 0; i < count && !binary; i++) {
          binary = buffer[i] == 0;
        }
        for (PlaceholderSearch search : searches) {
          search.feed(buffer, count);
        }
      }
    } catch (IOException e) {
      throw unreadable(path, file, e);
    }
    String found = null;
    for (PlaceholderSearch search : searches) {
      if (search.found && found == null) {
        found = search.placeholder;
      }
    }
    return new Measured(size, Hashes.hex(digest), found, binary);
  }

  static StorageException unreadable(String path, PackageFile file, IOException e) {
    return DiskFailure.explain(
        "read the file '" + path + "' of the package", file.source().orElse(Path.of(path)), e);
  }

  /** Finds a text in a stream of buffers (Knuth, Morris and Pratt). */
  private static final class PlaceholderSearch {
    private final String placeholder;
    private final byte[] wanted;
    private final int[] border;
    private int matched;
    private boolean found;

    PlaceholderSearch(String placeholder) {
      this.placeholder = placeholder;
      this.wanted = placeholder.getBytes(StandardCharsets.UTF_8);
      this.border = new int[wanted.length];
      for (int i = 1, length = 0; i < wanted.length; i++) {
        while (length > 0 && wanted[i] != wanted[length]) {
          length = border[length - 1];
        }
        length += wanted[i] == wanted[length] ? 1 : 0;
        border[i] = length;
      }
    }

    void feed(byte[] buffer, int count) {
      for (int i = 0; i < count && !found; i++) {
        while (matched > 0 && buffer[i] != wanted[matched]) {
          matched = border[matched - 1];
        }
        matched += buffer[i] == wanted[matched] ? 1 : 0;
        found = matched == wanted.length;
      }
    }
  }
}
