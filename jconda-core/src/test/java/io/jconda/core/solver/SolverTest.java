package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.OperationCancelledException;
import io.jconda.PackageNotFoundException;
import io.jconda.UnsatisfiableException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.ChannelPriority;
import io.jconda.solve.SolveOptions;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SolverTest extends SmallSolves {
  @Test
  void takesTheNewestVersionAndItsDependencies() {
    assertThat(
            solve(
                "a",
                record("a", "1.9"),
                record("a", "1.10", "b >=2"),
                record("b", "1"),
                record("b", "2")))
        .containsExactly("b-2-0", "a-1.10-0");
  }

  @Test
  void goesBackToAnOlderVersionWhereTheNewestDoesNotFit() {
    assertThat(
            solve(
                SolveRequest.builder().specs(specs("a", "b <2")).build(),
                record("a", "1", "b"),
                record("a", "2", "b >=2"),
                record("b", "1"),
                record("b", "2")))
        .containsExactly("b-1-0", "a-1-0");
  }

  @Test
  void prefersARecordWithoutTrackFeaturesToANewerOneWithThem() {
    assertThat(solve("a", of("a", "2").trackFeatures(List.of("debug")).build(), record("a", "1")))
        .containsExactly("a-1-0");
  }

  @Test
  void prefersTheHigherBuildNumberToTheLaterTimestamp() {
    assertThat(
            solve(
                "a",
                of("a", "1", "x").buildNumber(1).timestamp(Instant.ofEpochSecond(1)).build(),
                of("a", "1", "y").buildNumber(0).timestamp(Instant.ofEpochSecond(2)).build()))
        .containsExactly("a-1-x");
  }

  @Test
  void prefersTheBuildForTheNewerSharedDependencyToTheLaterTimestamp() {
    PackageRecord.Builder old = of("a", "1", "py9").depends(List.of("py 3.9.*"));
    assertThat(
            solve(
                "a",
                old.timestamp(Instant.ofEpochSecond(9)).build(),
                of("a", "1", "py10").depends(List.of("py 3.10.*")).build(),
                record("py", "3.9"),
                record("py", "3.10")))
        .containsExactly("py-3.10-0", "a-1-py10");
  }

  @Test
  void prefersTheLaterTimestampThenTheCondaArchive() {
    PackageRecord early = of("a", "1", "x").timestamp(Instant.ofEpochSecond(1)).build();
    PackageRecord late = of("a", "1", "y").timestamp(Instant.ofEpochSecond(2)).build();
    assertThat(solve("a", early, late)).containsExactly("a-1-y");
    PackageRecord old = late.toBuilder().fileName("a-1-y.tar.bz2").build();
    List<PackageRecord> records =
        new Solver()
            .solve(
                SolveRequest.builder().specs(specs("a")).build(),
                FixedSource.of(old, late),
                OperationContext.silent())
            .records();
    assertThat(records).extracting(PackageRecord::fileName).containsExactly("a-1-y.conda");
  }

  @Test
  void takesTheTarBz2WhereItsHashIsAskedFor() {
    String hash = "0123456789abcdef0123456789abcdef";
    PackageRecord conda = record("a", "1");
    PackageRecord old = conda.toBuilder().fileName("a-1-0.tar.bz2").md5(hash).build();
    assertThat(
            new Solver()
                .solve(
                    SolveRequest.builder().specs(specs("a[md5=" + hash + "]")).build(),
                    FixedSource.of(conda, old),
                    OperationContext.silent())
                .records())
        .containsExactly(old);
  }

  @Test
  void seesOnlyTheHighestChannelOfANameUnderStrictPriority() {
    PackageRecord high = of("a", "1").channel("high").build();
    PackageRecord low = of("a", "2").channel("low").build();
    assertThat(solve("a", high, low)).containsExactly("a-1-0");
    UnsatisfiableException failure =
        fail(SolveRequest.builder().specs(specs("a >=2")).build(), high, low);
    assertThat(failure.conflict().specs()).containsExactly("a >=2");
    assertThat(failure)
        .hasMessageContaining("strict channel priority hides a 2 of low behind high");
  }

  @Test
  void seesTheChannelThatASpecNamesUnderStrictPriority() {
    PackageRecord high = of("a", "1").channel("high").build();
    PackageRecord low = of("a", "2").channel("low").build();
    assertThat(solve("low::a", high, low)).containsExactly("a-2-0");
  }

  @Test
  void takesALowerChannelUnderFlexiblePriorityOnlyWhereTheHigherDoesNotFit() {
    PackageRecord high = of("a", "1").channel("high").build();
    PackageRecord low = of("a", "2").channel("low").build();
    SolveRequest.Builder request =
        SolveRequest.builder()
            .options(SolveOptions.defaults().channelPriority(ChannelPriority.FLEXIBLE));
    assertThat(solve(request.specs(specs("a")).build(), high, low)).containsExactly("a-1-0");
    assertThat(solve(request.specs(specs("a >1")).build(), high, low)).containsExactly("a-2-0");
    assertThat(
            solve(
                request
                    .specs(specs("a"))
                    .options(SolveOptions.defaults().channelPriority(ChannelPriority.DISABLED))
                    .build(),
                high,
                low))
        .containsExactly("a-2-0");
  }

  @Test
  void takesTheHigherChannelAmongEqualsWhenPriorityIsDisabled() {
    PackageRecord high = of("a", "1").channel("zebra").build();
    PackageRecord low = of("a", "1").channel("ant").build();
    assertThat(
            new Solver()
                .solve(
                    SolveRequest.builder()
                        .specs(specs("a"))
                        .options(SolveOptions.defaults().channelPriority(ChannelPriority.DISABLED))
                        .build(),
                    FixedSource.of(high, low),
                    OperationContext.silent())
                .records())
        .containsExactly(high);
  }

  @Test
  void heedsConstraintsWithoutInstallingWhatTheyName() {
    PackageRecord a = of("a", "1").constrains(List.of("b <2", "absent >=1")).build();
    assertThat(solve("a", a, record("b", "1"))).containsExactly("a-1-0");
    assertThat(
            solve(
                SolveRequest.builder().specs(specs("a", "b")).build(),
                a,
                record("b", "1"),
                record("b", "2")))
        .containsExactly("a-1-0", "b-1-0");
  }

  @Test
  void heedsConstraintsOnVirtualPackages() {
    PackageRecord old = record("a", "1");
    PackageRecord recent = of("a", "2").constrains(List.of("__glibc >=2.28")).build();
    SolveRequest.Builder request = SolveRequest.builder().specs(specs("a"));
    assertThat(solve(request.build(), old, recent)).containsExactly("a-2-0");
    PackageRecord glibc = PackageRecord.builder("__glibc", "2.17", "0").build();
    assertThat(solve(request.virtualPackages(List.of(glibc)).build(), old, recent))
        .containsExactly("a-1-0");
  }

  @Test
  void saysOfAVirtualPackageThatIsAskedForByNameWhatTheMachineHas() {
    UnsatisfiableException failure =
        fail(SolveRequest.builder().specs(specs("__cuda >=12")).build(), record("a", "1"));
    assertThat(failure).hasMessageContaining("CONDA_OVERRIDE_CUDA");
  }

  @Test
  void namesTheVariableThatWouldStateAMissingVirtualPackage() {
    UnsatisfiableException failure =
        fail(SolveRequest.builder().specs(specs("a")).build(), record("a", "1", "__cuda >=12"));
    assertThat(failure.conflict().specs()).containsExactly("a");
    assertThat(failure)
        .hasMessageContaining("a 1 requires __cuda >=12")
        .hasMessageContaining("CONDA_OVERRIDE_CUDA");
  }

  @Test
  void heedsPinsWithoutInstallingWhatTheyName() {
    SolveRequest request =
        SolveRequest.builder().specs(specs("a")).pins(specs("b <2", "absent")).build();
    assertThat(solve(request, record("a", "1", "b"), record("b", "1"), record("b", "2")))
        .containsExactly("b-1-0", "a-1-0");
    assertThat(solve(request, record("a", "1"), record("b", "1"))).containsExactly("a-1-0");
  }

  @Test
  void shutsOutARecordWithAnUnreadableDependencyAndSaysWhy() {
    PackageRecord broken = record("a", "2", "b >=");
    assertThat(solve("a", record("a", "1"), broken)).containsExactly("a-1-0");
    assertThat(fail(SolveRequest.builder().specs(specs("a")).build(), broken))
        .hasMessageContaining("a 2 requires 'b >=', but that cannot be read");
  }

  @Test
  void saysThatANameExistsNowhereAndWhichLookLikeIt() {
    assertThatThrownBy(() -> solve("nunpy", record("numpy", "1"), record("scipy", "1")))
        .isInstanceOfSatisfying(
            PackageNotFoundException.class,
            e -> {
              assertThat(e.spec()).isEqualTo("nunpy");
              assertThat(e.nearNames()).containsExactly("numpy");
            })
        .hasMessageContaining("numpy");
  }

  @Test
  void namesAMissingDependencyAndWhatLooksLikeIt() {
    assertThat(
            fail(
                SolveRequest.builder().specs(specs("a")).build(),
                record("a", "1", "libfooo"),
                record("libfoo", "1")))
        .hasMessageContaining(
            "a 1 requires libfooo, but no channel has libfooo (names like it: libfoo)");
  }

  @Test
  void tellsTheChainsThatClash() {
    UnsatisfiableException failure =
        fail(
            SolveRequest.builder().specs(specs("a", "b", "c")).build(),
            record("a", "1", "lib <2"),
            record("a", "2", "lib <2"),
            record("b", "1", "mid"),
            record("mid", "1", "lib >=2"),
            record("lib", "1"),
            record("lib", "2"),
            record("c", "1"));
    assertThat(failure.conflict().specs()).containsExactly("a", "b");
    assertThat(failure.conflict().toString())
        .contains("'a' is asked for")
        .contains("a 1 to 2 require lib <2")
        .contains("'b' is asked for")
        .contains("mid 1 requires lib >=2");
  }

  @Test
  void explainsAConflictThatOnlyTryingShows() {
    // x, y and z want three different colours of two
    List<PackageRecord> records = new ArrayList<>();
    for (String name : List.of("x", "y", "z")) {
      for (String colour : List.of("1", "2")) {
        List<String> constrains = new ArrayList<>();
        for (String other : List.of("x", "y", "z")) {
          if (!other.equals(name)) {
            constrains.add(other + " !=" + colour);
          }
        }
        records.add(of(name, colour).constrains(constrains).build());
      }
    }
    UnsatisfiableException failure =
        fail(
            SolveRequest.builder().specs(specs("x", "y", "z")).build(),
            records.toArray(PackageRecord[]::new));
    assertThat(failure.conflict().specs()).containsExactly("x", "y", "z");
    assertThat(failure.conflict().toString()).contains("with y 1").contains("with y 2");
  }

  @Test
  void understandsAGlobForAName() {
    assertThat(solve("lib* >=2", record("liba", "1"), record("libb", "2"), record("c", "3")))
        .containsExactly("libb-2-0");
  }

  @Test
  void survivesCircles() {
    assertThat(solve("pip", record("pip", "1", "python"), record("python", "3", "pip")))
        .containsExactly("python-3-0", "pip-1-0");
  }

  @Test
  void endsWhenItIsCancelled() {
    CancellationToken token = CancellationToken.create();
    token.cancel("cancelled by the test");
    assertThatThrownBy(() -> pigeons(4, token)).isInstanceOf(OperationCancelledException.class);
  }

  @Test
  void endsAHardSearchWhenItsTimeIsUp() {
    assertThatThrownBy(() -> pigeons(60, CancellationToken.withTimeout(Duration.ofMillis(200))))
        .isInstanceOf(OperationCancelledException.class);
  }

  /** Each pigeon must take one of the holes, one fewer than there are pigeons, for itself. */
  private static void pigeons(int pigeons, CancellationToken token) {
    List<PackageRecord> records = new ArrayList<>();
    List<MatchSpec> wanted = new ArrayList<>();
    for (int pigeon = 0; pigeon < pigeons; pigeon++) {
      wanted.add(MatchSpec.parse("pigeon" + pigeon));
      for (int hole = 1; hole < pigeons; hole++) {
        String mine = "hole" + hole + " " + (pigeon + 1) + ".*";
        records.add(record("pigeon" + pigeon, String.valueOf(hole), mine));
        records.add(record("hole" + hole, String.valueOf(pigeon + 1)));
      }
    }
    new Solver()
        .solve(
            SolveRequest.builder().specs(wanted).build(),
            FixedSource.of(records.toArray(PackageRecord[]::new)),
            new OperationContext(token, Events.silent()));
  }
}
