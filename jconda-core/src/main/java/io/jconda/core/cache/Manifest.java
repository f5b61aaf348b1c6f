package io.jconda.core.cache;

import io.jconda.core.cache.StoredFile.FileMode;
import io.jconda.core.cache.StoredFile.Kind;
import io.jconda.spec.NoarchType;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Is what the store knows of one package, and how it is written: the file whose presence says that
 * all of the package is there.
 *
 * <p>A binary format, so that a package that is there is found in well under a millisecond: a magic
 * number with the version, the archive's digest, size, name and URL, the boot of the machine in
 * which it was written, the facts, the paths, and at the end a check sum of all that. The paths are
 * only decoded when somebody asks for them.
 */
final class Manifest {
  /** {@code JCP} and the version of the format. */
  private static final int MAGIC = 'J' << 24 | 'C' << 16 | 'P' << 8 | 2;

  private static final int EXECUTABLE = 1;
  private static final int NO_LINK = 2;
  private static final int TIME_MATTERS = 4;
  private static final int HAS_DIGEST = 8;
  private static final int TEXT = 16;
  private static final int BINARY = 32;
  private static final int SYMLINK = 64;
  private static final int DIRECTORY = 128;

  private final Origin origin;
  private final String boot;
  private final PackageFacts facts;
  private volatile @Nullable ByteBuffer encodedFiles;
  private volatile @Nullable List<StoredFile> files;

  /**
   * Is the archive that a package came from.
   *
   * @param sha256 its SHA-256
   * @param size its length in bytes
   * @param fileName its name
   * @param url where it can be had again, without secrets
   */
  record Origin(String sha256, long size, String fileName, String url) {}

  /**
   * Describes a package.
   *
   * @param boot the boot of the machine whose crash could still tear its files; empty if none could
   */
  Manifest(Origin origin, String boot, PackageFacts facts, List<StoredFile> files) {
    this.origin = origin;
    this.boot = boot;
    this.facts = facts;
    this.files = List.copyOf(files);
  }

  private Manifest(Origin origin, String boot, PackageFacts facts, ByteBuffer encodedFiles) {
    this.origin = origin;
    this.boot = boot;
    this.facts = facts;
    this.encodedFiles = encodedFiles;
  }

  Origin origin() {
    return origin;
  }

  String sha256() {
    return origin.sha256();
  }

  long size() {
    return origin.size();
  }

  String boot() {
    return boot;
  }

  PackageFacts facts() {
    return facts;
  }

  List<StoredFile> files() {
    List<StoredFile> known = files;
    if (known != null) {
      return known;
    }
    synchronized (this) {
      ByteBuffer encoded = encodedFiles;
      if (encoded != null) {
        files = decodeFiles(encoded);
        encodedFiles = null;
      }
      return files == null ? List.of() : files;
    }
  }

  /** Returns the same package, known to have survived every boot but the given one. */
  Manifest withBoot(String newBoot) {
    return new Manifest(origin, newBoot, facts, files());
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.write(HexFormat.of().parseHex(origin.sha256()));
      out.writeLong(origin.size());
      write(out, origin.fileName());
      write(out, origin.url());
      write(out, boot);
      write(out, facts.indexJson());
      write(out, facts.noarch().map(NoarchType::name).orElse(""));
      write(out, facts.pythonSitePackagesPath().orElse(""));
      out.writeInt(facts.entryPoints().size());
      for (String entryPoint : facts.entryPoints()) {
        write(out, entryPoint);
      }
      List<StoredFile> all = files();
      out.writeInt(all.size());
      for (StoredFile file : all) {
        write(out, file);
      }
      out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void write(DataOutputStream out, StoredFile file) throws IOException {
    int flags =
        (file.executable() ? EXECUTABLE : 0)
            | (file.noLink() ? NO_LINK : 0)
            | (file.timeMatters() ? TIME_MATTERS : 0)
            | (file.sha256().isPresent() ? HAS_DIGEST : 0)
            | (file.fileMode().equals(Optional.of(FileMode.TEXT)) ? TEXT : 0)
            | (file.fileMode().equals(Optional.of(FileMode.BINARY)) ? BINARY : 0)
            | (file.kind() == Kind.SYMLINK ? SYMLINK : 0)
            | (file.kind() == Kind.DIRECTORY ? DIRECTORY : 0);
    out.writeByte(flags);
    write(out, file.path());
    if (file.sha256().isPresent()) {
      out.write(HexFormat.of().parseHex(file.sha256().get()));
    }
    out.writeLong(file.size());
    out.writeLong(file.modified().getEpochSecond());
    if (file.placeholder().isPresent()) {
      write(out, file.placeholder().get());
    }
    if (file.target().isPresent()) {
      write(out, file.target().get());
    }
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @return the manifest; nothing if it is torn, of another version or no manifest at all
   */
  static Optional<Manifest> decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int end = bytes.length - Integer.BYTES;
    if (end < Integer.BYTES || in.getInt(0) != MAGIC || in.getInt(end) != checksum(bytes, end)) {
      return Optional.empty();
    }
    in.position(Integer.BYTES);
    in.limit(end);
    Origin origin = new Origin(digest(in), in.getLong(), text(in), text(in));
    String boot = text(in);
    String indexJson = text(in);
    Optional<NoarchType> noarch = optional(text(in)).map(NoarchType::valueOf);
    Optional<String> sitePackages = optional(text(in));
    List<String> entryPoints = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      entryPoints.add(text(in));
    }
    PackageFacts facts =
        new PackageFacts(indexJson, noarch, List.copyOf(entryPoints), sitePackages);
    return Optional.of(new Manifest(origin, boot, facts, in.slice()));
  }

  private static List<StoredFile> decodeFiles(ByteBuffer in) {
    int count = in.getInt();
    List<StoredFile> files = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      files.add(file(in));
    }
    return List.copyOf(files);
  }

  private static StoredFile file(ByteBuffer in) {
    int flags = in.get();
    Kind kind =
        (flags & SYMLINK) != 0
            ? Kind.SYMLINK
            : (flags & DIRECTORY) != 0 ? Kind.DIRECTORY : Kind.FILE;
    StoredFile.Builder file =
        StoredFile.builder(text(in), kind)
            .executable((flags & EXECUTABLE) != 0)
            .noLink((flags & NO_LINK) != 0)
            .timeMatters((flags & TIME_MATTERS) != 0);
    if ((flags & HAS_DIGEST) != 0) {
      file.sha256(digest(in));
    }
    file.size(in.getLong()).modified(Instant.ofEpochSecond(in.getLong()));
    if ((flags & (TEXT | BINARY)) != 0) {
      file.placeholder(text(in), (flags & TEXT) != 0 ? FileMode.TEXT : FileMode.BINARY);
    }
    if (kind == Kind.SYMLINK) {
      file.target(text(in));
    }
    return file.build();
  }

  private static String digest(ByteBuffer in) {
    byte[] digest = new byte[32];
    in.get(digest);
    return HexFormat.of().formatHex(digest);
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Optional<String> optional(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
