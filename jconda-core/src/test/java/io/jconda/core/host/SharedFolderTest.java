package io.jconda.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.core.host.OutgoingBlocks.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedFolderTest {
  @TempDir Path temp;
  private Path first;
  private Path second;

  @BeforeEach
  void name() {
    first = temp.resolve("first").resolve("w");
    second = temp.resolve("second").resolve("w");
  }

  private SharedFolder shared(Disk disk) {
    return SharedFolder.in(disk, List.of(first, second));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static Content content(byte[] bytes) {
    return Content.of(ByteBuffer.wrap(bytes));
  }

  private static byte[] read(SharedFolder shared, Path file, int size) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    shared
        .incoming()
        .read(
            file,
            size,
            part -> {
              byte[] bytes = new byte[part.remaining()];
              part.get(bytes);
              all.writeBytes(bytes);
            });
    return all.toByteArray();
  }

  @Test
  void aFileThatComesBackIsWrittenOver() throws IOException {
    try (SharedFolder shared = shared(Disk.real())) {
      Path file = shared.outgoing().write(content(random(3_000_000)));
      assertThat(file).hasBinaryContent(random(3_000_000)).hasParent(first);
      for (int size : new int[] {2_999_999, 1_000_000, 3_000_000}) {
        shared.outgoing().release(file);
        assertThat(shared.outgoing().write(content(random(size)))).isEqualTo(file);
        assertThat(Arrays.copyOf(Files.readAllBytes(file), size)).isEqualTo(random(size));
      }
    }
    assertThat(first).doesNotExist();
  }

  @Test
  void aFileThatIsOutOrTooSmallOrMuchTooLargeIsLeftAlone() throws IOException {
    try (SharedFolder shared = shared(Disk.real())) {
      Path out = shared.outgoing().write(content(random(1_000)));
      Path large = shared.outgoing().write(content(random(10_000)));
      shared.outgoing().release(large);
      Path more = shared.outgoing().write(content(random(1_000)));
      assertThat(more).isNotEqualTo(out).isNotEqualTo(large);
      assertThat(shared.outgoing().write(content(random(10_001)))).isNotEqualTo(large);
      assertThat(out).hasBinaryContent(random(1_000));
    }
  }

  @Test
  void itIsReadableByItsUserAlone() throws IOException {
    try (SharedFolder shared = shared(Disk.real())) {
      Path file = shared.outgoing().write(content(random(1_000)));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void whereTheFirstFolderHasNoRoomTheSecondIsUsed() throws IOException {
    Files.createDirectories(temp.resolve("first"));
    Files.writeString(first, "in the way");
    try (SharedFolder shared = shared(Disk.real())) {
      assertThat(shared.outgoing().write(content(random(1_000)))).hasParent(second);
    }
  }

  @Test
  void whereNoFolderHasRoomTheFailureOfEachIsTold() throws IOException {
    try (SharedFolder shared = shared(FaultyDisk.failingAt(1, FaultyDisk.Fault.FULL))) {
      assertThatThrownBy(() -> shared.outgoing().write(content(random(1_000))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left")
          .satisfies(e -> assertThat(e.getSuppressed()).isNotEmpty());
    }
  }

  @Test
  void aBlockIsReadRightHoweverOftenItsFileIsWrittenAnew() throws IOException {
    try (SharedFolder shared = shared(Disk.real())) {
      Files.createDirectories(first);
      Path file = first.resolve("p1");
      for (int round = 0; round < 4; round++) {
        byte[] bytes = random(2_500_000 - 16 * round);
        // as the other side does: into the file, not instead of it
        try (var channel =
            Disk.real().openChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.wrap(bytes));
        }
        assertThat(read(shared, file, bytes.length)).isEqualTo(bytes);
      }
    }
  }

  @Test
  void aBlockThatIsTakenOverOutlivesItsFile() throws IOException {
    try (SharedFolder shared = shared(Disk.real())) {
      Files.createDirectories(first);
      Path file = Files.write(first.resolve("p1"), random(100_000));
      ByteBuffer taken = shared.incoming().take(file, 100_000);
      assertThat(file).doesNotExist();
      byte[] bytes = new byte[100_000];
      taken.get(bytes);
      assertThat(bytes).isEqualTo(random(100_000));
    }
  }

  @Test
  void aFileElsewhereIsNeitherReadNorTaken() throws IOException {
    try (SharedFolder shared = shared(Disk.real())) {
      Path secret = Files.writeString(temp.resolve("secret"), "secret");
      assertThatThrownBy(() -> read(shared, secret, 6)).hasMessageContaining("no file of this");
      assertThatThrownBy(() -> shared.incoming().take(secret, 6)).isInstanceOf(IOException.class);
      assertThat(secret).exists();
    }
  }

  @Test
  void aFileThatIsTooShortIsRefused() throws IOException {
    try (SharedFolder shared = shared(Disk.real())) {
      Files.createDirectories(first);
      Path file = Files.write(first.resolve("p1"), random(100));
      assertThatThrownBy(() -> read(shared, file, 101))
          .hasMessageContaining("100 bytes instead of 101");
    }
  }

  @Test
  void closingDeletesEveryFolderThatCanBeDeleted() throws IOException {
    Disk refusing =
        new Disk() {
          @Override
          public void deleteTree(Path root) throws IOException {
            if (root.equals(first)) {
              throw new AccessDeniedException(root.toString());
            }
            super.deleteTree(root);
          }
        };
    SharedFolder shared = shared(refusing);
    Files.createDirectories(first);
    Files.createDirectories(second);
    Files.writeString(second.resolve("p1"), "left");
    assertThatThrownBy(shared::close).isInstanceOf(AccessDeniedException.class);
    assertThat(first).exists();
    assertThat(second).doesNotExist();
  }
}
