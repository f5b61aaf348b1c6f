package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.UnsatisfiableException;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.Dependencies;
import io.jconda.solve.ExcludeNewer;
import io.jconda.solve.Optimality;
import io.jconda.solve.SolveOptions;
import io.jconda.solve.SolveStrategy;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SolverOptionsTest {
  private static final SolveOptions DEFAULTS = SolveOptions.defaults();
  private static final Instant NOON = Instant.parse("2024-05-01T12:00:00Z");

  private static PackageRecord record(String name, String version, String... depends) {
    return PackageRecord.builder(name, version, "0")
        .channel("main")
        .depends(List.of(depends))
        .build();
  }

  private static PackageRecord built(String name, String version, Instant time) {
    return record(name, version).toBuilder().timestamp(time).build();
  }

  private static List<MatchSpec> specs(String... texts) {
    return Arrays.stream(texts).map(MatchSpec::parse).toList();
  }

  private static Solution solve(SolveRequest.Builder request, PackageRecord... records) {
    return new Solver()
        .solve(
            request.build(),
            FixedSource.of(List.of("main", "other"), Arrays.asList(records)),
            OperationContext.silent());
  }

  private static List<String> names(SolveRequest.Builder request, PackageRecord... records) {
    return solve(request, records).records().stream().map(SolverOptionsTest::shown).toList();
  }

  private static String shown(PackageRecord record) {
    return record.name() + "-" + record.version();
  }

  private static SolveRequest.Builder asking(SolveOptions options, String... texts) {
    return SolveRequest.builder().specs(specs(texts)).options(options);
  }

  private static final PackageRecord[] CHAIN = {
    record("a", "1", "b"), record("a", "2", "b"), record("b", "1"), record("b", "2")
  };

  @Test
  void takesTheHighestVersionsUnlessTold() {
    assertThat(names(asking(DEFAULTS, "a"), CHAIN)).containsExactly("b-2", "a-2");
  }

  @Test
  void takesTheLowestVersionsOfEverything() {
    assertThat(names(asking(DEFAULTS.strategy(SolveStrategy.LOWEST), "a"), CHAIN))
        .containsExactly("b-1", "a-1");
  }

  @Test
  void takesTheLowestVersionsOfWhatIsNamedAndTheHighestOfTheRest() {
    assertThat(names(asking(DEFAULTS.strategy(SolveStrategy.LOWEST_DIRECT), "a"), CHAIN))
        .containsExactly("b-2", "a-1");
  }

  @Test
  void takesTheHighestBuildNumberOfTheLowestVersion() {
    PackageRecord rebuilt =
        PackageRecord.builder("a", "1", "1").buildNumber(1).channel("main").build();
    assertThat(
            solve(
                    asking(DEFAULTS.strategy(SolveStrategy.LOWEST), "a"),
                    record("a", "1"),
                    rebuilt,
                    record("a", "2"))
                .records())
        .containsExactly(rebuilt);
  }

  @Test
  void shutsOutWhatIsNewerThanATime() {
    PackageRecord[] all = {
      built("a", "1", NOON.minusSeconds(1)),
      built("a", "2", NOON),
      built("a", "3", NOON.plusSeconds(1)),
      record("a", "4")
    };
    ExcludeNewer limit = ExcludeNewer.than(NOON);
    assertThat(names(asking(DEFAULTS.excludeNewer(limit), "a"), all)).containsExactly("a-2");
    assertThat(names(asking(DEFAULTS.excludeNewer(limit.keepUndated(true)), "a"), all))
        .containsExactly("a-4");
  }

  @Test
  void judgesByTheTimeOfIndexingWhereThereIsOne() {
    PackageRecord late =
        built("a", "2", NOON).toBuilder().indexedTimestamp(NOON.plusSeconds(9)).build();
    assertThat(
            names(
                asking(DEFAULTS.excludeNewer(ExcludeNewer.than(NOON)), "a"),
                built("a", "1", NOON),
                late))
        .containsExactly("a-1");
  }

  @Test
  void theTimeOfAPackageCountsBeforeThatOfAChannelAndThatBeforeTheGeneralOne() {
    PackageRecord[] all = {
      built("a", "1", NOON.minusSeconds(50)),
      built("a", "2", NOON),
      built("b", "1", NOON.minusSeconds(50)),
      built("b", "2", NOON),
      built("c", "1", NOON.minusSeconds(50)).toBuilder().channel("other").build(),
      built("c", "2", NOON).toBuilder().channel("other").build()
    };
    ExcludeNewer limits =
        ExcludeNewer.than(NOON.minusSeconds(10))
            .inChannel(Channel.of("other"), NOON)
            .ofPackage("b", Instant.MAX);
    assertThat(names(asking(DEFAULTS.excludeNewer(limits), "a", "b", "c"), all))
        .containsExactlyInAnyOrder("a-1", "b-2", "c-2");
  }

  @Test
  void neverShutsOutWhatIsInstalledOrVirtual() {
    PackageRecord installed = built("a", "1", NOON.plusSeconds(60));
    assertThat(
            names(
                asking(DEFAULTS.excludeNewer(ExcludeNewer.than(NOON)), "b")
                    .installed(List.of(installed))
                    .virtualPackages(
                        List.of(PackageRecord.builder("__glibc", "2.36", "0").build())),
                installed,
                record("b", "1", "a", "__glibc").toBuilder().timestamp(NOON).build()))
        .containsExactly("a-1", "b-1");
  }

  @Test
  void shutsOutWhatIsExcludedAndSaysWhyIfThatIsToBlame() {
    PackageRecord[] all = {record("a", "1"), record("a", "2")};
    SolveOptions options = DEFAULTS.exclude("a 2", "it loses data");
    assertThat(names(asking(options, "a"), all)).containsExactly("a-1");
    assertThatThrownBy(() -> solve(asking(options, "a>=2"), all))
        .isInstanceOfSatisfying(
            UnsatisfiableException.class,
            e -> assertThat(e.conflict().toString()).contains("excluded: it loses data"));
    assertThatThrownBy(() -> solve(asking(DEFAULTS.exclude("a", "forbidden here"), "a"), all))
        .isInstanceOfSatisfying(
            UnsatisfiableException.class,
            e -> assertThat(e.conflict().toString()).contains("excluded: forbidden here"));
  }

  @Test
  void opensNoLowerChannelBecauseAllOfAHigherOneIsExcluded() {
    PackageRecord lower = record("a", "1").toBuilder().channel("other").build();
    assertThatThrownBy(
            () -> solve(asking(DEFAULTS.exclude("a 2", "bad"), "a"), record("a", "2"), lower))
        .isInstanceOf(UnsatisfiableException.class);
  }

  @Test
  void replacesWhatEveryPackageSaysOfADependency() {
    PackageRecord[] all = {
      record("a", "1", "np <2", "c"),
      record("c", "1", "np <3"),
      record("np", "1"),
      record("np", "3")
    };
    assertThat(names(asking(DEFAULTS, "a"), all)).contains("np-1");
    assertThat(names(asking(DEFAULTS.override("np >=3"), "a"), all)).contains("np-3");
  }

  @Test
  void replacesWhatSomePackagesSayOfADependencyAndConstrain() {
    PackageRecord c = record("c", "1").toBuilder().constrains(List.of("np <2")).build();
    PackageRecord[] all = {record("a", "1", "np <2"), c, record("np", "1"), record("np", "3")};
    assertThat(names(asking(DEFAULTS.override("a", "np"), "a"), all)).contains("np-3");
    assertThat(names(asking(DEFAULTS.override("a", "np"), "a", "c"), all)).contains("np-1");
    assertThat(names(asking(DEFAULTS.override("np"), "a", "c"), all)).contains("np-3");
  }

  @Test
  void anOverrideAddsNoDependency() {
    assertThat(names(asking(DEFAULTS.override("np"), "a"), record("a", "1"), record("np", "1")))
        .containsExactly("a-1");
  }

  @Test
  void installsOnlyTheDependenciesAndRemembersThem() {
    Solution solution =
        solve(
            asking(DEFAULTS.dependencies(Dependencies.ONLY), "app", "tool"),
            record("app", "1", "lib >=2", "extra[when='lib<2']"),
            record("lib", "2", "base"),
            record("base", "1"),
            record("tool", "1", "lib"));
    assertThat(solution.records().stream().map(SolverOptionsTest::shown))
        .containsExactly("base-1", "lib-2");
    assertThat(solution.requested()).containsExactlyInAnyOrderElementsOf(specs("lib >=2", "lib"));
  }

  @Test
  void keepsWhatIsNamedWhereADependencyNeedsItOrItWasThere() {
    PackageRecord installed = record("tool", "1");
    assertThat(
            names(
                asking(DEFAULTS.dependencies(Dependencies.ONLY), "app", "lib", "tool")
                    .installed(List.of(installed)),
                record("app", "1", "mid"),
                record("mid", "1", "lib"),
                record("lib", "1"),
                installed))
        .containsExactlyInAnyOrder("lib-1", "mid-1", "tool-1");
  }

  @Test
  void leavesDependenciesOutAndEverythingInstalledAsItIs() {
    PackageRecord old = record("lib", "1");
    assertThat(
            names(
                asking(DEFAULTS.dependencies(Dependencies.LEFT_OUT), "app").installed(List.of(old)),
                record("app", "1", "lib >=2", "more"),
                old,
                record("lib", "2"),
                record("more", "1")))
        .containsExactlyInAnyOrder("app-1", "lib-1");
  }

  @Test
  void movesNothingThatIsInstalledWhenItIsFrozen() {
    PackageRecord old = record("lib", "1");
    PackageRecord[] all = {
      record("app", "2", "lib >=2"), record("app", "1"), old, record("lib", "2")
    };
    assertThat(names(asking(DEFAULTS, "app").installed(List.of(old)), all))
        .containsExactlyInAnyOrder("lib-2", "app-2");
    SolveOptions frozen = DEFAULTS.freezeInstalled(true);
    assertThat(names(asking(frozen, "app").installed(List.of(old)), all))
        .containsExactlyInAnyOrder("lib-1", "app-1");
    assertThat(names(asking(frozen, "app", "lib>=2").installed(List.of(old)), all))
        .containsExactlyInAnyOrder("lib-2", "app-2");
    assertThatThrownBy(() -> solve(asking(frozen, "app>=2").installed(List.of(old)), all))
        .isInstanceOfSatisfying(
            UnsatisfiableException.class,
            e -> assertThat(e.conflict().toString()).contains("frozen"));
  }

  @Test
  void provesThatTheAnswerIsTheBest() {
    assertThat(solve(asking(DEFAULTS, "a"), CHAIN).optimality()).isEqualTo(Optimality.PROVED);
  }
}
