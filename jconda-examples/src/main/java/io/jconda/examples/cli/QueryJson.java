package io.jconda.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.build.MirrorPlan;
import io.jconda.build.MirrorReport;
import io.jconda.query.PackageNode;
import io.jconda.query.PackageTree;
import io.jconda.query.PackageTree.Direction;
import io.jconda.query.SearchResult;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import io.jconda.spec.Version;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Prints answers about packages, and what a mirror has: a search as conda does with {@code --json},
 * an object of names; a tree as mamba's {@code repoquery} does, with its nodes nested.
 */
final class QueryJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private QueryJson() {}

  static String search(SearchResult result) {
    ObjectNode document = JSON.objectNode();
    result
        .byName()
        .forEach(
            (name, records) -> {
              ArrayNode list = document.putArray(name);
              records.forEach(record -> list.add(record(record)));
            });
    return CondaJson.print(document);
  }

  static String tree(PackageTree tree) {
    ObjectNode document = JSON.objectNode();
    document
        .putObject("query")
        .put("query", tree.spec().source())
        .put("type", tree.direction() == Direction.DEPENDS ? "depends" : "whoneeds");
    ObjectNode result = document.putObject("result");
    result.put("status", "OK");
    result.put("truncated", tree.isTruncated());
    ArrayNode packages = result.putArray("pkgs");
    tree.records().forEach(record -> packages.add(record(record)));
    ArrayNode roots = result.putArray("graph_roots");
    tree.roots().forEach(root -> roots.add(node(root)));
    return CondaJson.print(document);
  }

  static String mirror(MirrorPlan plan) {
    return CondaJson.print(document(plan).put("dry_run", true));
  }

  static String mirror(MirrorReport report) {
    return CondaJson.print(
        document(report.plan())
            .put("dry_run", false)
            .put("bytes_fetched", report.bytesFetched())
            .put("seconds", report.elapsed().toMillis() / 1000.0));
  }

  private static ObjectNode document(MirrorPlan plan) {
    ObjectNode json = JSON.objectNode();
    json.put("folder", plan.folder().toString());
    texts(json.putArray("platforms"), plan.platforms().stream().map(Platform::subdir).toList());
    json.put("packages", plan.records().size());
    json.put("bytes", plan.bytes());
    texts(json.putArray("fetch"), plan.toFetch().stream().map(QueryJson::place).toList());
    json.put("bytes_to_fetch", plan.bytesToFetch());
    texts(json.putArray("remove"), plan.toRemove());
    json.put("success", true);
    return json;
  }

  private static String place(PackageRecord record) {
    return record.subdir() + "/" + record.fileName();
  }

  private static ObjectNode node(PackageNode node) {
    ObjectNode json = JSON.objectNode();
    json.put("name", node.name());
    json.put("kind", node.kind().name().toLowerCase(Locale.ROOT));
    if (!node.dependency().isEmpty()) {
      json.put("dependency", node.dependency());
    }
    node.record()
        .ifPresent(
            record -> {
              json.put("version", record.version().toString());
              json.put("build_string", record.build());
              json.put("channel", record.channel());
              json.put("subdir", record.subdir());
            });
    if (node.count() > 1) {
      json.put("records", node.count());
      json.put("oldest_version", node.oldest().map(Version::toString).orElse(""));
      texts(json.putArray("subdirs"), node.subdirs());
    }
    ArrayNode children = json.putArray("children");
    node.children().forEach(child -> children.add(node(child)));
    return json;
  }

  private static ObjectNode record(PackageRecord record) {
    ObjectNode json = JSON.objectNode();
    json.put("build", record.build());
    json.put("build_number", record.buildNumber());
    json.put("channel", record.channel());
    texts(json.putArray("constrains"), record.constrains());
    texts(json.putArray("depends"), record.depends());
    json.put("fn", record.fileName());
    record.license().ifPresent(license -> json.put("license", license));
    record.md5().ifPresent(md5 -> json.put("md5", md5));
    json.put("name", record.name());
    record.noarch().ifPresent(noarch -> json.put("noarch", noarch.toString()));
    record.sha256().ifPresent(sha256 -> json.put("sha256", sha256));
    record.size().ifPresent(size -> json.put("size", size));
    json.put("subdir", record.subdir());
    record.timestamp().map(Instant::toEpochMilli).ifPresent(time -> json.put("timestamp", time));
    texts(json.putArray("track_features"), record.trackFeatures());
    json.put("url", record.url());
    json.put("version", record.version().toString());
    return json;
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
