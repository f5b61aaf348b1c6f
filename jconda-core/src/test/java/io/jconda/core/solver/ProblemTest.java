package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.CondaException;
import io.jconda.PackageNotFoundException;
import io.jconda.StorageException;
import io.jconda.UnsatisfiableException;
import io.jconda.core.Fixtures;
import io.jconda.core.host.Disk;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.ChannelPriority;
import io.jconda.solve.Dependencies;
import io.jconda.solve.ExcludeNewer;
import io.jconda.solve.SolveOptions;
import io.jconda.solve.SolveStrategy;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
  @TempDir Path folder;

  /** Returns the answer, or why there is none, with all that either says. */
  private static String answer(SolveRequest request, RecordSource source) {
    try {
      Solution solution = new Solver().solve(request, source, OperationContext.silent());
      return solution.records()
          + " "
          + solution.requested()
          + " "
          + solution.optimality()
          + " "
          + solution.conflicts();
    } catch (UnsatisfiableException e) {
      return e.getMessage() + e.conflict();
    } catch (PackageNotFoundException e) {
      return e.toString();
    }
  }

  private Path write(SolveRequest request, RecordSource source) throws IOException {
    RecordingSource recording = new RecordingSource(source);
    answer(request, recording);
    Path file = folder.resolve("problem.json");
    recording.problem(request).write(file, Disk.real());
    return file;
  }

  private String assertReplays(SolveRequest request, RecordSource source) throws IOException {
    Problem problem = Problem.read(write(request, source));
    String expected = answer(request, source);
    assertThat(answer(problem.request(), problem.source())).isEqualTo(expected);
    assertThat(problem.request().options()).isEqualTo(request.options());
    return expected;
  }

  private static List<MatchSpec> specs(Iterable<JsonNode> texts) {
    List<MatchSpec> specs = new ArrayList<>();
    texts.forEach(text -> specs.add(MatchSpec.parse(text.asText())));
    return specs;
  }

  @Test
  void repeatsTheAnswersAndTheFailuresOfRealRequests() throws IOException {
    int failed = 0;
    JsonNode rows = new ObjectMapper().readTree(Fixtures.of("truth/solves.json").toFile());
    for (JsonNode row : rows) {
      SolveRequest request =
          SolveRequest.builder()
              .specs(specs(row.path("specs")))
              .virtualPackages(RealIndexTest.MACHINE)
              .build();
      String answer = assertReplays(request, FixedSource.fixture(row.path("channel").asText()));
      failed += answer.startsWith("[") ? 0 : 1;
    }
    assertThat(failed).isBetween(1, rows.size() - 1);
  }

  @Test
  void repeatsWhatEveryOptionDoes() throws IOException {
    int solved = 0;
    for (long seed = 0; seed < 500; seed++) {
      SmallUniverse universe = new SmallUniverse(seed);
      Random random = new Random(seed);
      FixedSource source = FixedSource.of(List.of("test", "other"), dated(universe, random));
      List<PackageRecord> some =
          universe.records.stream().filter(record -> random.nextInt(6) == 0).toList();
      SolveRequest request =
          SolveRequest.builder()
              .mode(any(random, SolveMode.values()))
              .specs(universe.specs())
              .remembered(universe.specs())
              .removals(universe.specs())
              .pins(random.nextInt(3) == 0 ? universe.specs() : List.of())
              .installed(oneOfEachName(some))
              .locked(random.nextInt(8) == 0 ? some.stream().limit(1).toList() : List.of())
              .virtualPackages(universe.machine)
              .options(options(random))
              .build();
      solved += assertReplays(request, source).startsWith("[") ? 1 : 0;
    }
    assertThat(solved).isBetween(50, 450);
  }

  private static List<PackageRecord> dated(SmallUniverse universe, Random random) {
    return universe.records.stream()
        .map(
            record ->
                record.toBuilder()
                    .channel(random.nextBoolean() ? "test" : "other")
                    .timestamp(Instant.ofEpochMilli(random.nextInt(2_000_000_000) * 1000L + 1))
                    .build())
        .toList();
  }

  private static List<PackageRecord> oneOfEachName(List<PackageRecord> records) {
    Map<String, PackageRecord> byName = new TreeMap<>();
    records.forEach(record -> byName.putIfAbsent(record.name(), record));
    return List.copyOf(byName.values());
  }

  private static <E extends Enum<E>> E any(Random random, E[] values) {
    return values[random.nextInt(values.length)];
  }

  private static SolveOptions options(Random random) {
    SolveOptions options =
        SolveOptions.defaults()
            .channelPriority(any(random, ChannelPriority.values()))
            .strategy(any(random, SolveStrategy.values()))
            .dependencies(any(random, Dependencies.values()))
            .freezeInstalled(random.nextInt(4) == 0);
    if (random.nextBoolean()) {
      options = options.exclude("p" + random.nextInt(4) + " >=3", "it is \"too\" new");
    }
    if (random.nextBoolean()) {
      options = options.override("p0", "p1 >=1").override("p2 >=2");
    }
    if (random.nextInt(3) == 0) {
      options =
          options.excludeNewer(
              ExcludeNewer.than(Instant.ofEpochSecond(1_500_000_000, 123_456_789))
                  .inChannel(Channel.of("other"), Instant.MAX)
                  .inChannel(Channel.of("test"), Instant.ofEpochSecond(1_700_000_000))
                  .ofPackage("p1", Instant.ofEpochSecond(1_900_000_000))
                  .keepUndated(random.nextBoolean()));
    }
    return options;
  }

  @Test
  void keepsEveryFieldOfARecord() throws IOException {
    PackageRecord record =
        PackageRecord.builder("A-name", "1!2.0", "b_1")
            .buildNumber(7)
            .channel("https://host.example/channel")
            .subdir("linux-64")
            .fileName("a-name-2.0-b_1.tar.bz2")
            .url("https://host.example/channel/linux-64/a-name-2.0-b_1.tar.bz2")
            .depends(List.of("b >=1", "ü \"quoted\""))
            .constrains(List.of("c <2"))
            .extraDepends(Map.of("more", List.of("d"), "none", List.of()))
            .trackFeatures(List.of("x", "y"))
            .features(List.of("z"))
            .flags(List.of("blas:mkl"))
            .sha256("ab".repeat(32))
            .md5("cd".repeat(16))
            .size(5_000_000_000L)
            .timestamp(Instant.ofEpochMilli(12_345))
            .indexedTimestamp(Instant.ofEpochMilli(1_770_917_385_576L))
            .noarch(NoarchType.GENERIC)
            .license("MIT")
            .licenseFamily("mit")
            .pythonSitePackagesPath("lib/python3.13/site-packages")
            .build();
    PackageRecord bare = PackageRecord.builder("bare", "1", "").build();
    SolveRequest request = SolveRequest.builder().installed(List.of(record, bare)).build();

    List<PackageRecord> read = Problem.read(write(request, FixedSource.of())).request().installed();

    assertThat(read).usingRecursiveFieldByFieldElementComparator().containsExactly(record, bare);
  }

  @Test
  void keepsNamesThatWereAskedForAndOnlyThose() throws IOException {
    PackageRecord[] records = {
      PackageRecord.builder("liba", "1", "0").build(),
      PackageRecord.builder("other", "1", "0").build()
    };
    SolveRequest exact = SolveRequest.builder().specs(List.of(MatchSpec.parse("liba"))).build();
    assertThat(Files.readString(write(exact, FixedSource.of(records)))).doesNotContain("other");
    SolveRequest glob = SolveRequest.builder().specs(List.of(MatchSpec.parse("lib*"))).build();
    assertThat(Files.readString(write(glob, FixedSource.of(records)))).contains("\"other\"");
    assertReplays(glob, FixedSource.of(records));
  }

  @Test
  void writesNoSecretThatAnotherToolLeft() throws IOException {
    String place = "https://me:pw-secret@host.example/t/tk-secret/channel";
    PackageRecord record =
        PackageRecord.builder("a", "1", "0")
            .channel(place)
            .subdir("noarch")
            .url(place + "/noarch/a-1-0.conda")
            .build();
    SolveRequest request =
        SolveRequest.builder()
            .specs(
                List.of(MatchSpec.parse(place + "::a"), MatchSpec.parse("a[url='" + place + "']")))
            .installed(List.of(record))
            .build();

    assertThat(Files.readString(write(request, FixedSource.of(record))))
        .doesNotContain("secret")
        .contains("https://host.example/channel/noarch/a-1-0.conda");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.3, 0.7, 0.99})
  void refusesATornFile(double share) throws IOException {
    Path file = write(request("a"), FixedSource.of(PackageRecord.builder("a", "1", "0").build()));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, (int) (whole.length * share)));

    assertRefused(file, "is no whole problem file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"packages\":{}}",
        "{\"jconda_problem\":\"1\"}",
        "{\"jconda_problem\":1}",
        "{\"jconda_problem\":1,\"records\":{\"a\":[{}]}}",
        "{\"jconda_problem\":1,\"records\":{\"a\":[7]}}",
        "{\"jconda_problem\":1,\"request\":{\"mode\":\"GUESS\"},\"records\":{}}",
        "{\"jconda_problem\":1,\"request\":{\"specs\":[\"a >=\"]},\"records\":{}}",
        "{\"jconda_problem\":1,\"request\":{\"options\":{\"luck\":1}},\"records\":{}}",
        "name: env"
      })
  void refusesAForeignFile(String content) throws IOException {
    assertRefused(Files.writeString(folder.resolve("foreign"), content), "is no whole problem");
  }

  @Test
  void refusesAFileOfANewerVersionAndSaysWhatReadsIt() throws IOException {
    Path file = Files.writeString(folder.resolve("newer"), "{\"jconda_problem\":2,\"x\":[]}");
    assertRefused(file, "is of version 2; this JConda reads version 1");
  }

  @Test
  void saysThatThereIsNoFile() {
    Path file = folder.resolve("absent");
    assertThatThrownBy(() -> Problem.read(file))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file.toString());
  }

  private static void assertRefused(Path file, String reason) {
    assertThatThrownBy(() -> Problem.read(file))
        .isExactlyInstanceOf(CondaException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
  }

  private static SolveRequest request(String spec) {
    return SolveRequest.builder().specs(List.of(MatchSpec.parse(spec))).build();
  }
}
