package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.AllowedScripts;
import io.jconda.InstallReport;
import io.jconda.build.PackageBuilder;
import io.jconda.core.embedded.EmbeddedChannel;
import io.jconda.core.host.Disk;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PathType;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links a real Python with NumPy, and runs it. */
class RealPythonTest {
  // making the channel takes seconds
  @TempDir static Path shared;
  @TempDir Path folder;
  private Workbench bench;
  private Path channel;
  private Path prefix;

  @BeforeEach
  void open() {
    assumeTrue(
        Platform.current() == Platform.LINUX_64,
        "The build has the artifacts of linux-64 alone; this test has shown nothing here.");
    bench = new Workbench(folder);
    channel = EmbeddedChannel.folder(shared, Disk.real(), OperationContext.silent());
    prefix = folder.resolve("envs/real");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** Returns all packages of the channel, Python first: none of them needs more order. */
  private PackageRecord[] records() throws Exception {
    List<PackageRecord> records = new ArrayList<>();
    for (String subdir : List.of("linux-64", "noarch")) {
      JsonNode index =
          new ObjectMapper().readTree(channel.resolve(subdir).resolve("repodata.json").toFile());
      for (String group : List.of("packages", "packages.conda")) {
        for (Map.Entry<String, JsonNode> entry : index.path(group).properties()) {
          JsonNode json = entry.getValue();
          PackageRecord.Builder record =
              PackageRecord.builder(
                      json.path("name").asText(),
                      json.path("version").asText(),
                      json.path("build").asText())
                  .subdir(subdir);
          if (json.path("noarch").asText().equals("python")) {
            record.noarch(NoarchType.PYTHON);
          }
          records.add(Workbench.located(record, channel.resolve(subdir).resolve(entry.getKey())));
        }
      }
    }
    records.sort(Comparator.comparing(record -> record.name().equals("python") ? 0 : 1));
    return records.toArray(PackageRecord[]::new);
  }

  @Test
  void runsAndLooksAsASlowOracleSays() throws Exception {
    PackageRecord[] records = records();
    InstallReport report = bench.apply(Workbench.create(prefix, records).build());

    // the channel has two versions of one package, and here both are linked
    assertThat(report.warnings())
        .singleElement()
        .asString()
        .startsWith("jconda-hello 1.1 py_0 and jconda-hello 1.0 py_0 have different files");
    assertThat(report.filesPatched()).isGreaterThan(10);
    SlowOracle oracle = new SlowOracle(prefix, "3.13");
    for (PackageRecord record : records) {
      oracle.add(channel.resolve(record.subdir()).resolve(record.fileName()));
    }
    List<String> byteCode = madeByteCode();
    SortedMap<String, String> found = Workbench.picture(prefix);
    found
        .entrySet()
        .removeIf(
            entry ->
                entry.getKey().startsWith("conda-meta")
                    || entry.getKey().equals("CACHEDIR.TAG")
                    || byteCode.contains(entry.getKey()));
    SortedMap<String, String> expected = oracle.picture();
    List<String> all = new ArrayList<>(expected.keySet());
    all.addAll(byteCode);
    for (String path : all) {
      for (String folder = path; !folder.isEmpty(); ) {
        folder = folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
        expected.put(folder, "folder rwxr-xr-x");
      }
    }
    SortedMap<String, String> differing = new TreeMap<>(expected);
    differing.entrySet().removeAll(found.entrySet());
    assertThat(differing).isEmpty();
    assertThat(found.keySet()).isEqualTo(expected.keySet());

    assertThat(
            run("bin/python", "-c", "import sys, numpy; print(sys.prefix, numpy.arange(4).sum())"))
        .isEqualTo(prefix + " 6");
    assertThat(run("bin/jconda-hello")).isNotBlank();
  }

  private List<String> madeByteCode() {
    return PrefixRecords.read(prefix).packages().stream()
        .map(InstalledPackage::paths)
        .flatMap(List::stream)
        .filter(path -> path.type() == PathType.PYC_FILE)
        .map(PrefixPath::path)
        .toList();
  }

  @Test
  void compilesNoarchModulesWithTheirFinalPathAndRecordsThem() throws Exception {
    bench.apply(Workbench.create(prefix, records()).build());

    List<String> made = madeByteCode();
    assertThat(made).isNotEmpty().allMatch(path -> path.endsWith(".cpython-313.pyc"));
    for (InstalledPackage installed : PrefixRecords.read(prefix).packages()) {
      assertThat(installed.files()).doesNotHaveDuplicates();
      for (PrefixPath path : installed.paths()) {
        if (path.type() == PathType.PYC_FILE) {
          assertThat(path.size()).hasValue(Files.size(prefix.resolve(path.path())));
        }
      }
    }
    for (String path : made) {
      byte[] code = Files.readAllBytes(prefix.resolve(path));
      String text = new String(code, StandardCharsets.ISO_8859_1);
      assertThat(text).doesNotContain(".jconda-tmp");
    }
    // Python takes them as they are: it would write them anew if it did not
    String cli =
        made.stream().filter(path -> path.contains("jconda_hello")).findFirst().orElseThrow();
    Object written = Files.getAttribute(prefix.resolve(cli), "unix:ctime");
    Object inode = Files.getAttribute(prefix.resolve(cli), "unix:ino");
    run("bin/python", "-c", "import jconda_hello.cli, jconda_hello");
    assertThat(Files.getAttribute(prefix.resolve(cli), "unix:ctime")).isEqualTo(written);
    assertThat(Files.getAttribute(prefix.resolve(cli), "unix:ino")).isEqualTo(inode);
  }

  @Test
  void aModuleThatDoesNotCompileIsLeftAloneAndTheOthersAreRecorded() throws Exception {
    PackageRecord mixed =
        bench.build(
            PackageBuilder.of("mixed", "1")
                .noarch(NoarchType.PYTHON)
                .file("site-packages/mixed/__init__.py", "VALUE = 1\n")
                .file("site-packages/mixed/of_python_2.py", "print 'hello'\n"));
    PackageRecord python =
        Arrays.stream(records())
            .filter(one -> one.name().equals("python"))
            .findFirst()
            .orElseThrow();

    InstallReport report = bench.apply(Workbench.create(prefix, python, mixed).build());

    assertThat(report.warnings()).isEmpty();
    assertThat(madeByteCode())
        .containsExactly("lib/python3.13/site-packages/mixed/__pycache__/__init__.cpython-313.pyc");
    assertThat(prefix.resolve("lib/python3.13/site-packages/mixed/of_python_2.py")).exists();
    bench.apply(Workbench.change(prefix, python).build());
    assertThat(prefix.resolve("lib/python3.13/site-packages/mixed")).doesNotExist();
  }

  @Test
  void whatAScriptChangesInAModuleIsInItsByteCode() throws Exception {
    PackageRecord scripted =
        bench.build(
            PackageBuilder.of("scripted", "1")
                .noarch(NoarchType.PYTHON)
                .file("site-packages/scripted.py", "VALUE = 'packaged'\n")
                .file(
                    "bin/.scripted-post-link.sh",
                    """
                    cd $PREFIX/lib/python3.13/site-packages
                    echo "VALUE = '$(python -c 'print(6 * 7)')'" > new.py
                    mv new.py scripted.py
                    """));
    PackageRecord python =
        Arrays.stream(records())
            .filter(one -> one.name().equals("python"))
            .findFirst()
            .orElseThrow();

    bench.apply(
        Workbench.create(prefix, python, scripted).allowedScripts(AllowedScripts.ALL).build());

    assertThat(run("bin/python", "-B", "-c", "import scripted; print(scripted.VALUE)"))
        .isEqualTo("42");
    Path code = prefix.resolve("lib/python3.13/site-packages/__pycache__/scripted.cpython-313.pyc");
    assertThat(new String(Files.readAllBytes(code), StandardCharsets.ISO_8859_1)).contains("42");
    assertThat(madeByteCode()).containsExactly(prefix.relativize(code).toString());
  }

  private String run(String... command) throws Exception {
    List<String> line = new ArrayList<>(List.of(command));
    line.set(0, prefix.resolve(command[0]).toString());
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PYTHON") || name.startsWith("LD_"));
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output.strip();
  }
}
