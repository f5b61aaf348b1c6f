package io.jconda.core.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.core.archive.ArchiveFormat;
import io.jconda.core.archive.EntryVisitor;
import io.jconda.core.archive.FileEntry;
import io.jconda.core.archive.PackageReader;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what a prefix must look like, package after package, by the simplest means and without any
 * code of the rooms under test: what lies in a map is what lies on disk.
 */
final class SlowOracle {
  private final String prefix;
  private final String python;
  private final SortedMap<String, String> picture = new TreeMap<>();

  /**
   * @param python the minor version of the Python in the prefix
   */
  SlowOracle(Path prefix, String python) {
    this.prefix = prefix.toString();
    this.python = python;
  }

  /** Returns path to kind, mode and digest, as {@link Workbench#picture} does; no folders. */
  SortedMap<String, String> picture() {
    return picture;
  }

  void add(Path archive) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    Map<String, Boolean> executable = new HashMap<>();
    Map<String, String> links = new LinkedHashMap<>();
    try (InputStream in = Files.newInputStream(archive)) {
      PackageReader.read(
          archive.toString(),
          in,
          ArchiveFormat.of(archive.toString()).orElseThrow(),
          new EntryVisitor() {
            @Override
            public void file(FileEntry entry, InputStream content) throws IOException {
              files.put(entry.path(), content.readAllBytes());
              executable.put(entry.path(), entry.executable());
            }

            @Override
            public void symbolicLink(String path, String target) {
              links.put(path, target);
            }

            @Override
            public void hardLink(String path, String existingPath) {
              files.put(path, files.getOrDefault(existingPath, new byte[0]));
              executable.put(path, executable.getOrDefault(existingPath, false));
            }
          },
          OperationContext.silent());
    }
    boolean noarchPython = json(files, "info/index.json").path("noarch").asText().equals("python");
    for (JsonNode path : json(files, "info/paths.json").path("paths")) {
      String name = path.path("_path").asText();
      byte[] content = files.getOrDefault(name, new byte[0]);
      if (path.has("prefix_placeholder")) {
        content =
            replace(
                content,
                path.path("prefix_placeholder").asText(),
                path.path("file_mode").asText().equals("binary"));
      }
      String described =
          links.containsKey(name)
              ? "link to " + links.get(name)
              : file(executable.getOrDefault(name, false), content);
      picture.put(noarchPython ? place(name) : name, described);
    }
    for (JsonNode point : json(files, "info/link.json").path("noarch").path("entry_points")) {
      addEntryPoint(point.asText());
    }
  }

  private static JsonNode json(Map<String, byte[]> files, String name) throws IOException {
    byte[] none = "{}".getBytes(StandardCharsets.UTF_8);
    return new ObjectMapper().readTree(files.getOrDefault(name, none));
  }

  private String place(String name) {
    return name.replaceFirst("^site-packages/", "lib/python" + python + "/site-packages/")
        .replaceFirst("^python-scripts/", "bin/");
  }

  private static String file(boolean executable, byte[] content) {
    return "file %s %s"
        .formatted(executable ? "rwxr-xr-x" : "rw-r--r--", Workbench.sha256(content));
  }

  private byte[] replace(byte[] content, String placeholder, boolean binary) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    if (!binary) {
      return text.replace(placeholder, prefix).getBytes(StandardCharsets.ISO_8859_1);
    }
    Matcher strings =
        Pattern.compile(Pattern.quote(placeholder) + "[^\0]*\0", Pattern.DOTALL).matcher(text);
    return strings
        .replaceAll(
            found -> {
              String shorter = found.group().replace(placeholder, prefix);
              String padding = "\0".repeat(found.group().length() - shorter.length());
              return Matcher.quoteReplacement(shorter + padding);
            })
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private void addEntryPoint(String text) {
    List<String> parts = List.of(text.split("[=:]", 3));
    String module = parts.get(1).strip();
    String function = parts.get(2).strip();
    String script =
        """
        #!%s/bin/python%s
        # -*- coding: utf-8 -*-
        import re
        import sys

        from %s import %s

        if __name__ == '__main__':
            sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])
            sys.exit(%s())
        """
            .formatted(prefix, python, module, function, function);
    picture.put("bin/" + parts.get(0).strip(), file(true, script.getBytes(StandardCharsets.UTF_8)));
  }
}
