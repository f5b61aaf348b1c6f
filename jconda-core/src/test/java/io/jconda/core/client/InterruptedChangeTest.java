package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.Environment;
import io.jconda.Plan;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.host.FaultyDisk.Fault;
import io.jconda.core.host.Locks;
import io.jconda.core.install.Installer;
import io.jconda.core.install.PrefixLocks;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client finds where another process died in the middle of an update, wherever it died. */
class InterruptedChangeTest {
  @TempDir Path folder;
  private CondaClient client;
  private Environment env;
  private Plan update;

  /** Is the first thing that is done to the prefix afterwards. */
  enum Touch {
    OPEN,
    ENSURE,
    VERIFY,
    PLAN,
    REPAIR,
    PACKAGES_OF_AN_OLDER_HANDLE,
    SPECS_OF_AN_OLDER_HANDLE,
    HISTORY_OF_AN_OLDER_HANDLE,
    EXPORT_OF_AN_OLDER_HANDLE,
    COMMAND_OF_AN_OLDER_HANDLE,
    QUERY;

    void make(CondaClient client, Environment env) {
      switch (this) {
        case OPEN -> assertThat(client.env("demo").open().packages()).hasSize(2);
        case ENSURE -> assertThat(client.env("demo").ensure("tool").packages()).hasSize(2);
        case VERIFY -> assertThat(env.verify().isSound()).isTrue();
        case PLAN -> assertThat(client.env("demo").plan("tool").changes()).isEmpty();
        case REPAIR -> assertThat(env.repair().isSound()).isTrue();
        case PACKAGES_OF_AN_OLDER_HANDLE -> assertThat(env.packages()).hasSize(2);
        case SPECS_OF_AN_OLDER_HANDLE -> assertThat(env.requestedSpecs()).hasSize(2);
        case HISTORY_OF_AN_OLDER_HANDLE -> assertThat(env.history()).isNotEmpty();
        case EXPORT_OF_AN_OLDER_HANDLE -> assertThat(env.export().dependencies()).hasSize(2);
        case COMMAND_OF_AN_OLDER_HANDLE -> assertThat(env.command("tool")).isNotNull();
        case QUERY -> assertThat(env.query().search("tool").records()).hasSize(1);
      }
    }
  }

  @BeforeEach
  void makeAnEnvironmentAndAPlan() {
    Path channel = folder.resolve("channel");
    build(channel, "base", "1.0");
    build(channel, "tool", "1.0");
    build(channel, "tool", "2.0");
    ChannelIndexer.index(channel);
    client =
        CondaClient.builder().root(folder.resolve("root")).channels(channel.toString()).build();
    env = client.env("demo").ensure("tool=1.0", "base");
    update = client.env("demo").plan("tool=2.0");
  }

  private static void build(Path channel, String name, String version) {
    PackageBuilder.of(name, version)
        .noarch(NoarchType.GENERIC)
        .file("share/" + name + "/" + version, version)
        .file("share/" + name + "/same", "of " + version)
        .build(channel);
  }

  @AfterEach
  void close() {
    client.close();
  }

  /** Dies at an operation; tells whether it came to that. */
  private boolean dieAt(int operation) {
    return dieAt(operation, update);
  }

  private boolean dieAt(int operation, Plan plan) {
    Path root = folder.resolve("root");
    FaultyDisk disk = FaultyDisk.failingAt(operation, Fault.DEAD);
    try (Network network = new Network(NetworkSettings.defaults())) {
      new Installer(
              new PackageCache(root, Disk.real(), network),
              new PrefixLocks(Locks.at(root.resolve("lock"), Disk.real()), Disk.real()),
              disk,
              root)
          .apply(plan, OperationContext.silent());
    } catch (CondaException e) {
      assertThat(disk.hasFailed()).isTrue();
    }
    return disk.hasFailed();
  }

  @ParameterizedTest
  @EnumSource
  void isUndoneOrCompletedByTheNextOneWhateverItDoes(Touch touch) {
    Path change = env.prefix().resolve("conda-meta/.jconda/change");
    int undone = 0;
    for (int operation = 1; dieAt(operation); operation++) {
      boolean left = change.toFile().exists();

      touch.make(client, env);

      assertThat(change).describedAs("died at operation %d", operation).doesNotExist();
      List<String> now = env.packages().stream().map(PackageRecord::distName).toList();
      if (now.contains("tool-2.0-0")) {
        assertThat(now).containsExactly("base-1.0-0", "tool-2.0-0");
        assertThat(env.prefix().resolve("share/tool/same")).hasContent("of 2.0");
        assertThat(env.prefix().resolve("share/tool/1.0")).doesNotExist();
        break;
      }
      undone += left ? 1 : 0;
      assertThat(now).containsExactly("base-1.0-0", "tool-1.0-0");
      assertThat(env.prefix().resolve("share/tool/same")).hasContent("of 1.0");
      assertThat(env.prefix().resolve("share/tool/2.0")).doesNotExist();
    }
    assertThat(undone).isGreaterThan(10);
    assertThat(env.packages()).extracting(PackageRecord::distName).contains("tool-2.0-0");
    assertThat(env.verify().isSound()).isTrue();
  }

  @Test
  void anOlderHandleReadsOnWhereverAReplacementDied() {
    Plan replacement = client.env("demo").replace().plan("tool=2.0");
    int without = 0;
    for (int operation = 1; dieAt(operation, replacement); operation++) {
      without += env.prefix().toFile().exists() ? 0 : 1;

      List<String> now = env.packages().stream().map(PackageRecord::distName).toList();

      if (now.contains("tool-2.0-0")) {
        break;
      }
      assertThat(now)
          .describedAs("died at operation %d", operation)
          .containsExactly("base-1.0-0", "tool-1.0-0");
    }
    assertThat(without).isPositive();
    assertThat(env.packages()).extracting(PackageRecord::distName).containsExactly("tool-2.0-0");
  }

  @Test
  void readersDoNotWaitForWhoIsAtWork() {
    Path change = env.prefix().resolve("conda-meta/.jconda/change");
    for (int operation = 1; !change.toFile().exists(); operation++) {
      assertThat(dieAt(operation)).isTrue();
    }
    PrefixLocks locks =
        new PrefixLocks(Locks.at(folder.resolve("root").resolve("lock"), Disk.real()), Disk.real());
    Locks.Held writer = locks.acquire(env.prefix(), OperationContext.silent());
    try {
      assertThat(client.env("demo").open().packages()).isNotEmpty();
      assertThat(env.history()).isNotEmpty();
      assertThat(change).exists();
    } finally {
      writer.close();
    }
    assertThat(env.packages()).hasSize(2);
    assertThat(change).doesNotExist();
  }
}
