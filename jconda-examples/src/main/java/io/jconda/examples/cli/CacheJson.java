package io.jconda.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.cache.CacheSize;
import io.jconda.cache.CachedPackage;
import io.jconda.cache.CleanReport;
import io.jconda.cache.VerifyReport;
import io.jconda.spec.PackageRecord;
import java.util.List;

/** Prints what the commands for the package cache answer with {@code --json}. */
final class CacheJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CacheJson() {}

  static String size(CacheSize size) {
    return print(
        success()
            .put("packages", size.packages())
            .put("files", size.files())
            .put("bytes", size.bytes())
            .put("shared_bytes", size.sharedBytes())
            .put("linked_bytes", size.linkedBytes())
            .put("unpacked_bytes", size.unpackedBytes())
            .put("saved_bytes", size.savedBytes())
            .put("archives", size.archives())
            .put("archive_bytes", size.archiveBytes())
            .put("leftover_bytes", size.leftoverBytes())
            .put("total_bytes", size.totalBytes()));
  }

  static String packages(List<CachedPackage> packages) {
    ObjectNode document = success();
    ArrayNode array = document.putArray("packages");
    for (CachedPackage each : packages) {
      record(array, each.record())
          .put("bytes", each.bytes())
          .put("own_bytes", each.ownBytes())
          .put("last_used", each.lastUsed().toString())
          .put("used", each.used());
    }
    return print(document);
  }

  static String verified(VerifyReport report) {
    ObjectNode document =
        JSON.createObjectNode()
            .put("success", report.isSound())
            .put("packages", report.packages())
            .put("files", report.files())
            .put("bytes", report.bytes());
    ArrayNode damages = document.putArray("damages");
    report
        .damages()
        .forEach(
            damage ->
                damages
                    .addObject()
                    .put("fn", damage.fileName())
                    .put("path", damage.path())
                    .put("repaired", damage.repaired())
                    .put("problem", damage.problem()));
    return print(document);
  }

  static String cleaned(CleanReport report) {
    ObjectNode document =
        JSON.createObjectNode()
            .put("success", report.problems().isEmpty())
            .put("dry_run", report.dryRun())
            .put("files", report.files())
            .put("archives", report.archives())
            .put("leftovers", report.leftovers())
            .put("bytes", report.bytes())
            .put("freed_bytes", report.freedBytes());
    ArrayNode packages = document.putArray("packages");
    report.packages().forEach(each -> record(packages, each));
    ArrayNode problems = document.putArray("problems");
    report.problems().forEach(problems::add);
    return print(document);
  }

  static String imported(List<PackageRecord> records) {
    ObjectNode document = success();
    ArrayNode packages = document.putArray("packages");
    records.forEach(each -> record(packages, each));
    return print(document);
  }

  private static ObjectNode success() {
    return JSON.createObjectNode().put("success", true);
  }

  private static ObjectNode record(ArrayNode array, PackageRecord record) {
    return array
        .addObject()
        .put("name", record.name())
        .put("version", record.version().toString())
        .put("build_string", record.build())
        .put("fn", record.fileName())
        .put("url", record.url())
        .put("sha256", record.sha256().orElse(""));
  }

  private static String print(ObjectNode document) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree can always be written.", e);
    }
  }
}
