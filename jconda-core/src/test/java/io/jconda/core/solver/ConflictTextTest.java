package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jconda.UnsatisfiableException;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.Conflict;
import io.jconda.solve.Conflict.Cause;
import io.jconda.solve.Conflict.Kind;
import io.jconda.solve.ExcludeNewer;
import io.jconda.solve.SolveOptions;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the words of explanations by texts that were read and approved. */
class ConflictTextTest {
  private static PackageRecord.Builder of(String name, String version, String... depends) {
    return PackageRecord.builder(name, version, "0")
        .channel("main")
        .subdir("linux-64")
        .depends(List.of(depends));
  }

  private static PackageRecord record(String name, String version, String... depends) {
    return of(name, version, depends).build();
  }

  private static PackageRecord build(String name, String version, String build, String... depends) {
    return PackageRecord.builder(name, version, build)
        .channel("main")
        .depends(List.of(depends))
        .build();
  }

  /** Returns one record for each version, all with the same dependencies. */
  private static Stream<PackageRecord> versions(String name, String versions, String... depends) {
    return Arrays.stream(versions.split(" ")).map(version -> record(name, version, depends));
  }

  private static PackageRecord limited(String name, String version, String... constrains) {
    return of(name, version).constrains(List.of(constrains)).build();
  }

  private static PackageRecord virtual(String name, String version, String build) {
    return PackageRecord.builder(name, version, build).build();
  }

  private static List<MatchSpec> specs(String... texts) {
    return Arrays.stream(texts).map(MatchSpec::parse).toList();
  }

  private static SolveRequest.Builder request(String... texts) {
    return SolveRequest.builder().specs(specs(texts));
  }

  private static Conflict conflict(SolveRequest request, List<PackageRecord> records) {
    List<String> channels = List.of("main", "other");
    UnsatisfiableException failure =
        catchThrowableOfType(
            UnsatisfiableException.class,
            () ->
                new Solver()
                    .solve(request, FixedSource.of(channels, records), OperationContext.silent()));
    return failure.conflict();
  }

  /** Compares the text with the approved one, and sees to it that no order changes it. */
  private static Conflict assertApproved(
      String name, SolveRequest.Builder builder, Stream<PackageRecord> source) throws IOException {
    SolveRequest request = builder.build();
    List<PackageRecord> records = new ArrayList<>(source.toList());
    Conflict conflict = conflict(request, records);
    ApprovedText.assertApproved(
        "conflicts/%s.txt".formatted(name), conflict + "> " + conflict.remedy() + "\n");
    List<MatchSpec> turned = new ArrayList<>(request.specs());
    Collections.reverse(turned);
    Collections.shuffle(records, new Random(1));
    assertThat(conflict(builder.specs(turned).build(), records)).isEqualTo(conflict);
    return conflict;
  }

  private static Conflict assertApproved(
      String name, SolveRequest.Builder builder, PackageRecord... records) throws IOException {
    return assertApproved(name, builder, Stream.of(records));
  }

  private static Cause leaf(Conflict conflict) {
    Cause cause = conflict.causes().get(conflict.causes().size() - 1);
    while (!cause.causes().isEmpty()) {
      cause = cause.causes().get(cause.causes().size() - 1);
    }
    return cause;
  }

