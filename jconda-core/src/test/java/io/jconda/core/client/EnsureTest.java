package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.Environment;
import io.jconda.Plan;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.host.Disk;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When {@code ensure} answers from what it remembers, and when it looks again. */
class EnsureTest {
  @TempDir Path folder;
  private Path channel;
  private CondaClient client;
  private Environment env;

  @BeforeEach
  void makeAnEnvironment() {
    channel = folder.resolve("channel");
    build("base", "1.0");
    build("tool", "1.0", "base");
    build("tool", "2.0", "base");
    ChannelIndexer.index(channel);
    client =
        CondaClient.builder().root(folder.resolve("root")).channels(channel.toString()).build();
    env = client.env("demo").ensure("tool=1.0");
  }

  private void build(String name, String version, String... depends) {
    PackageBuilder.of(name, version)
        .noarch(NoarchType.GENERIC)
        .depends(depends)
        .file("share/" + name, version)
        .build(channel);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Path record(String name) {
    return env.prefix().resolve("conda-meta/" + name + ".json");
  }

  private void takeTheChannelAway() throws IOException {
    Disk.real().deleteTree(channel);
    Disk.real().deleteTree(folder.resolve("root/index"));
  }

  private Environment ensure() {
    return client.env("demo").ensure("tool=1.0");
  }

  @Test
  void whatIsThereNeedsNoChannel() throws Exception {
    takeTheChannelAway();

    assertThat(ensure().report().nothingToDo()).isTrue();
    assertThatThrownBy(() -> client.env("demo").ensure("tool=2.0"))
        .isInstanceOf(CondaException.class);
  }

  @Test
  void whatSomebodyChangedRightAfterAPlanWasAppliedIsNotTakenForWhatItMade() throws Exception {
    Satisfaction satisfaction = new Satisfaction(Disk.real());
    Plan plan = client.env("other").with("tool=1.0").plan();
    client.apply(plan);
    Path notes = plan.prefix().resolve("conda-meta/.jconda/satisfied");
    Files.deleteIfExists(notes);
    Files.delete(plan.prefix().resolve("conda-meta/base-1.0-0.json"));

    satisfaction.note("a request", plan);
    assertThat(notes).doesNotExist();
  }

  @Test
  void aRecordThatChangedIsReadAgain() throws Exception {
    String other = Files.readString(record("tool-1.0-0")).replace("\"1.0\"", "\"0.9\"");
    Files.writeString(record("tool-1.0-0"), other);

    assertThat(ensure().packages())
        .extracting(PackageRecord::distName)
        .containsExactly("base-1.0-0", "tool-1.0-0");
  }

  @Test
  void aRecordThatWasOnlyTouchedNeedsNoChannelEither() throws Exception {
    takeTheChannelAway();
    Files.writeString(record("tool-1.0-0"), Files.readString(record("tool-1.0-0")) + "\n");

    assertThat(ensure().report().nothingToDo()).isTrue();
  }

  @Test
  void aPackageThatAnotherToolAddedIsNoHindrance() throws Exception {
    takeTheChannelAway();
    Files.writeString(
        record("foreign-1-0"),
        "{\"name\": \"foreign\", \"version\": \"1\", \"build\": \"0\", \"build_number\": 0}");

    assertThat(ensure().report().nothingToDo()).isTrue();
    assertThat(ensure().packages()).hasSize(3);
  }

  @Test
  void whatItNeedsComesBackWhenItsRecordWasTakenAway() throws Exception {
    Files.delete(record("base-1.0-0"));

    assertThat(ensure().packages())
        .extracting(PackageRecord::distName)
        .containsExactly("base-1.0-0", "tool-1.0-0");
  }
}
