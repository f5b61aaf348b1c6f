package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jconda.build.PackageBuilder;
import io.jconda.core.host.Disk;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order, and by how many threads, the paths of a package come into a prefix. */
class LinkOrderTest {
  private static final int FOLDERS = 4;

  @TempDir Path folder;

  /** Is a disk that keeps what is asked of it below {@code share}, and by which threads. */
  private static final class NotingDisk extends Disk {
    private final List<String> operations = new ArrayList<>();
    private final Map<String, Set<String>> threads = new TreeMap<>();
    private final CountDownLatch begun;

    NotingDisk(int together) {
      this.begun = new CountDownLatch(together);
    }

    @Override
    public void createDirectories(Path path) throws IOException {
      note("folder", path, path);
      super.createDirectories(path);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
      if (note("link", link, Objects.requireNonNull(link.getParent()))) {
        begun.countDown();
        try {
          assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      super.createLink(link, existing);
    }

    /** Returns whether it is the first in its folder. */
    private synchronized boolean note(String what, Path path, Path in) {
      if (!path.toString().contains("share")) {
        return false;
      }
      operations.add(what);
      if (!what.equals("link")) {
        return false;
      }
      Set<String> names = threads.computeIfAbsent(in.toString(), unused -> new TreeSet<>());
      boolean first = names.isEmpty();
      names.add(Thread.currentThread().getName());
      return first;
    }
  }

  private PackageRecord spread(Workbench bench) {
    PackageBuilder builder = PackageBuilder.of("spread", "1").platform(Platform.current());
    for (int file = 0; file < 50; file++) {
      for (int in = 0; in < FOLDERS; in++) {
        builder = builder.file("share/in" + in + "/deep/" + file, in + "/" + file);
      }
    }
    return bench.build(builder);
  }

  @Test
  void foldersAreMadeBeforeAnythingIsPutIntoThem() {
    NotingDisk disk = new NotingDisk(1);
    try (Workbench bench = new Workbench(folder)) {
      create(bench, disk);
    }

    int firstLink = disk.operations.indexOf("link");
    assertThat(disk.operations.subList(0, firstLink)).hasSizeGreaterThanOrEqualTo(FOLDERS);
    assertThat(disk.operations.subList(firstLink, disk.operations.size()))
        .containsOnly("link")
        .hasSize(50 * FOLDERS);
  }

  @Test
  void foldersAreFilledAtOnceAndEachByOneThread() {
    assumeTrue(
        Runtime.getRuntime().availableProcessors() > 1, "one processor does one thing at a time");
    NotingDisk disk = new NotingDisk(2);
    try (Workbench bench = new Workbench(folder)) {
      create(bench, disk);
    }

    assertThat(disk.threads).hasSize(FOLDERS);
    assertThat(disk.threads.values()).allSatisfy(names -> assertThat(names).hasSize(1));
  }

  private void create(Workbench bench, Disk disk) {
    bench
        .installer(disk)
        .apply(
            Workbench.create(folder.resolve("envs/demo"), spread(bench)).build(),
            OperationContext.silent());
  }
}
