package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.Environment;
import io.jconda.InstallException;
import io.jconda.PackageNotFoundException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.host.Disk;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollbackTest {
  @TempDir Path folder;
  private Path channel;
  private CondaClient client;
  private Environment env;

  @BeforeEach
  void makeAnEnvironmentWithAPast() {
    channel = folder.resolve("channel");
    build("tool", "1.0");
    build("tool", "2.0");
    build("other", "1.0");
    ChannelIndexer.index(channel);
    client =
        CondaClient.builder().root(folder.resolve("root")).channels(channel.toString()).build();
    env = client.env("demo").with("tool=1").create();
    env.install("tool=2", "other");
  }

  private void build(String name, String version) {
    PackageBuilder.of(name, version)
        .noarch(NoarchType.GENERIC)
        .file("share/" + name, version)
        .build(channel);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void theHistoryTellsWhatCameAndWent() {
    assertThat(env.history()).hasSize(2);
    assertThat(env.history().get(1).number()).isEqualTo(1);
    assertThat(env.history().get(1).added())
        .hasSize(2)
        .allMatch(dist -> dist.matches(".*/noarch::(tool-2\\.0|other-1\\.0)-0"));
    assertThat(env.history().get(1).removed()).hasSize(1).allMatch(dist -> dist.contains("tool-1"));
    assertThat(env.history().get(1).requested()).contains("other");
    assertThat(env.history().get(0).toString()).contains("(rev 0)").contains("tool-1.0-0");
  }

  @Test
  void packagesAndSpecsOfThenComeBackAsARevisionOfItsOwn() {
    Environment back = env.rollback(0);

    assertThat(back.packages()).extracting(PackageRecord::distName).containsExactly("tool-1.0-0");
    assertThat(back.requestedSpecs()).extracting(MatchSpec::toString).containsExactly("tool=1");
    assertThat(back.prefix().resolve("share/tool")).hasContent("1.0");
    assertThat(back.history()).hasSize(3);
    assertThat(back.history().get(2).command()).isEqualTo("jconda rollback 0");

    Environment forth = back.rollback(1);
    assertThat(forth.packages())
        .extracting(PackageRecord::distName)
        .containsExactly("other-1.0-0", "tool-2.0-0");
  }

  private void takeFromChannel(String fileName) throws IOException {
    Files.delete(channel.resolve("noarch").resolve(fileName));
    ChannelIndexer.index(channel);
  }

  private void emptyTheCache() throws IOException {
    Disk.real().deleteTree(folder.resolve("root/store"));
  }

  @Test
  void whatTheChannelsHaveNoMoreComesFromTheCache() throws Exception {
    takeFromChannel("tool-1.0-0.conda");

    Environment back = env.rollback(0);

    assertThat(back.packages()).extracting(PackageRecord::distName).containsExactly("tool-1.0-0");
    assertThat(back.prefix().resolve("share/tool")).hasContent("1.0");
    assertThat(back.history().get(2).added()).isEqualTo(back.history().get(0).added());
  }

  @Test
  void withoutChannelsTheCacheServesEverything() throws Exception {
    Disk.real().deleteTree(channel);

    Environment back = env.rollback(0);

    assertThat(back.packages()).extracting(PackageRecord::distName).containsExactly("tool-1.0-0");
    assertThat(back.rollback(1).packages()).hasSize(2);
  }

  @Test
  void whatIsNowhereIsNamed() throws Exception {
    takeFromChannel("tool-1.0-0.conda");
    emptyTheCache();

    assertThatThrownBy(() -> env.rollback(0))
        .isInstanceOf(PackageNotFoundException.class)
        .hasMessageContaining("tool-1.0-0")
        .hasMessageContaining("neither in the channels nor in the package cache");
    assertThat(env.packages()).hasSize(2);
  }

  @Test
  void whatIsMissingIsNamedAlsoWhereNoChannelCanBeAsked() throws Exception {
    Disk.real().deleteTree(channel);
    emptyTheCache();

    assertThatThrownBy(() -> env.rollback(0))
        .isInstanceOf(PackageNotFoundException.class)
        .hasMessageContaining("tool-1.0-0")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void whatIsOnlyRemovedNeedsNoChannel() throws Exception {
    env.uninstall("other");
    Disk.real().deleteTree(channel);
    emptyTheCache();

    assertThat(env.rollback(2).packages()).hasSize(1);
    assertThatThrownBy(() -> env.rollback(1)).isInstanceOf(CondaException.class);
  }

  @Test
  void theRevisionThatIsThereIsThereWithoutChannelsAndCache() throws Exception {
    var prefixBefore = Files.getLastModifiedTime(env.prefix().resolve("share/tool"));
    Disk.real().deleteTree(channel);
    emptyTheCache();

    assertThat(env.planRollback(1).changesNoPackage()).isTrue();
    Environment same = env.rollback(1);

    assertThat(same.packages())
        .extracting(PackageRecord::distName)
        .containsExactly("other-1.0-0", "tool-2.0-0");
    assertThat(same.requestedSpecs())
        .extracting(MatchSpec::toString)
        .containsExactlyInAnyOrder("tool=2", "other");
    assertThat(Files.getLastModifiedTime(same.prefix().resolve("share/tool")))
        .isEqualTo(prefixBefore);
    assertThat(same.rollback(1).packages()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void aRevisionThatIsNotThereIsRefused(int revision) {
    assertThatThrownBy(() -> env.rollback(revision))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("no revision " + revision)
        .hasMessageContaining("0 to 1");
    assertThat(env.history()).hasSize(2);
  }
}
