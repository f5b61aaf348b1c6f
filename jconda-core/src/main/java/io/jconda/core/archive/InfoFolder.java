package io.jconda.core.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.build.PackageDescription;
import io.jconda.core.archive.PackageContents.Measured;
import io.jconda.spec.NoarchType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes what lies in a package's {@code info/} (CEP-34). */
final class InfoFolder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PackageDescription description;
  private final Map<String, Measured> measured;
  private final SortedMap<String, byte[]> documents = new TreeMap<>();

  InfoFolder(PackageDescription description, Map<String, Measured> measured) {
    this.description = description;
    this.measured = measured;
  }

  /** Returns the documents by their paths. */
  SortedMap<String, byte[]> documents() {
    addJson("info/index.json", index());
    addJson("info/paths.json", paths());
    addJson("info/about.json", about());
    addText("info/files", List.copyOf(description.files().keySet()));
    List<String> hasPrefix =
        measured.entrySet().stream()
            .filter(file -> file.getValue().placeholder() != null)
            .map(file -> hasPrefixLine(file.getKey(), file.getValue()))
            .toList();
    if (!hasPrefix.isEmpty()) {
      addText("info/has_prefix", hasPrefix);
    }
    if (!description.noLink().isEmpty()) {
      addText("info/no_link", description.noLink().stream().sorted().toList());
    }
    description.noarch().ifPresent(type -> addJson("info/link.json", link(type)));
    return documents;
  }

  private ObjectNode index() {
    ObjectNode index = JSON.createObjectNode();
    index.put("build", description.build());
    index.put("build_number", description.buildNumber());
    if (!description.constrains().isEmpty()) {
      addAll(index.putArray("constrains"), description.constrains());
    }
    addAll(index.putArray("depends"), description.depends());
    description.license().ifPresent(license -> index.put("license", license));
    description.licenseFamily().ifPresent(family -> index.put("license_family", family));
    index.put("name", description.name());
    description.noarch().ifPresent(type -> index.put("noarch", type.toString()));
    description
        .pythonSitePackagesPath()
        .ifPresent(path -> index.put("python_site_packages_path", path));
    index.put("subdir", description.platform().subdir());
    description.timestamp().ifPresent(time -> index.put("timestamp", time.toEpochMilli()));
    if (!description.trackFeatures().isEmpty()) {
      index.put("track_features", String.join(" ", description.trackFeatures()));
    }
    index.put("version", description.version().toString());
    return index;
  }

  private ObjectNode paths() {
    ObjectNode document = JSON.createObjectNode();
    ArrayNode paths = document.putArray("paths");
    description
        .files()
        .forEach(
            (path, file) -> {
              Measured found = measured.getOrDefault(path, new Measured(0, "", null, false));
              ObjectNode entry = paths.addObject();
              entry.put("_path", path);
              if (found.placeholder() != null) {
                entry.put("file_mode", found.binary() ? "binary" : "text");
              }
              if (description.noLink().contains(path)) {
                entry.put("no_link", true);
              }
              entry.put("path_type", file.linkTarget().isPresent() ? "softlink" : "hardlink");
              if (found.placeholder() != null) {
                entry.put("prefix_placeholder", found.placeholder());
              }
              entry.put("sha256", found.sha256());
              entry.put("size_in_bytes", found.size());
            });
    document.put("paths_version", 1);
    return document;
  }

  private ObjectNode about() {
    ObjectNode about = JSON.createObjectNode();
    description.about().forEach(about::put);
    description.license().ifPresent(license -> about.put("license", license));
    description.licenseFamily().ifPresent(family -> about.put("license_family", family));
    return about;
  }

  private ObjectNode link(NoarchType type) {
    ObjectNode link = JSON.createObjectNode();
    ObjectNode noarch = link.putObject("noarch");
    if (!description.entryPoints().isEmpty()) {
      addAll(noarch.putArray("entry_points"), description.entryPoints());
    }
    noarch.put("type", type.toString());
    link.put("package_metadata_version", 1);
    return link;
  }

  private static String hasPrefixLine(String path, Measured file) {
    String mode = file.binary() ? "binary" : "text";
    return quote(String.valueOf(file.placeholder())) + " " + mode + " " + quote(path);
  }

  private static String quote(String field) {
    return field.indexOf(' ') >= 0 ? '"' + field + '"' : field;
  }

  private static void addAll(ArrayNode array, List<String> items) {
    items.forEach(array::add);
  }

  private void addJson(String path, ObjectNode document) {
    try {
      documents.put(path, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of texts and numbers is always JSON.", e);
    }
  }

  private void addText(String path, List<String> lines) {
    String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    documents.put(path, text.getBytes(StandardCharsets.UTF_8));
  }
}
