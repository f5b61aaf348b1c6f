package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.build.PackageBuilder;
import io.jconda.cache.CleanOptions;
import io.jconda.cache.CleanReport;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.host.ChildJvm;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lets another process clean the store while this one links files of it. */
class CleaningMeanwhileTest {
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

  /** Removes what no environment has, and says for whom it waits: root. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      OperationContext context =
          new OperationContext(
              CancellationToken.create(),
              new Events(
                  event -> {
                    if (event instanceof ProgressEvent.Warning warning) {
                      System.out.println(warning.message());
                    }
                  }));
      try (Network network = new Network(NetworkSettings.defaults())) {
        PackageCache cache = new PackageCache(Path.of(arguments[0]), Disk.real(), network);
        CleanReport report = cache.care().clean(CleanOptions.defaults(), Set.of(), context);
        System.out.println("removed " + report.packages().size());
      }
    }
  }

  /** Starts a cleaning before the first file is linked, and goes on when the cleaning waits. */
  private final class CleanedWhileLinking extends Disk {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final List<ChildJvm> children = new CopyOnWriteArrayList<>();

    @Override
    public void createLink(Path link, Path existing) throws IOException {
      if (begun.compareAndSet(false, true)) {
        ChildJvm child = ChildJvm.start(Child.class, bench.root);
        children.add(child);
        heard.add(child.line());
      }
      super.createLink(link, existing);
    }
  }

  @Test
  void nothingIsRemovedThatAnotherProcessIsLinking() throws Exception {
    PackageRecord used =
        bench.build(
            PackageBuilder.of("used", "1")
                .platform(Platform.current())
                .file("share/a", "first")
                .file("share/b", "second"));
    PackageRecord unused =
        bench.build(
            PackageBuilder.of("unused", "1").platform(Platform.current()).file("share/c", "third"));
    bench.cache(Disk.real()).fetch(unused, OperationContext.silent());
    CleanedWhileLinking disk = new CleanedWhileLinking();
    bench.installer(disk).apply(Workbench.create(prefix, used).build(), OperationContext.silent());

    assertThat(disk.heard)
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .contains("package cache", "process " + ProcessHandle.current().pid())
                    .containsPattern("since \\d{4}-"));
    ChildJvm child = disk.children.get(0);
    assertThat(child.line()).isEqualTo("removed 1");
    assertThat(child.exitCode()).isZero();
    assertThat(prefix.resolve("share/a")).hasContent("first");
    assertThat(prefix.resolve("share/b")).hasContent("second");
    assertThat(bench.cache(Disk.real()).has(used)).isTrue();
    assertThat(bench.cache(Disk.real()).has(unused)).isFalse();
  }
}
