package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jconda.UnsatisfiableException;
import io.jconda.core.util.OperationContext;
import io.jconda.solve.Conflict;
import io.jconda.solve.Conflict.Cause;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Makes small universes, and compares why they have no solution with texts that were approved. */
final class ConflictScenario {
  private ConflictScenario() {}

  static PackageRecord.Builder draft(String name, String version, String... depends) {
    return PackageRecord.builder(name, version, "0")
        .channel("main")
        .subdir("linux-64")
        .depends(List.of(depends));
  }

  static PackageRecord record(String name, String version, String... depends) {
    return draft(name, version, depends).build();
  }

  static PackageRecord build(String name, String version, String build, String... depends) {
    return PackageRecord.builder(name, version, build)
        .channel("main")
        .depends(List.of(depends))
        .build();
  }

  /** Returns one record for each version, all with the same dependencies. */
  static Stream<PackageRecord> versions(String name, String versions, String... depends) {
    return Arrays.stream(versions.split(" ")).map(version -> record(name, version, depends));
  }

  static PackageRecord limited(String name, String version, String... constrains) {
    return draft(name, version).constrains(List.of(constrains)).build();
  }

  static PackageRecord virtual(String name, String version, String build) {
    return PackageRecord.builder(name, version, build).build();
  }

  static List<MatchSpec> specs(String... texts) {
    return Arrays.stream(texts).map(MatchSpec::parse).toList();
  }

  static SolveRequest.Builder request(String... texts) {
    return SolveRequest.builder().specs(specs(texts));
  }

  static Conflict conflict(SolveRequest request, List<PackageRecord> records) {
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
  static Conflict assertApproved(
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

  static Conflict assertApproved(
      String name, SolveRequest.Builder builder, PackageRecord... records) throws IOException {
    return assertApproved(name, builder, Stream.of(records));
  }

  static Cause leaf(Conflict conflict) {
    Cause cause = conflict.causes().get(conflict.causes().size() - 1);
    while (!cause.causes().isEmpty()) {
      cause = cause.causes().get(cause.causes().size() - 1);
    }
    return cause;
  }
}
