package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.AllowedScripts;
import io.jconda.EnvironmentExistsException;
import io.jconda.EnvironmentNotFoundException;
import io.jconda.InstallException;
import io.jconda.InstallReport;
import io.jconda.LinkMode;
import io.jconda.Plan;
import io.jconda.build.PackageBuilder;
import io.jconda.core.prefix.History;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.prefix.PrefixState;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallerTest {
  private static final String PLACEHOLDER =
      "/opt/placeholder_placeholder_placeholder_placeholder_placeholder_placeholder_placeholder"
          + "_placeholder_placeholder_placeholder_placeholder";

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

  private static PackageBuilder builder(String name, String version) {
    return PackageBuilder.of(name, version).platform(Platform.current()).placeholder(PLACEHOLDER);
  }

  private PackageRecord tool(String version) {
    return bench.build(
        builder("tool", version)
            .executable("bin/tool", "#!" + PLACEHOLDER + "/bin/sh\necho " + version + "\n")
            .file("lib/libtool.so." + version, "\u007fELF" + PLACEHOLDER + "/lib\0rest")
            .file("share/tool/data.txt", "data of " + version)
            .symbolicLink("lib/libtool.so", "libtool.so." + version));
  }

  private PackageRecord python(String version) {
    return bench.build(builder("python", version).file("bin/python" + version, "no real one"));
  }

  private PackageRecord module(String version) {
    return bench.build(
        PackageBuilder.of("module", version)
            .noarch(NoarchType.PYTHON)
            .file("site-packages/module.py", "VERSION = '" + version + "'\n")
            .file("python-scripts/run-module", "#!/usr/bin/env python\n")
            .entryPoint("module = module.main:start"));
  }

  @Test
  void createsAPrefixWithItsPathWrittenIntoFiles() throws Exception {
    InstallReport report = bench.apply(Workbench.create(prefix, tool("1.0")).build());

    assertThat(Files.readString(prefix.resolve("bin/tool"))).startsWith("#!" + prefix + "/bin/sh");
    assertThat(prefix.resolve("bin/tool")).isExecutable();
    String library = Files.readString(prefix.resolve("lib/libtool.so.1.0"));
    assertThat(library).startsWith("\u007fELF" + prefix + "/lib\0").endsWith("\0rest");
    assertThat(Files.readSymbolicLink(prefix.resolve("lib/libtool.so")))
        .isEqualTo(Path.of("libtool.so.1.0"));
    assertThat(prefix.resolve("share/tool/data.txt")).hasContent("data of 1.0");
    assertThat(report.filesPatched()).isEqualTo(2);
    assertThat(report.filesLinked()).isEqualTo(1);
    assertThat(report.archivesFetched()).isEqualTo(1);
    assertThat(siblings()).containsExactly("demo");
  }

  @Test
  void writesARecordThatNamesEveryFile() throws Exception {
    PackageRecord record = tool("1.0");
    bench.apply(Workbench.create(prefix, record).build());

    JsonNode json =
        new ObjectMapper()
            .readTree(prefix.resolve("conda-meta/" + record.distName() + ".json").toFile());
    assertThat(json.path("files"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder(
            "bin/tool", "lib/libtool.so.1.0", "share/tool/data.txt", "lib/libtool.so");
    assertThat(json.path("link").path("type").asInt()).isEqualTo(1);
    assertThat(json.path("requested_specs").get(0).asText()).isEqualTo("tool");
    for (JsonNode path : json.path("paths_data").path("paths")) {
      Path file = prefix.resolve(path.path("_path").asText());
      if (path.path("path_type").asText().equals("hardlink")) {
        assertThat(path.path("sha256_in_prefix").asText())
            .isEqualTo(Workbench.sha256(Files.readAllBytes(file)));
      }
    }
  }

  @Test
  void marksThePrefixForBackupProgramsUnlessAPackageDoes() throws Exception {
    bench.apply(Workbench.create(prefix, tool("1.0")).build());
    assertThat(Files.readString(prefix.resolve("CACHEDIR.TAG")))
        .startsWith("Signature: 8a477f597d28d172789f06886806bc55\n");

    PackageRecord own = bench.build(builder("own", "1").file("CACHEDIR.TAG", "of its own"));
    Path other = folder.resolve("envs/other");
    Path another = folder.resolve("envs/another");
    for (Path made : List.of(other, another)) {
      InstallReport report = bench.apply(Workbench.create(made, own).build());
      assertThat(report.warnings()).isEmpty();
      // and so is the file in the store, which it shares
      assertThat(made.resolve("CACHEDIR.TAG")).hasContent("of its own");
    }
    assertThat(bench.installer().verify(other, OperationContext.silent()).isSound()).isTrue();
  }

  @Test
  void writesAHistoryThatRemembersWhatWasAskedFor() {
    bench.apply(Workbench.create(prefix, tool("1.0")).build());

    History history = History.read(prefix);
    assertThat(history.revisions()).hasSize(1);
    assertThat(history.requestedSpecs(Set.of("tool"))).containsEntry("tool", "tool");
    assertThat(PrefixRecords.isEnvironment(prefix)).isTrue();
  }

  @Test
  void putsNoarchPythonWherePythonLooks() throws Exception {
    bench.apply(
        Workbench.create(prefix, python("3.11"), module("1")).compileBytecode(false).build());

    assertThat(prefix.resolve("lib/python3.11/site-packages/module.py")).exists();
    assertThat(prefix.resolve("bin/run-module")).exists();
    assertThat(Files.readString(prefix.resolve("bin/module")))
        .startsWith("#!" + prefix + "/bin/python3.11\n")
        .contains("from module.main import start")
        .contains("sys.exit(start())");
    assertThat(prefix.resolve("bin/module")).isExecutable();
  }

  @Test
  void warnsWhenPythonDoesNotCompileAndGoesOn() {
    InstallReport report =
        bench.apply(Workbench.create(prefix, python("3.11"), module("1")).build());

    assertThat(report.warnings()).anyMatch(text -> text.contains("byte code"));
    assertThat(prefix.resolve("lib/python3.11/site-packages/module.py")).exists();
  }

  @Test
  void replacesAPackageAndLeavesNothingOfTheOldOne() {
    bench.apply(Workbench.create(prefix, tool("1.0")).build());
    bench.apply(Workbench.change(prefix, tool("2.0")).build());

    Path fresh = folder.resolve("envs/fresh");
    bench.apply(Workbench.create(fresh, tool("2.0")).build());
    assertThat(Workbench.picture(prefix).keySet()).isEqualTo(Workbench.picture(fresh).keySet());
    assertThat(History.read(prefix).revisions().get(1).distributions())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("-") && line.endsWith("::tool-1.0-0"))
        .anyMatch(line -> line.startsWith("+") && line.endsWith("::tool-2.0-0"));
  }

  @Test
  void removesAPackageWithItsEmptyFolders() {
    PackageRecord other = bench.build(builder("other", "1").file("share/other.txt", "other"));
    bench.apply(Workbench.create(prefix, tool("1.0"), other).build());
    bench.apply(
        Workbench.change(prefix, other).removeSpecs(List.of(MatchSpec.parse("tool"))).build());

    assertThat(Workbench.picture(prefix).keySet())
        .containsExactly(
            "",
            "CACHEDIR.TAG",
            "conda-meta",
            "conda-meta/history",
            "conda-meta/other-1-0.json",
            "share",
            "share/other.txt");
    assertThat(History.read(prefix).requestedSpecs(Set.of("tool", "other")))
        .containsOnlyKeys("other");
  }

  @Test
  void keepsAFileThatAnotherPackageOwnsToo() {
    PackageRecord one = bench.build(builder("one", "1").file("shared.txt", "one"));
    PackageRecord two = bench.build(builder("two", "1").file("shared.txt", "two"));
    bench.apply(Workbench.create(prefix, one, two).build());
    assertThat(prefix.resolve("shared.txt")).hasContent("two");

    bench.apply(Workbench.change(prefix, one).build());
    assertThat(prefix.resolve("shared.txt")).exists();
    assertThat(PrefixRecords.read(prefix).get("one").orElseThrow().files()).contains("shared.txt");
  }

  @Test
  void copiesWhenToldTo() throws Exception {
    PackageRecord record = tool("1.0");
    InstallReport report =
        bench.apply(Workbench.create(prefix, record).linkMode(LinkMode.COPY).build());

    assertThat(report.filesLinked()).isZero();
    assertThat(report.filesCopied()).isEqualTo(1);
    assertThat(Files.getAttribute(prefix.resolve("share/tool/data.txt"), "unix:nlink"))
        .isEqualTo(1);
  }

  @Test
  void refusesToCreateWhatIsThere() {
    bench.apply(Workbench.create(prefix, tool("1.0")).build());
    var before = Workbench.picture(prefix);

    assertThatThrownBy(() -> bench.apply(Workbench.create(prefix, tool("2.0")).build()))
        .isInstanceOf(EnvironmentExistsException.class);
    assertThat(Workbench.picture(prefix)).isEqualTo(before);
  }

  @Test
  void replacesAWholeEnvironmentWhenToldTo() {
    bench.apply(Workbench.create(prefix, tool("1.0")).build());
    bench.apply(Workbench.create(prefix, tool("2.0")).replaces(true).build());

    assertThat(prefix.resolve("share/tool/data.txt")).hasContent("data of 2.0");
    assertThat(siblings()).containsExactly("demo");
  }

  @Test
  void replacesNoEnvironmentThatChangedSinceThePlan() throws Exception {
    bench.apply(Workbench.create(prefix, tool("1.0")).build());
    Plan plan = Workbench.create(prefix, tool("2.0")).replaces(true).build();
    Files.writeString(prefix.resolve("conda-meta/pinned"), "tool <2\n");
    var before = Workbench.picture(prefix);

    assertThatThrownBy(() -> bench.apply(plan))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("changed since");
    assertThat(Workbench.picture(prefix)).isEqualTo(before);
    assertThat(siblings()).containsExactly("demo");
  }

  @Test
  void createsIntoAnEmptyFolderOnly() throws Exception {
    Files.createDirectories(prefix);
    bench.apply(Workbench.create(prefix, tool("1.0")).build());
    assertThat(prefix.resolve("bin/tool")).exists();

    Path mine = folder.resolve("envs/mine");
    Files.createDirectories(mine);
    Files.writeString(mine.resolve("letter.txt"), "dear");
    assertThatThrownBy(
            () -> bench.apply(Workbench.create(mine, tool("1.0")).replaces(true).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining(mine.toString());
    assertThat(mine.resolve("letter.txt")).hasContent("dear");
  }

  @Test
  void refusesAPrefixThatChangedMeanwhile() throws Exception {
    bench.apply(Workbench.create(prefix, tool("1.0")).build());
    var plan = Workbench.change(prefix, tool("2.0")).build();
    Files.writeString(prefix.resolve("conda-meta/pinned"), "tool <2\n");

    assertThatThrownBy(() -> bench.apply(plan))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("changed since");
  }

  @Test
  void refusesAFrozenPrefix() throws Exception {
    bench.apply(Workbench.create(prefix, tool("1.0")).build());
    Files.writeString(prefix.resolve("conda-meta/frozen"), "{\"message\": \"in production\"}");

    assertThatThrownBy(() -> bench.apply(Workbench.change(prefix, tool("2.0")).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("in production");
    assertThatThrownBy(() -> bench.installer().remove(prefix, OperationContext.silent()))
        .isInstanceOf(InstallException.class);
    assertThat(prefix.resolve("share/tool/data.txt")).hasContent("data of 1.0");
  }

  @Test
  void refusesAPrefixThatIsTooLongBeforeAnythingIsTouched() {
    Path longPrefix = folder.resolve("envs/" + "x".repeat(200));

    assertThatThrownBy(() -> bench.apply(Workbench.create(longPrefix, tool("1.0")).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("leaves room for " + PLACEHOLDER.length())
        .hasMessageContaining("lib/libtool.so.1.0")
        .hasMessageContaining("tool 1.0");
    assertThat(folder.resolve("envs")).doesNotExist();
  }

  @Test
  void removesAnEnvironmentAndNothingElse() throws Exception {
    bench.apply(Workbench.create(prefix, tool("1.0")).build());
    Path notes = folder.resolve("envs/notes");
    Files.createDirectories(notes);

    bench.installer().remove(prefix, OperationContext.silent());

    assertThat(siblings()).containsExactly("notes");
    assertThatThrownBy(() -> bench.installer().remove(notes, OperationContext.silent()))
        .isInstanceOf(EnvironmentNotFoundException.class);
    assertThat(notes).exists();
  }

  @Test
  void reportsLinkScriptsThatItDidNotRun() {
    PackageRecord record =
        bench.build(
            builder("noisy", "1").file("bin/.noisy-post-link.sh", "touch $PREFIX/was-here\n"));
    InstallReport report = bench.apply(Workbench.create(prefix, record).build());

    assertThat(report.skippedScripts()).containsExactly("noisy: bin/.noisy-post-link.sh");
    assertThat(prefix.resolve("was-here")).doesNotExist();
  }

  @Test
  void runsLinkScriptsWhenAllowedAndShowsTheirMessage() {
    PackageRecord record =
        bench.build(
            builder("noisy", "1")
                .file(
                    "bin/.noisy-post-link.sh",
                    """
                    touch $PREFIX/was-here
                    echo "$PKG_NAME $PKG_VERSION" >> $PREFIX/.messages.txt
                    """));
    InstallReport report =
        bench.apply(Workbench.create(prefix, record).allowedScripts(AllowedScripts.ALL).build());

    assertThat(prefix.resolve("was-here")).exists();
    assertThat(report.warnings()).containsExactly("noisy says: noisy 1");
    assertThat(prefix.resolve(".messages.txt")).doesNotExist();
  }

  @Test
  void undoesANewPrefixWhoseLinkScriptFails() {
    PackageRecord record =
        bench.build(builder("bad", "1").file("bin/.bad-post-link.sh", "echo oh no\nexit 3\n"));

    assertThatThrownBy(
            () ->
                bench.apply(
                    Workbench.create(prefix, record).allowedScripts(AllowedScripts.ALL).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("oh no");
    assertThat(folder.resolve("envs")).doesNotExist();
  }

  @Test
  void leavesNothingWhenItIsCancelledInTheMiddle() {
    OperationContext context = CancellingListener.afterLinking(1);

    assertThatThrownBy(
            () ->
                bench
                    .installer()
                    .apply(Workbench.create(prefix, python("3.11"), tool("1.0")).build(), context))
        .isInstanceOf(io.jconda.OperationCancelledException.class);
    assertThat(folder.resolve("envs")).doesNotExist();
  }

  @Test
  void putsTheOldFilesBackWhenAChangeIsCancelled() {
    bench.apply(Workbench.create(prefix, python("3.11"), tool("1.0")).build());
    var before = Workbench.picture(prefix);
    String stamp = PrefixState.stamp(prefix);
    var plan = Workbench.change(prefix, python("3.12"), tool("2.0")).build();

    assertThatThrownBy(() -> bench.installer().apply(plan, CancellingListener.afterLinking(1)))
        .isInstanceOf(io.jconda.OperationCancelledException.class);
    assertThat(Workbench.picture(prefix)).isEqualTo(before);
    assertThat(PrefixState.stamp(prefix)).isEqualTo(stamp);
  }

  @Test
  void remembersSpecsOfAPlanThatChangesNothingElse() {
    bench.apply(Workbench.create(prefix, tool("1.0")).build());
    bench.apply(
        Workbench.change(prefix, tool("1.0"))
            .updateSpecs(List.of(MatchSpec.parse("tool >=1")))
            .build());

    assertThat(History.read(prefix).requestedSpecs(Set.of("tool")).get("tool")).contains(">=1");
  }

  private List<String> siblings() {
    try (Stream<Path> entries = Files.list(prefix.getParent())) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
