package io.jconda.core.cache;

import com.fasterxml.jackson.databind.JsonNode;
import io.jconda.IntegrityException;
import io.jconda.core.archive.ArchiveFormat;
import io.jconda.core.archive.ExtractedPackage;
import io.jconda.core.util.JsonTree;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is a {@code pkgs} folder of conda, mamba or pixi: archives, and packages extracted beside them.
 * It is only read, and nothing in it is believed: an archive must have the wanted hash, an
 * extracted package must be recorded with it and have files as its {@code paths.json} says.
 */
record CondaFolder(Path folder) {
  private static final Logger LOG = LoggerFactory.getLogger(CondaFolder.class);

  /**
   * What was found extracted.
   *
   * @param sha256 of the archive that it came from
   * @param size of that archive, 0 if nobody knows
   */
  record Found(String sha256, long size) {}

  /** Returns where the archive may lie; nothing if the record could not tell whether it is it. */
  Optional<Path> archive(PackageRecord record) {
    boolean known = record.sha256().isPresent() || record.md5().isPresent();
    return known && isPlain(record.fileName())
        ? Optional.of(folder.resolve(record.fileName())).filter(Files::isRegularFile)
        : Optional.empty();
  }

  private static boolean isPlain(String name) {
    return !name.isEmpty()
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('\\') < 0
        && name.indexOf('\0') < 0;
  }

  /** Tells whether a package of that name lies extracted here, whatever it is. */
  boolean mayHave(PackageRecord record) {
    return place(record).isPresent();
  }

  /**
   * Copies a package that lies extracted here into an extraction.
   *
   * @return what it is, or nothing if it is not here, or is not what it should be
   */
  Optional<Found> extract(
      PackageRecord record, PackageInfo info, Extraction extraction, OperationContext context) {
    Optional<Path> place = place(record);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<Found> found = found(place.get(), record);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      for (String path : PackageInfo.WANTED) {
        Path file = place.get().resolve(path);
        if (Files.isRegularFile(file)) {
          try (InputStream content = Files.newInputStream(file)) {
            info.add(path, content);
          }
        }
      }
      if (!info.claimsEveryHash()) {
        return Optional.empty();
      }
      ExtractedPackage.read(place.get(), info.claimedPaths(), extraction, context);
      info.files(extraction.found());
      return found;
    } catch (NoSuchFileException | NotDirectoryException | IntegrityException e) {
      LOG.debug("{} is not used: {}", place.get(), e.toString());
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("{} cannot be read, and the package is downloaded: {}", place.get(), e.toString());
      return Optional.empty();
    }
  }

  private Optional<Path> place(PackageRecord record) {
    return isPlain(record.fileName())
        ? ArchiveFormat.of(record.fileName())
            .map(format -> folder.resolve(format.stem(record.fileName())))
            .filter(Files::isDirectory)
        : Optional.empty();
  }

  /** Looks at what the tool that extracted it noted (conda: {@code repodata_record.json}). */
  private static Optional<Found> found(Path place, PackageRecord record) throws IOException {
    JsonNode noted = JsonTree.read(Files.readAllBytes(place.resolve("info/repodata_record.json")));
    String sha256 = Digests.normal(noted.path("sha256").asText(""));
    if (!Digests.isSha256(sha256)) {
      return Optional.empty();
    }
    boolean wanted =
        record.sha256().isPresent()
            ? sha256.equals(Digests.normal(record.sha256().get()))
            : record.md5().isPresent()
                && Digests.normal(noted.path("md5").asText(""))
                    .equals(Digests.normal(record.md5().get()));
    return wanted ? Optional.of(new Found(sha256, noted.path("size").asLong(0))) : Optional.empty();
  }
}
