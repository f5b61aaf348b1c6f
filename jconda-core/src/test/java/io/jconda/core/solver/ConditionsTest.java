package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.UnsatisfiableException;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Solves with conditions (CEP-43), extras (CEP-44) and flags (CEP-45). */
class ConditionsTest {
  private static final PackageRecord UNIX = PackageRecord.builder("__unix", "0", "0").build();

  private static PackageRecord record(String name, String version, String... depends) {
    return PackageRecord.builder(name, version, "0")
        .channel("main")
        .depends(List.of(depends))
        .build();
  }

  private static List<String> solve(List<String> specs, PackageRecord... records) {
    SolveRequest request =
        SolveRequest.builder()
            .specs(specs.stream().map(MatchSpec::parse).toList())
            .virtualPackages(List.of(UNIX))
            .build();
    return names(request, records);
  }

  private static List<String> names(SolveRequest request, PackageRecord... records) {
    return new Solver()
            .solve(
                request,
                FixedSource.of(List.of("main"), Arrays.asList(records)),
                OperationContext.silent())
            .records()
            .stream()
            .map(record -> record.name() + "-" + record.version())
            .sorted()
            .toList();
  }

  @Test
  void aDependencyCountsWhileItsConditionIsTrue() {
    PackageRecord app = record("app", "1", "typing[when='python<3.9']", "python");
    PackageRecord typing = record("typing", "4");
    assertThat(solve(List.of("app"), app, typing, record("python", "3.8")))
        .containsExactly("app-1", "python-3.8", "typing-4");
    assertThat(solve(List.of("app"), app, typing, record("python", "3.9")))
        .containsExactly("app-1", "python-3.9");
  }

  @Test
  void aConditionMayBeAboutTheMachine() {
    PackageRecord app = record("app", "1", "posix[when=__unix]", "pywin32[when=__win]");
    assertThat(solve(List.of("app"), app, record("posix", "1"), record("pywin32", "1")))
        .containsExactly("app-1", "posix-1");
  }

  @Test
  void aConditionBringsNothingThatItNames() {
    assertThat(
            solve(
                List.of("app"),
                record("app", "1", "b[when='c>=2 or missing']"),
                record("b", "1"),
                record("c", "2")))
        .containsExactly("app-1");
  }

  @Test
  void andBindsTighterThanOrAndParenthesesTighterThanBoth() {
    PackageRecord a = record("a", "1");
    PackageRecord b = record("b", "1");
    PackageRecord d = record("d", "1");
    PackageRecord loose = record("app", "1", "d[when='a or b and c']");
    PackageRecord strict = record("app", "1", "d[when='(a or b) and c']");
    assertThat(solve(List.of("app", "a"), a, b, d, loose)).containsExactly("a-1", "app-1", "d-1");
    assertThat(solve(List.of("app", "a", "b"), a, b, d, strict))
        .containsExactly("a-1", "app-1", "b-1");
  }

  @Test
  void aConditionThatComesTrueLateStillCounts() {
    // x is chosen because of z, after everything about app is settled.
    assertThat(
            solve(
                List.of("app", "z"),
                record("app", "1", "late >=2[when='x>=1']".replace(" >=2[", "[version='>=2',")),
                record("late", "1"),
                record("late", "2"),
                record("z", "1", "y"),
                record("y", "1", "x"),
                record("x", "1")))
        .containsExactly("app-1", "late-2", "x-1", "y-1", "z-1");
  }

  @Test
  void avoidsWhatMakesAConditionTrueWhereItsDependencyCannotBeHad() {
    assertThat(
            solve(
                List.of("app", "x"),
                record("app", "1", "missing[when='x>=2']"),
                record("x", "1"),
                record("x", "2")))
        .containsExactly("app-1", "x-1");
  }

  @Test
  void aConstraintMayHaveACondition() {
    PackageRecord app =
        PackageRecord.builder("app", "1", "0")
            .channel("main")
            .constrains(List.of("b[version='<2',when=__unix]", "c[version='<2',when=__win]"))
            .build();
    assertThat(
            solve(
                List.of("app", "b", "c"),
                app,
                record("b", "1"),
                record("b", "2"),
                record("c", "1"),
                record("c", "2")))
        .containsExactly("app-1", "b-1", "c-2");
  }

