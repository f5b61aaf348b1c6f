package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.notFound;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.ChannelException;
import io.jconda.CondaClient;
import io.jconda.OfflineException;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedIndexCacheTest {
  private static final int NAMES = 40;
  private static final int ROUNDS = 60;

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path root;

  @BeforeEach
  void serve() {
    StringBuilder records = new StringBuilder();
    for (int name = 0; name < NAMES; name++) {
      for (int version = 1; version <= 5; version++) {
        String depends = name == 0 ? "" : "\"n%d >=%d\"".formatted(name - 1, version - 1);
        records
            .append(records.isEmpty() ? "" : ",")
            .append(
                """
                "n%1$d-%2$d-0.conda":{"name":"n%1$d","version":"%2$d","build":"0","depends":[%3$s],
                "sha256":"%4$064x","license":"MIT","size":%5$d}
                """
                    .formatted(name, version, depends, name * 31 + version, name + version));
      }
    }
    SERVER.stubFor(any(anyUrl()).willReturn(notFound()));
    SERVER.stubFor(
        get("/chan/noarch/repodata.json")
            .willReturn(
                ok("{\"packages.conda\":{" + records + "}}")
                    .withHeader("ETag", "\"1\"")
                    .withHeader("Cache-Control", "max-age=3600")));
  }

  private List<PackageRecord> plan(boolean offline) {
    try (CondaClient client =
        CondaClient.builder()
            .root(root)
            .channels(SERVER.baseUrl() + "/chan")
            .readEnvironment(false)
            .build()) {
      return client.env("e").offline(offline).plan("n" + (NAMES - 1)).solution();
    }
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("index"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Does to a file what disks, crashes and people do. */
  private static void damage(Path file, Random random) throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (content.length == 0) {
      return;
    }
    int at = random.nextInt(content.length);
    switch (random.nextInt(5)) {
      case 0 -> content[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> content = Arrays.copyOf(content, at);
      case 2 -> content = Arrays.copyOf(content, content.length + 1 + random.nextInt(100));
      case 3 -> Arrays.fill(content, at, Math.min(content.length, at + 512), (byte) 0);
      default -> random.nextBytes(content);
    }
    Files.write(file, content);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void whateverHappensToACachedFileTheNextPlanIsTheSame(long seed) throws IOException {
    Random random = new Random(seed);
    List<PackageRecord> expected = plan(false);
    assertThat(expected).hasSize(NAMES);
    for (int round = 0; round < ROUNDS; round++) {
      List<Path> files = cached();
      Path file = files.get(random.nextInt(files.size()));
      damage(file, random);

      assertThat(plan(false)).as("seed %d, round %d, %s", seed, round, file).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void offlineTheAnswerIsTheSameOrAnErrorThatSaysWhatToDo(long seed) throws IOException {
    Random random = new Random(seed);
    List<PackageRecord> expected = plan(false);
    int failures = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (Path file : cached()) {
        damage(file, random);
      }

      try {
        assertThat(plan(true)).as("seed %d, round %d", seed, round).isEqualTo(expected);
      } catch (OfflineException | ChannelException e) {
        failures++;
        assertThat(e.remedy()).isNotBlank();
        assertThat(e).hasMessageContaining("chan");
      }
      assertThat(plan(false)).as("seed %d, round %d", seed, round).isEqualTo(expected);
    }
    // else nothing was damaged that counts
    assertThat(failures).isPositive();
  }

  @Test
  void anIndexOfAnotherChannelIsNotTakenForThisOne() throws IOException {
    List<PackageRecord> expected = plan(false);
    List<Path> files = cached();
    for (Path file : files) {
      Files.copy(file, file.resolveSibling(file.getFileName() + ".copy"));
    }
    for (Path file : files) {
      Path other = files.get((files.indexOf(file) + 1) % files.size());
      Files.delete(file);
      Files.copy(other.resolveSibling(other.getFileName() + ".copy"), file);
    }

    assertThat(plan(false)).isEqualTo(expected);
  }
}
