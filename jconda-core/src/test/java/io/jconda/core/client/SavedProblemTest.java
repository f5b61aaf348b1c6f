package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaClient;
import io.jconda.Plan;
import io.jconda.StorageException;
import io.jconda.UnsatisfiableException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.solve.Optimality;
import io.jconda.solve.SolveOptions;
import io.jconda.solve.SolveResult;
import io.jconda.solve.SolveStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedProblemTest {
  @TempDir Path folder;
  private CondaClient client;
  private Path file;

  @BeforeEach
  void makeChannel() {
    Path channel = channel("channel", "1.0", "2.0");
    file = folder.resolve("problem.json");
    client =
        CondaClient.builder().root(folder.resolve("root")).channels(channel.toString()).build();
  }

  private Path channel(String name, String... versions) {
    Path channel = folder.resolve(name);
    for (String version : versions) {
      PackageBuilder.of("base", version).file("base.txt", version).build(channel);
      PackageBuilder.of("top", version)
          .depends("base " + version)
          .file("top.txt", version)
          .build(channel);
    }
    ChannelIndexer.index(channel);
    return channel;
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aReplayGivesWhatThePlanGaveWithoutChannelOrEnvironment() throws IOException {
    client.env("e").install("base=1");
    Plan plan = client.env("e").plan("top");
    assertThat(client.env("e").saveProblem(file, "top")).isEqualTo(file);
    deleteAllBut(file);

    try (CondaClient other = CondaClient.builder().root(folder.resolve("elsewhere")).build()) {
      SolveResult result = other.replay(file);

      assertThat(result.records()).isEqualTo(plan.solution()).hasSize(2);
      assertThat(result.optimality()).isEqualTo(Optimality.PROVED);
      assertThat(result.elapsed()).isPositive();
    }
  }

  private void deleteAllBut(Path kept) throws IOException {
    byte[] content = Files.readAllBytes(kept);
    client.close();
    io.jconda.core.host.Disk.real().deleteTree(folder);
    Files.createDirectories(folder);
    Files.write(kept, content);
  }

  @Test
  void theOptionsOfTheRequestGoWithIt() {
    client
        .env("e")
        .solveOptions(SolveOptions.defaults().strategy(SolveStrategy.LOWEST))
        .saveProblem(file, "top");

    assertThat(client.replay(file).records())
        .extracting(record -> record.version().toString())
        .containsExactly("1.0", "1.0");
  }

  @Test
  void aProblemWithoutASolutionIsWrittenAndFailsAgain() {
    client.env("e").saveProblem(file, "top=2", "base=1");

    assertThatThrownBy(() -> client.env("e").plan("top=2", "base=1"))
        .isInstanceOfSatisfying(
            UnsatisfiableException.class,
            expected ->
                assertThatThrownBy(() -> client.replay(file))
                    .isInstanceOf(UnsatisfiableException.class)
                    .hasMessage(expected.getMessage()));
  }

  @Test
  void savingChangesNoEnvironment() {
    client.env("e").saveProblem(file, "top");

    assertThat(folder.resolve("root/envs/e")).doesNotExist();
  }

  @Test
  void saysThatTheFolderOfTheFileIsMissing() {
    Path lost = folder.resolve("missing").resolve("problem.json");
    assertThatThrownBy(() -> client.env("e").saveProblem(lost, "top"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(lost.toString());
  }

  @Test
  void installsFromAnotherChannelThanWhatIsThere() {
    client.env("e").install("base=1");
    Path other = channel("other", "1.0");

    Plan plan = client.env("e").channel(other.toString()).plan("top");

    assertThat(plan.toLink()).extracting(record -> record.name()).containsExactly("top");
  }
}