  @Test
  void aSpecOfTheUserMayHaveACondition() {
    PackageRecord[] all = {record("python", "3.12"), record("numpy", "1"), record("numpy", "2")};
    assertThat(solve(List.of("python", "numpy[version='>=2',when='python>=3.10']"), all))
        .containsExactly("numpy-2", "python-3.12");
    assertThat(solve(List.of("python", "numpy[version='>=2',when='python<3.10']"), all))
        .containsExactly("python-3.12");
    assertThat(solve(List.of("python", "nowhere[when='python<3.10']"), all))
        .containsExactly("python-3.12");
  }

  @Test
  void aConditionCannotMakeItselfTrue() {
    assertThat(solve(List.of("app"), record("app", "1", "b[when=b]"), record("b", "1")))
        .containsExactly("app-1");
  }

  @Test
  void anUnreadableConditionShutsTheRecordOut() {
    assertThat(solve(List.of("app"), record("app", "2", "b[when='c and']"), record("app", "1")))
        .containsExactly("app-1");
  }

  private static PackageRecord withExtras(String version, Map<String, List<String>> extras) {
    return record("app", version).toBuilder().extraDepends(extras).build();
  }

  @Test
  void extrasAddTheirDependenciesAndOnlyWhereTheyAreAskedFor() {
    PackageRecord app = withExtras("1", Map.of("plot", List.of("mpl"), "test", List.of("pytest")));
    PackageRecord mpl = record("mpl", "3");
    PackageRecord pytest = record("pytest", "8");
    assertThat(solve(List.of("app"), app, mpl, pytest)).containsExactly("app-1");
    assertThat(solve(List.of("app[extras=plot]"), app, mpl, pytest))
        .containsExactly("app-1", "mpl-3");
    assertThat(solve(List.of("app[extras=[plot, test]]"), app, mpl, pytest))
        .containsExactly("app-1", "mpl-3", "pytest-8");
    assertThat(solve(List.of("app[extras=absent]"), app, mpl)).containsExactly("app-1");
  }

  @Test
  void extrasMayBeAskedForByADependencyAndHaveConditionsThemselves() {
    PackageRecord app =
        withExtras("1", Map.of("plot", List.of("mpl[when=__unix]", "win[when=__win]")));
    assertThat(
            solve(
                List.of("user", "app"),
                record("user", "1", "app[extras=plot]"),
                app,
                record("mpl", "3"),
                record("win", "1")))
        .containsExactly("app-1", "mpl-3", "user-1");
  }

  @Test
  void takesTheVersionWhoseExtrasCanBeHad() {
    assertThat(
            solve(
                List.of("app[extras=plot]"),
                withExtras("2", Map.of("plot", List.of("missing"))),
                withExtras("1", Map.of("plot", List.of("mpl"))),
                record("mpl", "3")))
        .containsExactly("app-1", "mpl-3");
  }

  @Test
  void flagsSelectTheVariant() {
    PackageRecord cpu = record("torch", "2");
    PackageRecord gpu = record("torch", "1").toBuilder().flags(List.of("cuda", "blas:mkl")).build();
    assertThat(solve(List.of("torch"), cpu, gpu)).containsExactly("torch-2");
    assertThat(solve(List.of("torch[flags=[cuda, 'blas:*']]"), cpu, gpu))
        .containsExactly("torch-1");
    assertThatThrownBy(() -> solve(List.of("torch[flags=[rocm]]"), cpu, gpu))
        .isInstanceOf(UnsatisfiableException.class);
  }

  @Test
  void removesWhatOnlyAnExtraOfSomethingRemovedHadNeeded() {
    PackageRecord app = withExtras("1", Map.of("plot", List.of("mpl")));
    SolveRequest.Builder request =
        SolveRequest.builder()
            .mode(SolveMode.REMOVE)
            .installed(List.of(app, record("mpl", "3"), record("other", "1")))
            .remembered(List.of(MatchSpec.parse("app[extras=plot]"), MatchSpec.parse("other")));
    assertThat(names(request.removals(List.of(MatchSpec.parse("mpl"))).build()))
        .containsExactly("other-1");
  }
}
