package io.jconda.core.prefix;

import io.jconda.spec.PackageRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes the JSON of {@code conda-meta} records (CEP-32) by hand: there are thousands of paths in
 * it, and a tree of nodes for them costs more than linking them does.
 */
final class RecordText {
  private final StringBuilder text;
  private boolean first = true;

  private RecordText(int paths) {
    // two hex digests, the path twice and the names of the fields
    this.text = new StringBuilder(4096 + paths * 480);
  }

  /**
   * Returns a record with every field of CEP-32, keys in order, as conda has them. Where the
   * package was unpacked and where its archive lies is empty: the store keeps neither by package.
   */
  static String of(
      PackageRecord record,
      List<String> files,
      List<PrefixPath> paths,
      LinkType linkType,
      List<String> requestedSpecs) {
    RecordText json = new RecordText(paths.size());
    json.text.append('{');
    json.architecture(record);
    json.string("build", record.build());
    json.number("build_number", record.buildNumber());
    json.string("channel", channelUrl(record));
    json.strings("constrains", record.constrains());
    json.strings("depends", record.depends());
    json.extraDepends(record);
    json.string("extracted_package_dir", "");
    if (!record.features().isEmpty()) {
      json.string("features", String.join(" ", record.features()));
    }
    json.strings("files", files);
    if (!record.flags().isEmpty()) {
      json.strings("flags", record.flags());
    }
    json.string("fn", record.fileName());
    json.time("indexed_timestamp", record.indexedTimestamp());
    json.optional("license", record.license());
    json.optional("license_family", record.licenseFamily());
    json.key("link").append("{\n    \"source\": \"\",\n    \"type\": ");
    json.text.append(linkType.code()).append("\n  }");
    json.optional("md5", record.md5());
    json.string("name", record.name());
    if (record.noarch().isPresent()) {
      json.string("noarch", record.noarch().get().toString());
    }
    json.string("package_tarball_full_path", "");
    json.paths(paths);
    json.system(record);
    json.optional("python_site_packages_path", record.pythonSitePackagesPath());
    json.requestedSpecs(requestedSpecs);
    json.optional("sha256", record.sha256());
    if (record.size().isPresent()) {
      json.number("size", record.size().getAsLong());
    }
    json.string("subdir", record.subdir());
    json.time("timestamp", record.timestamp());
    if (!record.trackFeatures().isEmpty()) {
      json.string("track_features", String.join(" ", record.trackFeatures()));
    }
    json.string("url", record.url());
    json.string("version", record.version().toString());
    return json.text.append("\n}\n").toString();
  }

  /** One of two deprecated fields that CEP-34 still lists; old readers group packages by them. */
  private void architecture(PackageRecord record) {
    int dash = record.subdir().indexOf('-');
    if (dash < 0) {
      key("arch").append("null");
      return;
    }
    String architecture = record.subdir().substring(dash + 1);
    string(
        "arch",
        switch (architecture) {
          case "64" -> "x86_64";
          case "32" -> "x86";
          default -> architecture;
        });
  }

  /** The other deprecated field. */
  private void system(PackageRecord record) {
    int dash = record.subdir().indexOf('-');
    if (dash < 0) {
      key("platform").append("null");
    } else {
      string("platform", record.subdir().substring(0, dash));
    }
  }

  /**
   * CEP-32 wants the channel's URL without subdir; a record of a bare name has it in its own URL.
   */
  private static String channelUrl(PackageRecord record) {
    String tail = "/" + record.subdir() + "/";
    int at = record.url().lastIndexOf(tail);
    return at > 0 && !record.channel().contains("://")
        ? record.url().substring(0, at)
        : record.channel();
  }

  private void extraDepends(PackageRecord record) {
    if (record.extraDepends().isEmpty()) {
      return;
    }
    key("extra_depends").append('{');
    boolean[] begun = new boolean[1];
    record
        .extraDepends()
        .forEach(
            (group, specs) -> {
              text.append(begun[0] ? ",\n    " : "\n    ");
              begun[0] = true;
              quote(group);
              text.append(": ");
              list(specs, "      ", "    ");
            });
    text.append("\n  }");
  }

