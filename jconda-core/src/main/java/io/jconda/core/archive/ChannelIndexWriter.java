package io.jconda.core.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import io.jconda.IntegrityException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes the index files of a channel (CEP-36) from the packages in its folders. Thread-safe. */
public final class ChannelIndexWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ZSTD_LEVEL = 16;
  private static final String PACKAGES = "packages";
  private static final String PACKAGES_CONDA = "packages.conda";

  private final Disk disk;
  private final OperationContext context;

  /** Makes a writer on a disk. */
  public ChannelIndexWriter(Disk disk, OperationContext context) {
    this.disk = disk;
    this.context = context;
  }

  /**
   * Reads every package of a channel, and then writes {@code repodata.json} and {@code
   * repodata.json.zst} of each subdir that there is, and of {@code noarch} in any case. Blocks.
   * Each file is replaced in one step.
   *
   * @throws IntegrityException if a package is torn, or named otherwise than what it says that it
   *     is
   * @throws io.jconda.StorageException if a file cannot be read or written
   */
  public void write(Path channelFolder) {
    Map<Path, byte[]> indexes = new LinkedHashMap<>();
    for (Platform platform : Platform.values()) {
      Path folder = channelFolder.resolve(platform.subdir());
      if (platform == Platform.NOARCH || Files.isDirectory(folder)) {
        indexes.put(folder, index(folder, platform));
      }
    }
    indexes.forEach(this::publish);
  }

  /** Makes the index of a subdir without packages. */
  public static ObjectNode emptyIndex(Platform platform) {
    ObjectNode index = JSON.createObjectNode();
    index.putObject("info").put("subdir", platform.subdir());
    index.putObject(PACKAGES);
    index.putObject(PACKAGES_CONDA);
    index.putArray("removed");
    index.put("repodata_version", 1);
    return index;
  }

  /** Returns the content of {@code repodata.json.zst} for that of {@code repodata.json}. */
  public static byte[] compressed(byte[] index) {
    return Zstd.compress(index, ZSTD_LEVEL);
  }

  private void publish(Path folder, byte[] index) {
    try {
      disk.createDirectories(folder);
      disk.publish(folder.resolve("repodata.json.zst"), compressed(index));
      disk.publish(folder.resolve("repodata.json"), index);
    } catch (IOException e) {
      throw DiskFailure.explain("write the channel's index", folder, e);
    }
  }

  private byte[] index(Path folder, Platform platform) {
    ObjectNode index = emptyIndex(platform);
    ObjectNode tarBz2 = index.withObject("/" + PACKAGES);
    ObjectNode conda = index.withObject("/" + PACKAGES_CONDA);
    try {
      for (Path archive : archives(folder)) {
        context.checkpoint();
        ArchiveFormat format = ArchiveFormat.of(archive.toString()).orElseThrow();
        String fileName = archive.getFileName().toString();
        (format == ArchiveFormat.CONDA ? conda : tarBz2)
            .set(fileName, read(archive, format, platform));
      }
      return JSON.writeValueAsBytes(index);
    } catch (IOException e) {
      throw DiskFailure.explain("index the channel", folder, e);
    }
  }

  private static List<Path> archives(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .filter(file -> ArchiveFormat.of(file.getFileName().toString()).isPresent())
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  private ObjectNode read(Path archive, ArchiveFormat format, Platform platform)
      throws IOException {
    MessageDigest md5 = Hashes.md5();
    MessageDigest sha256 = Hashes.sha256();
    IndexVisitor visitor = new IndexVisitor(archive);
    try (InputStream file = Files.newInputStream(archive);
        InputStream in = new DigestInputStream(new DigestInputStream(file, md5), sha256)) {
      PackageReader.read(archive.toString(), in, format, visitor, context);
    }
    ObjectNode record = visitor.index.orElseThrow(() -> bad(archive, "has no info/index.json"));
    check(archive, format, platform, record);
    record.put("md5", HexFormat.of().formatHex(md5.digest()));
    record.put("sha256", HexFormat.of().formatHex(sha256.digest()));
    record.put("size", Files.size(archive));
    record.put("subdir", platform.subdir());
    return record;
  }

  private static void check(
      Path archive, ArchiveFormat format, Platform platform, ObjectNode record) {
    String distName =
        "%s-%s-%s"
            .formatted(
                record.path("name").asText(),
                record.path("version").asText(),
                record.path("build").asText());
    if (!distName.equals(format.stem(archive.getFileName().toString()))) {
      throw bad(archive, "says of itself that it is " + distName);
    }
    String subdir = record.path("subdir").asText(platform.subdir());
    if (!subdir.equals(platform.subdir())) {
      throw bad(archive, "belongs in the subdir " + subdir);
    }
  }

  private static IntegrityException bad(Path archive, String what) {
    return new IntegrityException(
        "The package %s cannot be indexed: it %s.".formatted(archive, what),
        "Rename, move or remove it, and index the channel again.");
  }

  /** Keeps {@code info/index.json}. */
  private static final class IndexVisitor implements EntryVisitor {
    private final Path archive;
    private Optional<ObjectNode> index = Optional.empty();

    IndexVisitor(Path archive) {
      this.archive = archive;
    }

    @Override
    public void file(FileEntry entry, InputStream content) throws IOException {
      if (entry.path().equals("info/index.json")) {
        byte[] bytes = content.readAllBytes();
        try {
          JsonNode tree = JSON.readTree(bytes);
          index = tree instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException e) {
          throw bad(archive, "has an info/index.json that is no JSON");
        }
      }
    }

    @Override
    public void symbolicLink(String path, String target) {}

    @Override
    public void hardLink(String path, String existingPath) {}
  }
}
