package io.jconda.core.embedded;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Is an environment made by the simplest means: copy each file, replace the placeholder. */
final class CopiedPrefix {
  private final Path prefix;

  CopiedPrefix(Path prefix) {
    this.prefix = prefix;
  }

  void add(Path archive, String sitePackages) throws IOException {
    List<JsonNode> paths = new ArrayList<>();
    try (InputStream in = Files.newInputStream(archive)) {
      PackageReader.read(
          archive.toString(),
          in,
          ArchiveFormat.of(archive.toString()).orElseThrow(),
          new EntryVisitor() {
            @Override
            public void file(FileEntry entry, InputStream content) throws IOException {
              if (entry.path().equals("info/paths.json")) {
                new ObjectMapper()
                    .readTree(content.readAllBytes())
                    .path("paths")
                    .forEach(paths::add);
              } else if (!entry.path().startsWith("info/")) {
                Path file = resolve(entry.path());
                Files.createDirectories(file.resolveSibling("."));
                Files.copy(content, file);
                assertThat(file.toFile().setExecutable(entry.executable())).isTrue();
              }
            }

            @Override
            public void symbolicLink(String path, String target) throws IOException {
              Files.createDirectories(resolve(path).resolveSibling("."));
              Files.createSymbolicLink(resolve(path), Path.of(target));
            }

            @Override
            public void hardLink(String path, String existingPath) {
              throw new AssertionError(path);
            }

            private Path resolve(String path) {
              return prefix.resolve(
                  path.startsWith("site-packages/")
                      ? sitePackages + path.substring("site-packages".length())
                      : path);
            }
          },
          OperationContext.silent());
    }
    for (JsonNode path : paths) {
      if (path.has("prefix_placeholder")) {
        replace(
            prefix.resolve(path.path("_path").asText()),
            path.path("prefix_placeholder").asText(),
            path.path("file_mode").asText().equals("binary"));
      }
    }
  }

  private void replace(Path file, String placeholder, boolean binary) throws IOException {
    // one byte is one character there, and back
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Pattern pattern =
        Pattern.compile(Pattern.quote(placeholder) + (binary ? "[^\0]*" : ""), Pattern.DOTALL);
    StringBuilder result = new StringBuilder();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      String changed = matcher.group().replace(placeholder, prefix.toString());
      String padding = binary ? "\0".repeat(matcher.group().length() - changed.length()) : "";
      matcher.appendReplacement(result, Matcher.quoteReplacement(changed + padding));
    }
    matcher.appendTail(result);
    Files.writeString(file, result, StandardCharsets.ISO_8859_1);
  }

  /** Runs a program of it and returns what it printed; fails if it does. */
  String run(String... command) throws Exception {
    List<String> line = new ArrayList<>(List.of(command));
    line.set(0, prefix.resolve(command[0]).toString());
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PYTHON") || name.startsWith("LD_"));
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.directory(prefix.toFile()).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output.strip();
  }
}