  /** New readers take the list; old ones a single spec, null for a dependency. */
  private void requestedSpecs(List<String> specs) {
    if (specs.isEmpty()) {
      key("requested_spec").append("null");
    } else {
      string("requested_spec", RequestedSpecs.merged(specs));
    }
    strings("requested_specs", specs);
  }

  private void paths(List<PrefixPath> paths) {
    key("paths_data").append("{\n    \"paths\": [");
    boolean begun = false;
    for (PrefixPath path : paths) {
      text.append(begun ? ",\n      {\n        \"_path\": " : "\n      {\n        \"_path\": ");
      begun = true;
      quote(path.path());
      Optional<String> placeholder = path.placeholder();
      if (placeholder.isPresent()) {
        ofPath("file_mode", path.binary() ? "binary" : "text");
        ofPath("prefix_placeholder", placeholder.get());
      }
      if (path.noLink()) {
        text.append(",\n        \"no_link\": true");
      }
      text.append(",\n        \"path_type\": \"").append(path.type().word()).append('"');
      Optional<String> sha256 = path.sha256();
      if (sha256.isPresent()) {
        ofPath("sha256", sha256.get());
      }
      Optional<String> inPrefix = path.sha256InPrefix();
      if (inPrefix.isPresent()) {
        ofPath("sha256_in_prefix", inPrefix.get());
      }
      if (path.size().isPresent()) {
        text.append(",\n        \"size_in_bytes\": ").append(path.size().getAsLong());
      }
      text.append("\n      }");
    }
    text.append(begun ? "\n    ]" : "]").append(",\n    \"paths_version\": 1\n  }");
  }

  private void ofPath(String name, String value) {
    text.append(",\n        \"").append(name).append("\": ");
    quote(value);
  }

  private StringBuilder key(String name) {
    text.append(first ? "\n  \"" : ",\n  \"");
    first = false;
    return text.append(name).append("\": ");
  }

  private void string(String name, String value) {
    key(name);
    quote(value);
  }

  private void optional(String name, Optional<String> value) {
    if (value.isPresent()) {
      string(name, value.get());
    }
  }

  private void time(String name, Optional<Instant> value) {
    if (value.isPresent()) {
      number(name, value.get().toEpochMilli());
    }
  }

  private void number(String name, long value) {
    key(name).append(value);
  }

  private void strings(String name, List<String> values) {
    key(name);
    list(values, "    ", "  ");
  }

  private void list(List<String> values, String indent, String end) {
    text.append('[');
    boolean begun = false;
    for (String value : values) {
      text.append(begun ? ",\n" : "\n").append(indent);
      begun = true;
      quote(value);
    }
    if (begun) {
      text.append('\n').append(end);
    }
    text.append(']');
  }

  /** Quotes a text; what is above the control characters may stand as it is (RFC 8259). */
  private void quote(String value) {
    text.append('"');
    int done = 0;
    for (int at = special(value, 0); at < value.length(); at = special(value, done)) {
      text.append(value, done, at);
      done = at + 1;
      char c = value.charAt(at);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else {
        // surrogates too: one without its other half has no form in UTF-8
        text.append("\\u").append(Character.forDigit(c >> 12, 16));
        text.append(Character.forDigit(c >> 8 & 15, 16));
        text.append(Character.forDigit(c >> 4 & 15, 16)).append(Character.forDigit(c & 15, 16));
      }
    }
    if (done == 0) {
      // copied as a whole, where a part goes character by character
      text.append(value).append('"');
    } else {
      text.append(value, done, value.length()).append('"');
    }
  }

  /** Returns where the next character is that may not stand as it is; the length if none is. */
  private static int special(String value, int from) {
    for (int at = from; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
        return at;
      }
    }
    return value.length();
  }
}
