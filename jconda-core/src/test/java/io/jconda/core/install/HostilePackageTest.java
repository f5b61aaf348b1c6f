package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InstallException;
import io.jconda.build.PackageBuilder;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostilePackageTest {
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

  private static PackageBuilder builder(String name) {
    return PackageBuilder.of(name, "1").platform(Platform.current());
  }

  @Test
  void followsALinkOfAnotherPackageThatStaysInside() {
    PackageRecord links =
        bench.build(builder("links").file("lib/a", "a").symbolicLink("lib64", "lib"));
    PackageRecord through = bench.build(builder("through").file("lib64/b", "b"));
    bench.apply(Workbench.create(prefix, links, through).build());

    assertThat(prefix.resolve("lib/b")).hasContent("b");
  }

  @Test
  void refusesToFollowALinkOutOfAPrefixThatIsThere() throws Exception {
    PackageRecord harmless = bench.build(builder("harmless").file("lib/a", "a"));
    PackageRecord through = bench.build(builder("through").file("outside/b", "b"));
    bench.apply(Workbench.create(prefix, harmless).build());
    Path outside = folder.resolve("elsewhere");
    Files.createDirectories(outside);
    Files.createSymbolicLink(prefix.resolve("outside"), outside);
    var before = Workbench.picture(prefix);

    assertThatThrownBy(() -> bench.apply(Workbench.change(prefix, harmless, through).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("leads out of the environment");
    assertThat(outside).isEmptyDirectory();
    assertThat(Workbench.picture(prefix)).isEqualTo(before);
  }

  @Test
  void leavesFilesOutsideAloneWhateverARecordClaims() throws Exception {
    Path precious = folder.resolve("precious.txt");
    Files.writeString(precious, "precious");
    PackageRecord keep = bench.build(builder("keep").file("lib/a", "a"));
    bench.apply(Workbench.create(prefix, keep).build());
    Files.createSymbolicLink(prefix.resolve("way"), folder);
    Files.writeString(
        prefix.resolve("conda-meta/evil-1-0.json"),
        """
        {"name": "evil", "version": "1", "build": "0", "build_number": 0, "subdir": "noarch",
         "files": ["../../precious.txt", "%s", "way/precious.txt", "conda-meta/history"]}
        """
            .formatted(precious));
    bench.apply(Workbench.change(prefix, keep).build());

    assertThat(precious).hasContent("precious");
    assertThat(prefix.resolve("conda-meta/evil-1-0.json")).doesNotExist();
    assertThat(prefix.resolve("conda-meta/history")).exists();
  }

  @Test
  void refusesAPackageWithoutThePythonThatItNeeds() {
    PackageRecord module =
        bench.build(
            PackageBuilder.of("module", "1")
                .noarch(NoarchType.PYTHON)
                .file("site-packages/module.py", ""));

    assertThatThrownBy(() -> bench.apply(Workbench.create(prefix, module).build()))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("no Python");
    assertThat(prefix).doesNotExist();
  }
}
