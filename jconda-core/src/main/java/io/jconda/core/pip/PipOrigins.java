package io.jconda.core.pip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.InstalledDistribution;
import io.jconda.core.host.Disk;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.spec.UrlSecrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which archive pip took each distribution from: pip tells that in its report (22.2 and
 * newer), and writes it nowhere for what came from an index. Lies beside the environment's records.
 */
public final class PipOrigins {
  private static final Logger LOG = LoggerFactory.getLogger(PipOrigins.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Is an archive of a distribution.
   *
   * @param version the distribution's version
   * @param url where it was, without secrets
   * @param sha256 its hash, in lower-case hexadecimal digits
   */
  public record Origin(String version, String url, String sha256) {}

  private final Map<String, Origin> origins = new LinkedHashMap<>();

  private PipOrigins() {}

  /** Returns a name as Python compares names (PEP 503). */
  public static String normalized(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
  }

  private static Path file(Path prefix) {
    return PrefixRecords.notesFolder(prefix).resolve("pip.json");
  }

  /** Reads what is remembered of an environment; what cannot be read is not remembered. */
  public static PipOrigins of(Path prefix) {
    PipOrigins known = new PipOrigins();
    Path file = file(prefix);
    if (!Files.isRegularFile(file)) {
      return known;
    }
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      json.properties()
          .forEach(
              entry -> {
                JsonNode one = entry.getValue();
                known.origins.put(
                    entry.getKey(),
                    new Origin(
                        one.path("version").asText(),
                        one.path("url").asText(),
                        one.path("sha256").asText()));
              });
    } catch (IOException e) {
      LOG.debug("{} cannot be read; pip will be asked again.", file, e);
    }
    return known;
  }

  /**
   * Reads pip's report of one run.
   *
   * @throws IOException if it cannot be read
   */
  static PipOrigins ofReport(Path report) throws IOException {
    PipOrigins told = new PipOrigins();
    for (JsonNode one : JSON.readTree(Files.readAllBytes(report)).path("install")) {
      JsonNode metadata = one.path("metadata");
      JsonNode archive = one.path("download_info").path("archive_info");
      String sha256 = archive.path("hashes").path("sha256").asText();
      if (!sha256.isEmpty()) {
        told.origins.put(
            normalized(metadata.path("name").asText()),
            new Origin(
                metadata.path("version").asText(),
                UrlSecrets.removed(one.path("download_info").path("url").asText()),
                sha256));
      }
    }
    return told;
  }

  /** Returns the archive of a distribution; empty if that is not known of this version. */
  public Optional<Origin> get(InstalledDistribution installed) {
    return Optional.ofNullable(origins.get(normalized(installed.name())))
        .filter(known -> known.version().equals(installed.version()));
  }

  /** Adds what another one knows; that is newer. */
  PipOrigins and(PipOrigins newer) {
    PipOrigins all = new PipOrigins();
    all.origins.putAll(origins);
    all.origins.putAll(newer.origins);
    return all;
  }

  /** Tells whether nothing is known. */
  boolean isEmpty() {
    return origins.isEmpty();
  }

  /**
   * Writes it beside the records of an environment.
   *
   * @throws IOException if the disk refuses
   */
  void write(Path prefix, Disk disk) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    origins.forEach(
        (name, origin) ->
            json.putObject(name)
                .put("version", origin.version())
                .put("url", origin.url())
                .put("sha256", origin.sha256()));
    disk.createDirectories(PrefixRecords.notesFolder(prefix));
    disk.publishUnforced(file(prefix), json.toString().getBytes(StandardCharsets.UTF_8));
  }
}
