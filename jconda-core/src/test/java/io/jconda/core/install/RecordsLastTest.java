package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.CondaException;
import io.jconda.core.host.Disk;
import io.jconda.core.install.Scenario.Step;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a reader finds that comes between any two operations of the disk. */
class RecordsLastTest {
  @TempDir Path folder;

  /** Is a disk that looks at a prefix before each operation, and refuses one of them. */
  private static final class WatchingDisk extends Disk {
    private final Path prefix;
    private final int failing;
    private final AtomicInteger count = new AtomicInteger();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    WatchingDisk(Path prefix, int failing) {
      this.prefix = prefix;
      this.failing = failing;
    }

    private synchronized void look(Path path) throws IOException {
      int number = count.incrementAndGet();
      for (InstalledPackage installed : PrefixRecords.read(prefix).packages()) {
        for (String file : installed.files()) {
          if (!Files.exists(prefix.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
            seen.add("before operation " + number + ": " + installed + " without " + file);
          }
        }
      }
      if (number == failing) {
        throw new FileSystemException(path.toString(), null, "Input/output error");
      }
    }

    @Override
    public void createDirectories(Path path) throws IOException {
      look(path);
      super.createDirectories(path);
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
      look(path);
      return super.newOutputStream(path, options);
    }

    @Override
    public void move(Path source, Path target) throws IOException {
      look(target);
      super.move(source, target);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
      look(link);
      super.createLink(link, existing);
    }

    @Override
    public void createSymbolicLink(Path link, Path target) throws IOException {
      look(link);
      super.createSymbolicLink(link, target);
    }

    @Override
    public void copy(Path source, Path target) throws IOException {
      look(target);
      super.copy(source, target);
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
      look(path);
      return super.deleteIfExists(path);
    }
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void noRecordIsThereOfAPackageWhoseFilesAreNotAllThere(Step step) {
    try (Workbench bench = new Workbench(folder)) {
      Scenario scenario = new Scenario(bench, folder.resolve("envs/prefix"));
      scenario.prepare(step);
      WatchingDisk disk = new WatchingDisk(scenario.prefix, -1);
      scenario.run(step, bench.installer(disk));

      assertThat(disk.count).hasValueGreaterThan(10);
      assertThat(disk.seen).isEmpty();
    }
  }

  @Test
  void norWhenAChangeIsUndone() {
    try (Workbench bench = new Workbench(folder)) {
      Scenario scenario = new Scenario(bench, folder.resolve("envs/prefix"));
      scenario.prepare(Step.UPDATE);
      WatchingDisk counting = new WatchingDisk(scenario.prefix, -1);
      scenario.run(Step.UPDATE, bench.installer(counting));
      bench.installer().remove(scenario.prefix, OperationContext.silent());
      scenario.prepare(Step.UPDATE);
      var before = Workbench.picture(scenario.prefix);
      // from the end on, where most is there that has to go
      int undone = 0;
      for (int failing = counting.count.get(); failing > 0 && undone < 20; failing--) {
        WatchingDisk disk = new WatchingDisk(scenario.prefix, failing);
        try {
          scenario.run(Step.UPDATE, bench.installer(disk));
          bench.installer().remove(scenario.prefix, OperationContext.silent());
          scenario.prepare(Step.UPDATE);
          before = Workbench.picture(scenario.prefix);
        } catch (CondaException e) {
          undone++;
          assertThat(Workbench.picture(scenario.prefix)).isEqualTo(before);
        }
        assertThat(disk.seen).describedAs("operation %d failing", failing).isEmpty();
      }
      assertThat(undone).isEqualTo(20);
    }
  }
}
