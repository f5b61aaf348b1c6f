package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.Change;
import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import io.jconda.Plan;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans with a channel whose Python is a text file, so that every shape of change is cheap to show.
 */
class PlanTest {
  @TempDir Path folder;
  private CondaClient client;

  @BeforeEach
  void makeChannel() {
    Path channel = folder.resolve("channel");
    for (String version : new String[] {"3.8.1", "3.8.2", "3.9.0"}) {
      PackageBuilder.of("python", version)
          .platform(Platform.current())
          .file("lib/python.txt", version)
          .build(channel);
    }
    PackageBuilder.of("pip", "20.0")
        .noarch(NoarchType.GENERIC)
        .depends("python")
        .file("lib/pip.txt", "pip")
        .build(channel);
    PackageBuilder.of("pure", "1.0")
        .noarch(NoarchType.PYTHON)
        .depends("python")
        .file("site-packages/pure.py", "")
        .build(channel);
    PackageBuilder.of("wants-new", "1.0")
        .noarch(NoarchType.GENERIC)
        .depends("python >=3.9")
        .file("lib/new.txt", "")
        .build(channel);
    ChannelIndexer.index(channel);
    client =
        CondaClient.builder().root(folder.resolve("root")).channels(channel.toString()).build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private EnvironmentRequest request() {
    return client.env("demo").compileBytecode(false);
  }

  @Test
  void pythonBringsPipAsCondaHasItAndItsRecordStaysAsTheChannelServesIt() {
    Environment env = request().python("3.8").create();

    assertThat(env.packages()).extracting(PackageRecord::name).containsExactly("pip", "python");
    assertThat(env.packages().get(1).depends()).isEmpty();
    assertThat(env.uninstall("pip").packages())
        .extracting(PackageRecord::name)
        .containsExactly("python");
  }

  @Test
  void aPythonOfAnyThreeEightIsMeantByThreeEight() {
    Environment env = request().python("3.8").create();

    assertThat(env.packages()).extracting(PackageRecord::distName).contains("python-3.8.2-0");
  }

  @Test
  void installKeepsPythonsMinorVersionUnlessPythonIsNamed() {
    Environment env = request().python("3.8.1").create();

    assertThat(env.updateAll().packages())
        .extracting(PackageRecord::distName)
        .contains("python-3.8.1-0");
    Environment moved = env.install("python=3.9", "wants-new");

    assertThat(moved.packages())
        .extracting(PackageRecord::distName)
        .contains("python-3.9.0-0", "wants-new-1.0-0");
  }

  @Test
  void whenPythonMovesPurePackagesAreLinkedAgain() {
    Environment env = request().python("3.8").with("pure").create();
    assertThat(env.prefix().resolve("lib/python3.8/site-packages/pure.py")).exists();

    Plan plan = request().plan("python=3.9");
    assertThat(plan.changes())
        .hasAtLeastOneElementOfType(Change.Relinked.class)
        .hasAtLeastOneElementOfType(Change.Replaced.class);
    Environment moved = client.apply(plan);

    assertThat(moved.prefix().resolve("lib/python3.8")).doesNotExist();
    assertThat(moved.prefix().resolve("lib/python3.9/site-packages/pure.py")).exists();
  }

  @Test
  void ensureBringsBackWhatWasTakenOut() {
    Environment env = request().python("3.8").with("pure").create();
    Environment without = env.uninstall("pure");
    assertThat(without.packages()).extracting(PackageRecord::name).doesNotContain("pure");

    Environment again = request().ensure("pure");

    assertThat(again.packages()).extracting(PackageRecord::name).contains("pure");
  }

  @Test
  void pinsOfTheEnvironmentHold() throws IOException {
    Environment env = request().python("3.8.1").with("pure").create();
    Files.writeString(env.prefix().resolve("conda-meta/pinned"), "python 3.8.1\n");

    Environment updated = env.update("python");

    assertThat(updated.packages()).extracting(PackageRecord::distName).contains("python-3.8.1-0");
  }

  @Test
  void whatAnEnvironmentForAnotherMachineNeedsCanBeStated() {
    Path channel = folder.resolve("gpu");
    PackageBuilder.of("fast", "1.0")
        .noarch(NoarchType.GENERIC)
        .depends("__cuda >=12")
        .file("fast", "")
        .build(channel);
    ChannelIndexer.index(channel);

    Plan plan =
        client.env("gpu").channel(channel.toString()).virtualPackage("__cuda=12.4").plan("fast");

    assertThat(plan.solution()).extracting(PackageRecord::name).containsExactly("fast");
  }
}
