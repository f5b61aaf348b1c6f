package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.Plan;
import io.jconda.build.PackageBuilder;
import io.jconda.core.prefix.History;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Environments as other tools leave them, built as files from their formats: read, changed, and
 * left such that those tools can go on.
 */
class OtherToolsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Workbench bench;
  private Path prefix;

  @BeforeEach
  void open() {
    bench = new Workbench(folder);
    prefix = folder.resolve("envs/demo");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** Tells how a tool writes. */
  enum Tool {
    /** A name for the channel, merged specs, its own cache's folders, schannel. */
    OLD_CONDA,
    /** URLs, both forms of specs. */
    CONDA,
    /** No sha256_in_prefix for what it did not change; history without a command's path. */
    MICROMAMBA,
    /** An empty history; a marker file of its own. */
    PIXI
  }

  /** Writes an environment with one package of two files, one of them patched, and its record. */
  private void write(Tool tool) throws IOException {
    Path meta = Files.createDirectories(prefix.resolve("conda-meta"));
    write("bin/old-tool", "#!" + prefix + "/bin/sh\n");
    write("share/old/data", "data");
    write("lib/python3.11/site-packages/old.py", "x = 1\n");
    ObjectNode record = JSON.createObjectNode();
    record.put("name", "old-tool").put("version", "1.0").put("build", "h1_3");
    record.put("build_number", 3).put("fn", "old-tool-1.0-h1_3.tar.bz2");
    record.put("subdir", Platform.current().subdir()).put("md5", "0".repeat(32));
    record.putArray("depends").add("libc >=2");
    record.putArray("constrains");
    record.putObject("link").put("source", "/pkgs/old-tool-1.0-h1_3").put("type", 1);
    record.put("x-from-the-future", "kept");
    record
        .putArray("files")
        .add("bin/old-tool")
        .add("share/old/data")
        .add("lib/python3.11/site-packages/old.py");
    ObjectNode data = record.putObject("paths_data").put("paths_version", 1);
    var paths = data.putArray("paths");
    ObjectNode patched = paths.addObject().put("_path", "bin/old-tool");
    patched.put("path_type", "hardlink").put("file_mode", "text");
    patched.put("prefix_placeholder", "/opt/x").put("sha256", "1".repeat(64));
    patched.put("sha256_in_prefix", digest("bin/old-tool")).put("size_in_bytes", 17);
    ObjectNode plain = paths.addObject().put("_path", "share/old/data");
    plain.put("path_type", "hardlink").put("sha256", digest("share/old/data"));
    plain.put("size_in_bytes", 4);
    paths
        .addObject()
        .put("_path", "lib/python3.11/site-packages/old.py")
        .put("path_type", "hardlink");
    form(tool).accept(record);
    Files.writeString(meta.resolve("old-tool-1.0-h1_3.json"), JSON.writeValueAsString(record));
    Files.writeString(meta.resolve("history"), history(tool));
    if (tool == Tool.PIXI) {
      Files.writeString(meta.resolve("pixi"), "{\"manifest_path\": \"/p/pixi.toml\"}");
    }
  }

  private void write(String path, String content) throws IOException {
    Path file = prefix.resolve(path);
    Files.createDirectories(file.resolve("..").normalize());
    Files.writeString(file, content);
  }

  private String digest(String path) throws IOException {
    return Workbench.sha256(Files.readAllBytes(prefix.resolve(path)));
  }

  private static Consumer<ObjectNode> form(Tool tool) {
    String url = "https://conda.anaconda.org/conda-forge";
    return switch (tool) {
      case OLD_CONDA ->
          record ->
              record
                  .put("channel", "conda-forge")
                  .put("schannel", "conda-forge")
                  .put("requested_spec", "old-tool >=1,<2")
                  .put("arch", "x86_64");
      case CONDA ->
          record -> {
            record.put("channel", url + "/" + Platform.current().subdir());
            record.put("requested_spec", "old-tool");
            record.putArray("requested_specs").add("old-tool");
          };
      case MICROMAMBA -> record -> record.put("channel", url).put("requested_spec", "");
      case PIXI ->
          record -> {
            record.put("channel", url + "/");
            record.putArray("requested_specs").add("old-tool");
          };
    };
  }

  private static String history(Tool tool) {
    String dist = "conda-forge/" + Platform.current().subdir() + "::old-tool-1.0-h1_3\n";
    return switch (tool) {
      case OLD_CONDA ->
          "==> 2016-01-01 10:00:00 <==\n# cmd: conda create -n demo old-tool>=1,<2\n"
              + dist
              + "# create specs: old-tool >=1,<2\n";
      case CONDA ->
          "==> 2026-01-01 10:00:00 <==\n# cmd: /c/bin/conda install old-tool\n"
              + "# conda version: 25.1.0\n+"
              + dist
              + "# update specs: ['old-tool']\n";
      case MICROMAMBA ->
          "==> 2026-01-01 10:00:00 <==\n"
              + "# cmd: micromamba create old-tool\n"
              + "# conda version: 3.8.0\n"
              + "+"
              + dist
              + "# update specs: [\"old-tool\"]\n";
      case PIXI -> "";
    };
  }

  private PackageRecord added() {
    return bench.build(
        PackageBuilder.of("added", "1").noarch(NoarchType.GENERIC).file("share/added", "x"));
  }

  @ParameterizedTest
  @EnumSource(Tool.class)
  void anEnvironmentIsReadChangedAndLeftValid(Tool tool) throws Exception {
    write(tool);
    PrefixRecords before = PrefixRecords.read(prefix);
    InstalledPackage old = before.get("old-tool").orElseThrow();
    assertThat(old.record().channel()).doesNotEndWith("/").contains("conda-forge");
    assertThat(bench.installer().verify(prefix, OperationContext.silent()).isSound()).isTrue();
    byte[] record = Files.readAllBytes(prefix.resolve("conda-meta/old-tool-1.0-h1_3.json"));
    String history = Files.readString(prefix.resolve("conda-meta/history"));

    Plan plan =
        Workbench.change(prefix, old.record(), added())
            .updateSpecs(List.of(MatchSpec.parse("added")))
            .build();
    bench.apply(plan);

    // what was there stays to the byte: others read it again
    assertThat(Files.readAllBytes(prefix.resolve("conda-meta/old-tool-1.0-h1_3.json")))
        .isEqualTo(record);
    assertThat(Files.readString(prefix.resolve("conda-meta/history"))).startsWith(history);
    assertThat(History.read(prefix).requestedSpecs(Set.of("old-tool", "added")))
        // also where only records said so before
        .containsOnlyKeys("added", "old-tool");
    JsonNode added = JSON.readTree(prefix.resolve("conda-meta/added-1-0.json").toFile());
    assertThat(added.path("requested_spec").asText()).isEqualTo("added");
    assertThat(added.path("link").path("type").asInt()).isBetween(1, 3);
    try (Stream<Path> records = Files.list(prefix.resolve("conda-meta"))) {
      assertThat(records.filter(path -> path.toString().endsWith(".json"))).hasSize(2);
    }
    if (tool == Tool.PIXI) {
      assertThat(prefix.resolve("conda-meta/pixi")).exists();
    }
  }

  @ParameterizedTest
  @EnumSource(Tool.class)
  void theirPackagesAreRemovedWithAllTheirFiles(Tool tool) throws Exception {
    write(tool);
    write("share/old/users-own", "mine");

    bench.apply(Workbench.change(prefix).removeSpecs(List.of(MatchSpec.parse("old-tool"))).build());

    assertThat(prefix.resolve("bin")).doesNotExist();
    assertThat(prefix.resolve("lib")).doesNotExist();
    assertThat(prefix.resolve("share/old")).isDirectoryContaining("glob:**/users-own");
    assertThat(prefix.resolve("share/old/data")).doesNotExist();
    assertThat(PrefixRecords.read(prefix).packages()).isEmpty();
    assertThat(History.read(prefix).requestedSpecs(Set.of("old-tool"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Tool.class)
  void theirEnvironmentIsRemovedAsAWhole(Tool tool) throws Exception {
    write(tool);
    Files.writeString(prefix.resolve("conda-meta/frozen"), "{\"message\": \"theirs\"}");
    assertThatThrownBy(() -> bench.installer().remove(prefix, OperationContext.silent()))
        .hasMessageContaining("theirs");
    Files.delete(prefix.resolve("conda-meta/frozen"));

    bench.installer().remove(prefix, OperationContext.silent());

    assertThat(folder.resolve("envs")).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Tool.class)
  void whatTheyKeepBesideTheRecordsStays(Tool tool) throws Exception {
    write(tool);
    Map<String, String> kept =
        Map.of(
            "pinned", "old-tool 1.*  # theirs\n",
            "state", "{\"env_vars\": {\"A\": \"***unset***\", \"x\": 1}}",
            "x-of-somebody", "kept");
    for (Map.Entry<String, String> file : kept.entrySet()) {
      Files.writeString(prefix.resolve("conda-meta").resolve(file.getKey()), file.getValue());
    }
    PackageRecord old = PrefixRecords.read(prefix).get("old-tool").orElseThrow().record();

    bench.apply(Workbench.change(prefix, old, added()).build());

    for (Map.Entry<String, String> file : kept.entrySet()) {
      assertThat(prefix.resolve("conda-meta").resolve(file.getKey())).hasContent(file.getValue());
    }
  }

  @Test
  void whatWasAskedForStaysAskedForWhereOnlyRecordsTell() throws Exception {
    write(Tool.PIXI);
    PackageRecord next =
        bench.build(
            PackageBuilder.of("old-tool", "2.0")
                .platform(Platform.current())
                .file("share/old/data", "new"));

    bench.apply(Workbench.change(prefix, next).build());

    JsonNode record = JSON.readTree(prefix.resolve("conda-meta/old-tool-2.0-0.json").toFile());
    assertThat(record.path("requested_specs")).hasSize(1);
    assertThat(record.path("requested_specs").get(0).asText()).isEqualTo("old-tool");
  }

  @Test
  void otherSpecsForAPackageOfAnotherToolKeepWhatItWroteBeside() throws Exception {
    write(Tool.OLD_CONDA);
    PackageRecord old = PrefixRecords.read(prefix).get("old-tool").orElseThrow().record();

    bench.apply(
        Workbench.change(prefix, old).updateSpecs(List.of(MatchSpec.parse("old-tool=1"))).build());

    JsonNode record = JSON.readTree(prefix.resolve("conda-meta/old-tool-1.0-h1_3.json").toFile());
    assertThat(record.path("requested_specs").get(0).asText()).isEqualTo("old-tool=1");
    assertThat(record.path("requested_spec").asText()).isEqualTo("old-tool=1");
    assertThat(record.path("x-from-the-future").asText()).isEqualTo("kept");
    assertThat(record.path("schannel").asText()).isEqualTo("conda-forge");
    assertThat(record.path("files")).hasSize(3);
  }
}
