package io.jconda.core.solver;

import static io.jconda.core.solver.ConflictScenario.assertApproved;
import static io.jconda.core.solver.ConflictScenario.build;
import static io.jconda.core.solver.ConflictScenario.draft;
import static io.jconda.core.solver.ConflictScenario.leaf;
import static io.jconda.core.solver.ConflictScenario.limited;
import static io.jconda.core.solver.ConflictScenario.record;
import static io.jconda.core.solver.ConflictScenario.request;
import static io.jconda.core.solver.ConflictScenario.versions;
import static io.jconda.core.solver.ConflictScenario.virtual;
import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.solve.Conflict;
import io.jconda.solve.Conflict.Cause;
import io.jconda.solve.Conflict.Kind;
import io.jconda.solve.ExcludeNewer;
import io.jconda.solve.SolveOptions;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds what explanations end with by texts that were read and approved. */
class ShortageTextTest {
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
            draft("lib", "2.2").timestamp(Instant.parse("2024-05-01T00:00:00Z")).build(),
            draft("lib", "2.3").timestamp(Instant.parse("2024-06-01T00:00:00Z")).build());
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.SHUT_OUT);
  }

  @Test
  void tellsWhatCannotBeRead() throws IOException {
    Conflict conflict = assertApproved("unreadable", request("app"), record("app", "1", "lib >="));
    assertThat(leaf(conflict).kind()).isEqualTo(Kind.UNREADABLE);
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
}