  @Test
  void namesWhatLooksLikeAMissingDependency() throws IOException {
    Conflict conflict =
        assertApproved(
            "missing-near-name",
            request("app"),
            record("app", "1", "libfooo >=1"),
            record("libfoo", "1"),
            record("libfood", "1"));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.MISSING_PACKAGE);
    assertThat(leaf(conflict).packageName()).contains("libfooo");
  }

  @Test
  void saysThatNothingLooksLikeAMissingDependency() throws IOException {
    assertApproved("missing-name", request("app"), versions("app", "1 2 3", "secret-sauce"));
  }

  @Test
  void namesTheVersionsNextToAGap() throws IOException {
    Conflict conflict =
        assertApproved(
            "version-gap",
            request("app"),
            Stream.concat(
                versions("app", "1.0 1.1", "lib 2.*"), versions("lib", "0.9 1.0 1.5 3.0 3.1")));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.NO_VERSION);
    Cause requires = conflict.causes().get(0).causes().get(0);
    assertThat(requires.kind()).isEqualTo(Kind.REQUIRES);
    assertThat(requires.isObstructed()).isTrue();
    assertThat(requires.packageName()).contains("app");
    assertThat(requires.spec()).contains("lib 2.*");
  }

  @Test
  void namesTheBuildsThatThereAre() throws IOException {
    assertApproved(
        "build-mismatch",
        request("lib=1.0=mkl*"),
        build("lib", "1.0", "openblas_0"),
        build("lib", "1.0", "openblas_1"),
        build("lib", "1.1", "mkl_0"));
  }

  @Test
  void namesTheChannelThatHasIt() throws IOException {
    assertApproved("other-channel", request("other::lib"), record("lib", "1"));
  }

  @Test
  void suggestsAnotherCudaDriver() throws IOException {
    Conflict conflict =
        assertApproved(
            "cuda-missing",
            request("pytorch"),
            Stream.of("2.4", "2.5").map(version -> record("pytorch", version, "__cuda >=12")));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.MISSING_VIRTUAL_PACKAGE);
    assertThat(leaf(conflict).remedy())
        .hasValueSatisfying(r -> assertThat(r).contains("CONDA_OVERRIDE_CUDA=12"));
  }

  @Test
  void comparesTheGlibcOfTheMachine() throws IOException {
    Conflict conflict =
        assertApproved(
            "glibc-too-old",
            request("app").virtualPackages(List.of(virtual("__glibc", "2.17", "0"))),
            record("app", "1", "lib"),
            record("lib", "1", "__glibc >=2.28,<3.0.a0"));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.OTHER_VIRTUAL_PACKAGE);
  }

  @Test
  void namesThePlatformsThatHaveIt() throws IOException {
    assertApproved(
        "other-platform",
        request("vs").virtualPackages(List.of(virtual("__unix", "0", "0"))),
        record("vs", "2022", "__win"));
    assertApproved("other-platform-macos", request("app"), record("app", "1", "__osx >=11.0"));
  }

  @Test
  void namesTheProcessor() throws IOException {
    assertApproved(
        "processor",
        request("fast").virtualPackages(List.of(virtual("__archspec", "1", "x86_64_v2"))),
        record("fast", "1", "__archspec 1 x86_64_v4"));
  }

  @Test
  void heedsWhatAVirtualPackageIsLimitedTo() throws IOException {
    assertApproved(
        "cuda-constraint",
        request("cuda-version>=13").virtualPackages(List.of(virtual("__cuda", "12.4", "0"))),
        limited("cuda-version", "13.0", "__cuda >=13"),
        limited("cuda-version", "12.4", "__cuda >=12"));
  }

  @Test
  void namesTheChannelThatHides() throws IOException {
    Conflict conflict =
        assertApproved(
            "strict-priority",
            request("app"),
            record("app", "1", "lib >=2"),
            record("lib", "1.0"),
            record("lib", "1.1"),
            PackageRecord.builder("lib", "2.0", "0").channel("other").build(),
            PackageRecord.builder("lib", "2.1", "0").channel("other").build());
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.HIDDEN_BY_PRIORITY);
  }

  @Test
  void tellsWhatTheRequestShutsOut() throws IOException {
    SolveOptions options =
        SolveOptions.defaults()
            .exclude("lib 2.1", "it deletes files")
            .excludeNewer(
                ExcludeNewer.than(Instant.parse("2024-01-01T00:00:00Z")).keepUndated(true));
    Conflict conflict =
        assertApproved(
            "shut-out",
            request("app").options(options),
            record("app", "1", "lib >=2"),
            record("lib", "1.0"),
            record("lib", "2.1"),
            of("lib", "2.2").timestamp(Instant.parse("2024-05-01T00:00:00Z")).build(),
            of("lib", "2.3").timestamp(Instant.parse("2024-06-01T00:00:00Z")).build());
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.SHUT_OUT);
  }

  @Test
  void putsTwoChainsThatClashOneAgainstTheOther() throws IOException {
    assertApproved(
        "two-chains",
        request("web", "data", "unrelated"),
        Stream.of(
                versions("web", "1.0 1.1 1.2", "http >=3"),
                versions("http", "3.0 3.1", "ssl >=3,<4"),
                versions("data", "5 6", "store"),
                versions("store", "8 9", "ssl 1.1.*"),
                versions("ssl", "1.1.0 1.1.1 3.0 3.1"),
                versions("unrelated", "1"))
            .flatMap(records -> records));
  }

  @Test
  void mergesVersionsThatFailForTheSameReason() throws IOException {
    assertApproved(
        "merged-ranges",
        request("numpy<2", "python=3.13"),
        Stream.of(
                IntStream.rangeClosed(9, 12)
                    .boxed()
                    .flatMap(
                        minor ->
                            Stream.of("1.21.0", "1.22.0", "1.26.4")
                                .map(
                                    version ->
                                        build(
                                            "numpy",
                                            version,
                                            "py3" + minor,
                                            "python >=3.%d,<3.%d".formatted(minor, minor + 1)))),
                versions("numpy", "2.1.0", "python >=3.10"),
                versions("python", "3.9.1 3.10.2 3.11.3 3.12.4 3.13.5"))
            .flatMap(records -> records));
  }

  @Test
  void saysForEachVersionWhyItFails() throws IOException {
    assertApproved(
        "every-version-its-reason",
        request("app", "python=3.12"),
        record("app", "1.0", "python <3.9"),
        record("app", "1.1", "python <3.9"),
        record("app", "2.0", "ghost"),
        record("app", "3.0", "python >=3.10", "__cuda"),
        record("app", "4.0", "lib >=9"),
        record("lib", "8"),
        record("python", "3.8.1"),
        record("python", "3.12.1"));
  }

  @Test
  void tellsOfAPinAndHowToGetRidOfIt() throws IOException {
    Conflict conflict =
        assertApproved(
            "pin",
            request("app").pins(specs("lib <2")),
            record("app", "1", "lib >=2"),
            record("lib", "1"),
            record("lib", "2"));
    assertThat(conflict.specs()).containsExactly("lib <2", "app");
    assertApproved(
        "pin-against-spec",
        request("lib>=2").pins(specs("lib <2")),
        record("lib", "1"),
        record("lib", "2"));
  }

  @Test
  void tellsThatPythonStaysUnlessItIsNamed() throws IOException {
    PackageRecord installed = record("python", "3.10.4");
    Conflict conflict =
        assertApproved(
            "kept-python",
            request("app").installed(List.of(installed)),
            record("app", "1", "python >=3.12"),
            installed,
            record("python", "3.12.1"));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.KEPT_PYTHON);
  }

  @Test
  void tellsWhatIsLockedAndWhatIsFrozen() throws IOException {
    PackageRecord lib = record("lib", "1");
    PackageRecord[] records = {record("app", "1", "lib >=2"), lib, record("lib", "2")};
    assertApproved("locked", request("app").locked(List.of(lib)), records);
    assertApproved(
        "frozen",
        request("app")
            .installed(List.of(lib))
            .options(SolveOptions.defaults().freezeInstalled(true)),
        records);
  }

  @Test
  void tellsWhatWasAskedForEarlier() throws IOException {
    assertApproved(
        "remembered",
        request("app").remembered(specs("lib <2")),
        record("app", "1", "lib >=2"),
        record("lib", "1"),
        record("lib", "2"));
  }

  @Test
  void tellsWhatCannotBeRead() throws IOException {
    Conflict conflict = assertApproved("unreadable", request("app"), record("app", "1", "lib >="));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.UNREADABLE);
  }

  @Test
  void tellsWhatIsOnlyLimited() throws IOException {
    assertApproved(
        "constraint",
        request("tool", "app"),
        limited("tool", "1", "lib <2"),
        limited("tool", "2", "lib <2.1"),
        record("app", "1", "lib"),
        record("lib", "3"));
  }

  @Test
  void tellsThatOnePackageContradictsItself() throws IOException {
    Conflict conflict =
        assertApproved(
            "contradiction",
            request("app"),
            record("app", "1", "lib >=2", "lib <2"),
            record("lib", "1"),
            record("lib", "2"));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.CONTRADICTION);
  }

  @Test
  void setsSpecsOnOneNameSideBySide() throws IOException {
    assertApproved("direct-specs", request("lib<2", "lib>=3"), versions("lib", "1 2 3"));
  }

  @Test
  void tellsWhyNoNameOfAPatternWillDo() throws IOException {
    assertApproved(
        "pattern",
        request("py-*", "core>=2"),
        record("py-a", "1", "core <2"),
        record("py-b", "1", "ghost"),
        record("core", "1"),
        record("core", "2"));
  }

  @Test
  void tellsWhatAConditionAsksFor() throws IOException {
    assertApproved(
        "condition",
        request("app", "python=3.8", "typing>=4"),
        record("app", "1", "typing <4[when='python<3.9']"),
        record("typing", "3"),
        record("typing", "4"),
        record("python", "3.8"),
        record("python", "3.9"));
  }

  @Test
  void tellsWhatExtrasAskFor() throws IOException {
    assertApproved(
        "extras",
        request("app[extras=[gui]]"),
        of("app", "1").extraDepends(Map.of("gui", List.of("qt"))).build(),
        of("app", "2").extraDepends(Map.of("gui", List.of("qt"))).build());
  }

  @Test
  void followsALongChain() throws IOException {
    List<PackageRecord> records = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      records.add(record("link" + i, "1." + i, i < 12 ? "link" + (i + 1) : "anchor >=2"));
    }
    records.add(record("anchor", "1"));
    records.add(record("anchor", "2"));
    assertApproved("long-chain", request("link1", "anchor<2"), records.stream());
  }

  @Test
  void takesTheShortestOfSeveralChains() throws IOException {
    List<PackageRecord> records = new ArrayList<>();
    records.add(record("app", "1", "far", "near", "wide"));
    records.add(record("far", "1", "far2"));
    records.add(record("far2", "1", "far3"));
    records.add(record("far3", "1", "lib >=2"));
    records.add(record("near", "1", "lib >=2"));
    records.add(record("wide", "1", "far3", "far2"));
    records.add(record("lib", "1"));
    records.add(record("lib", "2"));
    assertApproved("shortest-chain", request("app", "lib<2"), records.stream());
  }

  /** Packages of which no two can have the same slot, of which there is one too few. */
  private static Stream<PackageRecord> pigeons(int count) {
    List<PackageRecord> records = new ArrayList<>();
    for (int pigeon = 0; pigeon < count; pigeon++) {
      for (int slot = 1; slot < count; slot++) {
        List<String> constrains = new ArrayList<>();
        for (int other = 0; other < count; other++) {
          if (other != pigeon) {
            constrains.add("p%d !=%d".formatted(other, slot));
          }
        }
        records.add(limited("p" + pigeon, "" + slot, constrains.toArray(String[]::new)));
      }
    }
    return records.stream();
  }

  @Test
  void triesWhereOnlyTryingShowsIt() throws IOException {
    assertApproved("three-in-two-slots", request("p0", "p1", "p2"), pigeons(3));
  }

  @Test
  void namesWhatExcludesEachOtherWhereThatTakesTooLongToTell() throws IOException {
    String[] names = IntStream.range(0, 8).mapToObj(i -> "p" + i).toArray(String[]::new);
    Conflict conflict = assertApproved("eight-in-seven-slots", request(names), pigeons(8));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.UNFINISHED);
  }

  @Test
  void mergesAttemptsThatFailAlike() throws IOException {
    assertApproved(
        "either-way",
        request("app"),
        Stream.of(
                versions("app", "1 2 3", "left"),
                versions("app", "4 5 6", "right"),
                versions("left", "1 2 3", "core <2", "glue"),
                versions("glue", "1", "core 2"),
                versions("core", "1 2"),
                versions("right", "1 2", "paint"),
                versions("paint", "1", "colour"))
            .flatMap(records -> records));
  }
}
