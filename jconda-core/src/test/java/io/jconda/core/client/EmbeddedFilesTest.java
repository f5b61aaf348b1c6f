package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CommandFailedException;
import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import io.jconda.InstallException;
import io.jconda.InstalledDistribution;
import io.jconda.Plan;
import io.jconda.core.pip.Wheels;
import io.jconda.file.EnvironmentFile;
import io.jconda.file.ExportDetail;
import io.jconda.file.LockFile;
import io.jconda.file.LockedPackage;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Exports and locks environments with packages of pip, and makes them again of the files. */
@Timeout(180)
class EmbeddedFilesTest {
  @TempDir static Path folder;
  private static CondaClient client;
  private static Environment env;
  private static Path wheel;

  @BeforeAll
  static void makeEnvironment() throws IOException {
    client = CondaClient.builder().root(ChannelWorld.root()).build();
    wheel = Wheels.build(Files.createDirectory(folder.resolve("wheels")), "jc_one", "1.5", "");
    env =
        request("env")
            .channel("embedded:")
            .python("3.13")
            .pip(wheel.toString())
            .variable("JC_LEVEL", "3.10")
            .install();
  }

  @AfterAll
  static void close() {
    client.close();
  }

  private static EnvironmentRequest request(String name) {
    return client.env(folder.resolve(name)).compileBytecode(false);
  }

  private static List<String> names(Environment of) {
    return of.packages().stream().map(PackageRecord::toString).toList();
  }

  private static boolean imports(Environment in) {
    return in.run("python", "-c", "import jc_one").isSuccess();
  }

  @Test
  void aRequestBringsWhatPipInstallsAndVariables() {
    assertThat(env.packages()).extracting(PackageRecord::name).contains("jc-one", "pip");
    assertThat(imports(env)).isTrue();
    assertThat(env.activation().variables()).containsEntry("JC_LEVEL", "3.10");
    Plan plan = request("planned").channel("embedded:").python("3.13").pip("jc_one").plan();
    assertThat(plan.toString()).contains("jc_one  (pip)");
    assertThat(plan.toJson()).contains("\"pip\":[\"jc_one\"]");
    assertThat(folder.resolve("planned")).doesNotExist();
  }

  @Test
  void anExportedFileMakesTheSameAgain() throws IOException {
    EnvironmentFile file = env.export();
    assertThat(file.pip()).containsExactly("jc_one @ " + wheel.toUri());
    assertThat(file.channels()).singleElement().matches(Channel::isEmbedded);
    assertThat(file.dependencies()).hasSize(env.packages().size() - 1);
    Path written = file.write(folder.resolve("environment.yml"));

    Environment again = request("again").from(EnvironmentFile.read(written)).create();
    assertThat(names(again)).isEqualTo(names(env));
    assertThat(imports(again)).isTrue();
    assertThat(again.activation().variables()).containsEntry("JC_LEVEL", "3.10");
    again.remove();
  }

  @Test
  void whatWasAskedForIsExportedAsItWasAskedFor() {
    EnvironmentFile file = env.export(ExportDetail.REQUESTED);
    assertThat(file.dependencies())
        .extracting(MatchSpec::name)
        .containsExactlyInAnyOrder("python", "pip");
    assertThat(file.pip()).hasSize(1);
    assertThat(env.export(ExportDetail.VERSIONS).dependencies())
        .noneMatch(spec -> spec.build().isPresent());
  }

