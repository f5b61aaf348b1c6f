package io.jconda.core.env;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.host.FaultyDisk.Fault;
import io.jconda.core.host.Locks;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentRegistryTest {
  private static final OperationContext SILENT = OperationContext.silent();

  @TempDir Path folder;
  private Path list;
  private Path one;

  @BeforeEach
  void makeAnEnvironment() throws IOException {
    list = folder.resolve("home/.conda/environments.txt");
    one = environment("elsewhere/one");
  }

  private Path environment(String path) throws IOException {
    Path prefix = folder.resolve(path);
    Files.createDirectories(prefix.resolve("conda-meta"));
    Files.writeString(prefix.resolve("conda-meta/history"), "");
    return prefix;
  }

  private EnvironmentRegistry registry(Disk disk) {
    return new EnvironmentRegistry(
        List.of(folder.resolve("envs")),
        Optional.of(list),
        disk,
        Locks.at(folder.resolve("lock"), Disk.real()));
  }

  private EnvironmentRegistry registry() {
    return registry(Disk.real());
  }

  private void write(String text) throws IOException {
    Files.createDirectories(list.getParent());
    Files.writeString(list, text);
  }

  @Test
  void anEnvironmentIsNotedOnceAndForgotten() throws Exception {
    registry().add(one, SILENT);
    registry().add(one, SILENT);
    assertThat(Files.readString(list)).isEqualTo(one + "\n");

    registry().remove(one, SILENT);
    assertThat(Files.readString(list)).isEmpty();
  }

  @Test
  void whatOthersWroteStaysToTheByte() throws Exception {
    String others = "# of somebody\n/opt/a/../b \r\n\n/opt/no end";
    Files.createDirectories(list.getParent());
    byte[] odd = (others + "\u00e9").getBytes(StandardCharsets.ISO_8859_1);
    Files.write(list, odd);

    registry().add(one, SILENT);
    byte[] added = Files.readAllBytes(list);
    assertThat(added).startsWith(odd);
    assertThat(new String(added, StandardCharsets.ISO_8859_1)).endsWith("\n" + one + "\n");

    registry().remove(one, SILENT);
    assertThat(Files.readAllBytes(list)).startsWith(odd).hasSize(odd.length + 1);
    registry().remove(Path.of("/opt/b"), SILENT);
    assertThat(Files.readString(list, StandardCharsets.ISO_8859_1)).doesNotContain("/opt/a");
  }

  @Test
  void aFileThatIsKeptElsewhereStaysALink() throws Exception {
    Path kept = Files.createDirectories(folder.resolve("dotfiles")).resolve("environments.txt");
    Files.writeString(kept, one + "\n/opt/other\n");
    Files.createDirectories(list.getParent());
    Files.createSymbolicLink(list, kept);

    registry().remove(one, SILENT);

    assertThat(list).isSymbolicLink();
    assertThat(kept).hasContent("/opt/other\n");
  }

  @Test
  void foldersThatPackagesAreBuiltInAreNotNoted() {
    registry().add(folder.resolve("h_env_placehold_placehold_placehold_pl"), SILENT);
    registry().add(folder.resolve("skeleton_1"), SILENT);

    assertThat(list).doesNotExist();
  }

  @Test
  void aHomeThatCannotBeWrittenIsAWarning() {
    List<ProgressEvent> events = new ArrayList<>();
    OperationContext context =
        new OperationContext(CancellationToken.create(), new Events(events::add));

    registry(FaultyDisk.failingAt(1, Fault.DENIED)).add(one, context);

    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            ProgressEvent.Warning.class,
            warning -> assertThat(warning.message()).contains(list.toString(), one.toString()));
  }

  @Test
  void listsWhatIsThereOfNamedAndOfNotedOnes() throws Exception {
    Path named = environment("envs/named");
    Files.createDirectories(folder.resolve("envs/no environment"));
    write("# a comment\n" + one + "\n" + folder.resolve("gone") + "\n" + named + "\n");

    assertThat(registry().list()).containsExactly(one, named);
  }

  @Test
  void leavesTheFileAloneWhereItIsToldTo() throws Exception {
    new EnvironmentRegistry(
            List.of(), Optional.empty(), Disk.real(), Locks.at(folder.resolve("lock"), Disk.real()))
        .add(one, SILENT);

    assertThat(folder.resolve("home")).doesNotExist();
  }
}
