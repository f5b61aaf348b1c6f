package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.PackageNotFoundException;
import io.jconda.spec.PackageRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of what is installed when something is added, updated or removed. */
class InstalledSolverTest extends SmallSolves {
  @Test
  void keepsWhatIsInstalledWhenSomethingIsAdded() {
    SolveRequest request =
        SolveRequest.builder().specs(specs("a")).installed(List.of(record("b", "1"))).build();
    assertThat(solve(request, record("a", "1", "b"), record("b", "1"), record("b", "2")))
        .containsExactly("b-1-0", "a-1-0");
  }

  @Test
  void keepsWhatIsInstalledAlsoIfItIsNamedAndFits() {
    SolveRequest.Builder request = SolveRequest.builder().installed(List.of(record("b", "1")));
    assertThat(solve(request.specs(specs("b")).build(), record("b", "1"), record("b", "2")))
        .containsExactly("b-1-0");
    assertThat(solve(request.specs(specs("b >1")).build(), record("b", "1"), record("b", "2")))
        .containsExactly("b-2-0");
  }

  @Test
  void keepsWhatIsInstalledAlsoIfNoChannelHasIt() {
    SolveRequest request =
        SolveRequest.builder().specs(specs("a")).installed(List.of(record("own", "1"))).build();
    assertThat(solve(request, record("a", "1"))).containsExactly("a-1-0", "own-1-0");
  }

  @Test
  void doesNotThrowOutWhatWasBrokenBefore() {
    PackageRecord broken = record("gpu", "1", "__cuda >=12", "gone", "unreadable >=");
    SolveRequest request =
        SolveRequest.builder().specs(specs("a")).installed(List.of(broken)).build();
    assertThat(solve(request, record("a", "1"))).containsExactly("a-1-0", "gpu-1-0");
  }

  @Test
  void bringsWhatSomethingInstalledLacks() {
    SolveRequest request =
        SolveRequest.builder()
            .specs(specs("a"))
            .installed(List.of(record("b", "1", "lost")))
            .build();
    assertThat(solve(request, record("a", "1"), record("lost", "1")))
        .containsExactly("a-1-0", "lost-1-0", "b-1-0");
  }

  @Test
  void movesWhatIsInstalledWhereItMust() {
    SolveRequest request =
        SolveRequest.builder()
            .specs(specs("a"))
            .remembered(specs("c"))
            .installed(List.of(record("b", "1"), record("c", "1", "b <2")))
            .build();
    assertThat(
            solve(
                request,
                record("a", "1", "b >=2"),
                record("b", "1"),
                record("b", "2"),
                record("c", "1", "b <2"),
                record("c", "2", "b")))
        .containsExactly("b-2-0", "a-1-0", "c-2-0");
  }

  @Test
  void updatesOnlyWhatIsNamed() {
    PackageRecord[] channel = {
      record("a", "1"), record("a", "2"), record("b", "1"), record("b", "2")
    };
    SolveRequest.Builder request =
        SolveRequest.builder()
            .remembered(specs("a", "b"))
            .installed(List.of(record("a", "1"), record("b", "1")));
    assertThat(solve(request.mode(SolveMode.UPDATE).specs(specs("a")).build(), channel))
        .containsExactly("a-2-0", "b-1-0");
    assertThat(solve(request.mode(SolveMode.UPDATE_ALL).specs(List.of()).build(), channel))
        .containsExactly("a-2-0", "b-2-0");
  }

  @Test
  void doesNotMovePythonToAnotherMinorVersionUnlessPythonIsNamed() {
    PackageRecord[] channel = {
      record("python", "3.8.1"),
      record("python", "3.8.2"),
      record("python", "3.9.0"),
      record("a", "1", "python >=3.8.2"),
      record("a", "2", "python >=3.9")
    };
    SolveRequest.Builder request =
        SolveRequest.builder().installed(List.of(record("python", "3.8.1")));
    assertThat(solve(request.specs(specs("a")).build(), channel))
        .containsExactly("python-3.8.2-0", "a-1-0");
    assertThat(solve(request.specs(specs("a", "python")).build(), channel))
        .containsExactly("python-3.9.0-0", "a-2-0");
    assertThat(fail(request.specs(specs("a=2")).build(), channel))
        .hasMessageContaining("'python=3.8' stays, as it is installed and not named");
  }

  @Test
  void keepsLockedRecordsWhateverIsAskedFor() {
    SolveRequest request =
        SolveRequest.builder().specs(specs("a")).locked(List.of(record("b", "1"))).build();
    assertThat(
            solve(
                request,
                record("a", "1"),
                record("a", "2", "b >=2"),
                record("b", "1"),
                record("b", "2")))
        .containsExactly("a-1-0", "b-1-0");
  }

  @Test
  void removesDependantsAndOrphansButNotWhatWasAskedFor() {
    SolveRequest.Builder request =
        SolveRequest.builder()
            .mode(SolveMode.REMOVE)
            .remembered(specs("top", "wanted"))
            .installed(
                List.of(
                    record("top", "1", "mid"),
                    record("mid", "1", "orphan", "wanted", "shared"),
                    record("orphan", "1"),
                    record("wanted", "1"),
                    record("shared", "1"),
                    record("other", "1", "shared")));
    assertThat(solve(request.removals(specs("mid")).build()))
        .containsExactly("shared-1-0", "other-1-0", "wanted-1-0");
    assertThatThrownBy(() -> solve(request.removals(specs("othre")).build()))
        .isInstanceOf(PackageNotFoundException.class)
        .hasMessageContaining("other");
  }
}