  @Test
  void aLockFileMakesTheSameAgainWithPipsHashesChecked() throws IOException {
    LockFile lock = env.lockFile();
    LockedPackage locked = lock.packages().get(lock.packages().size() - 1);
    assertThat(locked.manager()).isEqualTo(LockedPackage.Manager.PIP);
    assertThat(locked.name()).isEqualTo("jc-one");
    assertThat(locked.sha256()).isPresent();
    Path written = lock.write(folder.resolve("conda-lock.yml"));
    LockFile read = LockFile.read(written);
    assertThat(read.packages()).isEqualTo(lock.packages());

    Environment again = request("locked").from(read).create();
    assertThat(names(again)).isEqualTo(names(env));
    assertThat(imports(again)).isTrue();
    assertThat(again.requestedSpecs()).extracting(MatchSpec::name).contains("pip");
    again.remove();

    Path bad = folder.resolve("bad.yml");
    Files.writeString(bad, lock.toYaml().replace(locked.sha256().orElseThrow(), "0".repeat(64)));
    assertThatThrownBy(() -> request("bad").from(LockFile.read(bad)).create())
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("HASH");
    assertThat(folder.resolve("bad")).doesNotExist();
  }

  @Test
  void whatAnotherPipInstalledIsLockedToo() throws IOException {
    LockFile remembered = env.lockFile();
    Path notes = env.prefix().resolve("conda-meta/.jconda/pip.json");
    Path kept = Files.move(notes, folder.resolve("pip.json"));
    try {
      assertThat(env.lockFile().packages()).isEqualTo(remembered.packages());
      try (CondaClient offline = client.newBuilder().offline(true).build()) {
        assertThat(offline.env(env.prefix()).open().lockFile().packages())
            .isEqualTo(remembered.packages());
      }
    } finally {
      Files.move(kept, notes);
    }
    try (CondaClient offline = client.newBuilder().offline(true).build()) {
      assertThat(offline.env(env.prefix()).open().lockFile().packages())
          .isEqualTo(remembered.packages());
    }
  }

  @Test
  void anExplicitListMakesCondasPackagesAgain() {
    LockFile lock = LockFile.parse(env.lockFile().toExplicit(env.platform()));
    Environment again = request("explicit").from(lock).ensure();
    assertThat(names(again))
        .containsExactlyElementsOf(names(env).stream().filter(n -> !n.contains("jc-one")).toList());
    assertThat(request("explicit").from(lock).ensure().report().changes()).isEmpty();
    again.remove();
  }

  @Test
  void ensureBringsBackWhatPipTookAway() {
    EnvironmentRequest wanted =
        request("ensured").channel("embedded:").python("3.13").pip(wheel + "");
    Environment made = wanted.ensure();
    assertThat(imports(made)).isTrue();
    made.pip().uninstall("jc_one");
    assertThat(imports(wanted.ensure())).isTrue();
    made.remove();
  }

  @Test
  void whatHasNoArchiveIsExportedAndRefusesALock() throws IOException {
    Path project = Files.createDirectory(folder.resolve("project"));
    Environment own = request("own").channel("embedded:").python("3.13").install("pip");
    Path site = own.pip().list().get(0).location().resolveSibling("jc_here-1.dist-info");
    Files.createDirectory(site);
    Files.writeString(site.resolve("METADATA"), "Name: jc_here\nVersion: 1\n");
    Files.writeString(
        site.resolve("direct_url.json"),
        "{\"url\": \"%s\", \"dir_info\": {\"editable\": true}}".formatted(project.toUri()));
    assertThat(own.export().pip()).containsExactly("-e " + project);
    assertThatThrownBy(own::lockFile)
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("jc_here==1")
        .hasMessageContaining("export()");
    own.remove();
  }

  @Test
  void anEnvironmentThatPipCannotCompleteIsNotLeftBehind() {
    Path missing = folder.resolve("gone-1-py3-none-any.whl");
    assertThatThrownBy(
            () -> request("half").channel("embedded:").python("3.13").pip(missing + "").create())
        .isInstanceOf(CommandFailedException.class);
    assertThat(folder.resolve("half")).doesNotExist();
  }

  @Test
  void aLockFileAndSpecsDoNotGoTogether() {
    LockFile lock = env.lockFile();
    assertThatThrownBy(() -> request("both").from(lock).install("numpy"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(env.pip().list()).extracting(InstalledDistribution::name).contains("jc_one");
  }
}
