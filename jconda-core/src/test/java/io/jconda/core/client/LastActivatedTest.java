package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.Plan;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.prefix.LastActivated;
import io.jconda.process.Shell;
import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When an environment was activated last (CEP-32). */
class LastActivatedTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  @TempDir Path folder;
  private CondaClient client;
  private Environment env;
  private Path file;

  @BeforeEach
  void make() {
    Path channel = folder.resolve("channel");
    for (String name : new String[] {"one", "two"}) {
      PackageBuilder.of(name, "1")
          .noarch(NoarchType.GENERIC)
          .file("share/" + name, name)
          .build(channel);
    }
    ChannelIndexer.index(channel);
    client =
        CondaClient.builder().root(folder.resolve("root")).channels(channel.toString()).build();
    env = client.env("demo").with("one").create();
    file = LastActivated.file(env.prefix());
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void assertNotedBy(Runnable activation) throws Exception {
    activation.run();
    assertThat(file).isEmptyFile();
    Files.setLastModifiedTime(file, LONG_AGO);
    activation.run();
    assertThat(Files.getLastModifiedTime(file).toInstant())
        .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(1));
  }

  @Test
  void makingAnEnvironmentIsNone() {
    assertThat(file).doesNotExist();
  }

  @Test
  void commandsActivationsAndScriptsOfShellsAreSome() throws Exception {
    assertNotedBy(env::activation);
    Files.delete(file);
    assertNotedBy(() -> env.activationScript(Shell.BASH));
    assumeThat(Platform.current().isWindows()).isFalse();
    Files.delete(file);
    assertNotedBy(() -> env.run("true").orThrow());
  }

  @Test
  void whatSomebodyWroteIntoItStays() throws Exception {
    Files.writeString(file, "of another tool");
    env.activation();
    assertThat(file).hasContent("of another tool");
  }

  @Test
  void whereItCannotBeNotedTheEnvironmentIsActivatedAllTheSame() throws Exception {
    Files.createSymbolicLink(file, folder.resolve("nowhere/at all"));
    assertThat(env.activation().variables()).containsEntry("CONDA_PREFIX", env.prefix().toString());
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void itChangesNothingForPlansAndRequests() {
    Plan plan = client.env("demo").plan("two");
    env.activation();
    Environment changed = client.apply(plan);
    changed.activation();
    assertThat(client.env("demo").with("one", "two").ensure().report().nothingToDo()).isTrue();
    assertThat(changed.verify().isSound()).isTrue();
  }
}
