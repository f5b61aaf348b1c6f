package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import io.jconda.Plan;
import io.jconda.UnsatisfiableException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.solve.Dependencies;
import io.jconda.solve.ExcludeNewer;
import io.jconda.solve.Optimality;
import io.jconda.solve.SolveOptions;
import io.jconda.solve.SolveStrategy;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses the solver's options from the front door to the files on disk. */
class SolveOptionsTest {
  private static final SolveOptions DEFAULTS = SolveOptions.defaults();
  private static final Instant OLD = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant NEW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;
  private CondaClient client;

  @BeforeEach
  void makeChannel() {
    make("lib", "1.0", OLD);
    make("lib", "2.0", NEW);
    make("app", "1.0", OLD, "lib");
    make("app", "2.0", NEW, "lib >=2", "late[when='lib>=2']");
    make("late", "1.0", OLD);
    ChannelIndexer.index(folder.resolve("channel"));
    client = CondaClient.builder().root(folder.resolve("root")).build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void make(String name, String version, Instant time, String... depends) {
    PackageBuilder.of(name, version)
        .noarch(NoarchType.GENERIC)
        .timestamp(time)
        .depends(depends)
        .file("share/" + name + ".txt", version)
        .build(folder.resolve("channel"));
  }

  private EnvironmentRequest request(SolveOptions options) {
    return client
        .env(folder.resolve("env"))
        .channel(folder.resolve("channel").toString())
        .solveOptions(options);
  }

  private static List<String> names(List<PackageRecord> records) {
    return records.stream().map(record -> record.name() + "-" + record.version()).sorted().toList();
  }

  private List<String> planned(SolveOptions options, String... specs) {
    return names(request(options).plan(specs).solution());
  }

  @Test
  void aConditionInTheIndexOfAChannelCounts() {
    Plan plan = request(DEFAULTS).plan("app");
    assertThat(names(plan.solution())).containsExactly("app-2.0", "late-1.0", "lib-2.0");
    assertThat(plan.optimality()).isEqualTo(Optimality.PROVED);
  }

  @Test
  void aSolveAsOfAnEarlierDayTakesWhatWasThereThen() {
    assertThat(planned(DEFAULTS.excludeNewer(ExcludeNewer.than(OLD)), "app"))
        .containsExactly("app-1.0", "lib-1.0");
    assertThat(names(request(DEFAULTS).excludeNewer(OLD).plan("app").solution()))
        .containsExactly("app-1.0", "lib-1.0");
  }

  @Test
  void theLowestVersionsAreToBeHad() {
    assertThat(planned(DEFAULTS.strategy(SolveStrategy.LOWEST_DIRECT), "app"))
        .containsExactly("app-1.0", "lib-2.0");
  }

  @Test
  void exclusionsNameTheirReasonInTheException() {
    assertThatThrownBy(() -> planned(DEFAULTS.exclude("lib 2.*", "it is slow"), "app>=2"))
        .isInstanceOf(UnsatisfiableException.class)
        .hasMessageContaining("it is slow");
  }

  @Test
  void theDependenciesAloneAreInstalledAndRemembered() {
    Environment environment = request(DEFAULTS.dependencies(Dependencies.ONLY)).install("app");
    assertThat(names(environment.packages())).containsExactly("late-1.0", "lib-2.0");
    environment.install("app");
    assertThat(names(environment.packages())).containsExactly("app-2.0", "late-1.0", "lib-2.0");
    environment.uninstall("app");
    assertThat(names(environment.packages())).containsExactly("late-1.0", "lib-2.0");
  }

  @Test
  void whatIsNamedAloneIsInstalledWithoutItsDependencies() {
    Environment environment = request(DEFAULTS.dependencies(Dependencies.LEFT_OUT)).install("app");
    assertThat(names(environment.packages())).containsExactly("app-2.0");
  }

  @Test
  void aFrozenEnvironmentTakesWhatFitsIt() {
    Environment environment = request(DEFAULTS).install("lib=1");
    assertThat(names(environment.packages())).containsExactly("lib-1.0");
    Environment more = request(DEFAULTS.freezeInstalled(true)).install("app");
    assertThat(names(more.packages())).containsExactly("app-1.0", "lib-1.0");
  }

  @Test
  void ensureKnowsThatAConditionalSpecIsFulfilledWhereItsConditionIsFalse() {
    String conditional = "late[when='lib>=3']";
    Environment first = request(DEFAULTS).ensure("lib", conditional);
    assertThat(names(first.packages())).containsExactly("lib-2.0");
    Environment second = request(DEFAULTS).ensure("lib", conditional);
    assertThat(second.report().changes()).isEmpty();
  }
}
