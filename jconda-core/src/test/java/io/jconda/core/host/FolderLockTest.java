package io.jconda.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
  @TempDir Path folder;

  private FolderLock lock() {
    return FolderLock.in(folder.resolve("notes"), Disk.real());
  }

  private static OperationContext impatient() {
    return new OperationContext(
        CancellationToken.withTimeout(Duration.ofMillis(50)), Events.silent());
  }

  /** Is what other processes run. */
  static final class Child {
    private Child() {}

    /** Holds the lock until its input ends; or, told so, takes it over and over to count. */
    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      FolderLock lock = FolderLock.in(folder.resolve("notes"), Disk.real());
      if (arguments.length == 1) {
        Locks.Held held = lock.acquire(OperationContext.silent());
        System.out.println("held");
        while (System.in.read() >= 0) {
          // until nobody is there any more
        }
        held.close();
        return;
      }
      Path counter = folder.resolve("counter");
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        Locks.Held held = lock.acquire(OperationContext.silent());
        try {
          int count = Integer.parseInt(Files.readString(counter));
          Files.writeString(counter, String.valueOf(count + 1));
        } finally {
          held.close();
        }
      }
    }
  }

  @Test
  void leavesNothingBehind() {
    lock().acquire(OperationContext.silent()).close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void leavesWhatElseLiesThere() throws Exception {
    Files.createDirectory(folder.resolve("notes"));
    Files.writeString(folder.resolve("notes/other"), "x");

    lock().acquire(OperationContext.silent()).close();

    assertThat(folder.resolve("notes")).isDirectoryContaining("glob:**/other");
    assertThat(folder.resolve("notes/lock")).doesNotExist();
  }

  @Test
  void keepsOtherProcessesOutAndTellsWhoHasIt() throws Exception {
    try (ChildJvm child = ChildJvm.start(Child.class, folder)) {
      assertThat(child.line()).isEqualTo("held");

      assertThatThrownBy(() -> lock().acquire(impatient()))
          .isInstanceOf(OperationCancelledException.class);
      assertThat(lock().holder()).get().extracting(Locks.Holder::pid).isEqualTo(child.pid());
      child.kill();
    }
    // what it left excludes nobody, and is nobody's any more
    assertThat(folder.resolve("notes/lock")).exists();
    assertThat(lock().holder()).isEmpty();
    lock().acquire(OperationContext.silent()).close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void onlyOneProcessAtATimeHasItAlthoughTheFileComesAndGoes() throws Exception {
    int times = 200;
    Files.writeString(folder.resolve("counter"), "0");
    List<ChildJvm> children = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        children.add(ChildJvm.start(Child.class, folder, times));
      }
      for (ChildJvm child : children) {
        assertThat(child.exitCode()).isZero();
      }
    } finally {
      children.forEach(ChildJvm::close);
    }

    assertThat(folder.resolve("counter")).hasContent(String.valueOf(3 * times));
    assertThat(folder.resolve("notes")).doesNotExist();
  }

  @Test
  void theFolderMayGoWhileItIsHeld() throws Exception {
    Path prefix = Files.createDirectories(folder.resolve("prefix"));
    Locks.Held held =
        FolderLock.in(prefix.resolve("notes"), Disk.real()).acquire(OperationContext.silent());
    Files.move(prefix, folder.resolve("gone"));

    held.close();
    held.close();

    assertThat(prefix).doesNotExist();
  }

  @Test
  void whereThereIsNoFolderNothingIsMadeAndNobodyWaits() {
    Locks.Held held =
        FolderLock.in(folder.resolve("none/notes"), Disk.real()).acquire(OperationContext.silent());
    held.close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whoIsInterruptedWaitsNoLonger() throws Exception {
    try (ChildJvm child = ChildJvm.start(Child.class, folder)) {
      assertThat(child.line()).isEqualTo("held");
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> lock().acquire(OperationContext.silent()))
          .isInstanceOf(OperationCancelledException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
