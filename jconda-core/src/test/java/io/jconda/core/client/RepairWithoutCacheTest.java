package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.Environment;
import io.jconda.Verification.Damage;
import io.jconda.Verification.Fault;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.host.Disk;
import io.jconda.spec.NoarchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be verified and repaired where there is no channel, or nothing in the cache. */
class RepairWithoutCacheTest {
  @TempDir Path folder;
  private Path channel;
  private CondaClient client;
  private Environment env;

  @BeforeEach
  void makeAnEnvironmentAndDamageIt() throws Exception {
    channel = folder.resolve("channel");
    PackageBuilder.of("tool", "1.0")
        .noarch(NoarchType.GENERIC)
        .file("share/one", "one")
        .file("share/two", "two")
        .file("share/three", "three")
        .build(channel);
    ChannelIndexer.index(channel);
    client =
        CondaClient.builder()
            .root(folder.resolve("root"))
            .channels(channel.toString())
            .offline(true)
            .build();
    env = client.env("demo").ensure("tool");
    assertThat(env.verify().isSound()).isTrue();
    Files.delete(env.prefix().resolve("share/one"));
    // not through the link that it shares with the cache
    Files.delete(env.prefix().resolve("share/two"));
    Files.writeString(env.prefix().resolve("share/two"), "owt");
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void emptyTheCache() throws IOException {
    Disk.real().deleteTree(folder.resolve("root/store"));
  }

  private void takeTheChannelAway() throws IOException {
    Disk.real().deleteTree(channel);
    Disk.real().deleteTree(folder.resolve("root/index"));
  }

  private void assertWhole() {
    assertThat(env.verify().isSound()).isTrue();
    assertThat(env.prefix().resolve("share/one")).hasContent("one");
    assertThat(env.prefix().resolve("share/two")).hasContent("two");
  }

  @Test
  void verifyNeedsNeitherCacheNorChannel() throws Exception {
    emptyTheCache();
    takeTheChannelAway();

    assertThat(env.verify().damages())
        .extracting(Damage::path, Damage::fault)
        .containsExactly(tuple("share/one", Fault.MISSING), tuple("share/two", Fault.ALTERED));
  }

  @Test
  void repairNeedsNoChannelWhereTheCacheHasThePackage() throws Exception {
    takeTheChannelAway();

    assertThat(env.repair().damages()).hasSize(2);
    assertWhole();
  }

  @Test
  void repairFetchesAgainWhatTheCacheHasNoMore() throws Exception {
    emptyTheCache();

    assertThat(env.repair().damages()).hasSize(2);
    assertWhole();
  }

  @Test
  void whatIsNowhereIsNamedAndNothingIsTouched() throws Exception {
    emptyTheCache();
    takeTheChannelAway();

    assertThatThrownBy(() -> env.repair())
        .isInstanceOfSatisfying(
            CondaException.class,
            e -> {
              assertThat(e.problem()).contains("tool-1.0-0");
              assertThat(e.remedy()).isNotBlank();
            });

    assertThat(env.prefix().resolve("share/one")).doesNotExist();
    assertThat(env.prefix().resolve("share/two")).hasContent("owt");
    assertThat(env.prefix().resolve("share/three")).hasContent("three");
    assertThat(env.prefix().resolve("conda-meta/.jconda/change")).doesNotExist();
  }
}
