package io.jconda.core.solver;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jconda.UnsatisfiableException;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.Arrays;
import java.util.List;

/** Solves among a few records. */
abstract class SmallSolves {
  static PackageRecord.Builder of(String name, String version) {
    return of(name, version, "0");
  }

  static PackageRecord.Builder of(String name, String version, String build) {
    return PackageRecord.builder(name, version, build).channel("main").subdir("linux-64");
  }

  static PackageRecord record(String name, String version, String... depends) {
    return of(name, version).depends(List.of(depends)).build();
  }

  static List<MatchSpec> specs(String... texts) {
    return Arrays.stream(texts).map(MatchSpec::parse).toList();
  }

  static List<String> solve(SolveRequest request, PackageRecord... records) {
    return new Solver()
        .solve(request, FixedSource.of(records), OperationContext.silent()).records().stream()
            .map(PackageRecord::distName)
            .toList();
  }

  static List<String> solve(String spec, PackageRecord... records) {
    return solve(SolveRequest.builder().specs(specs(spec)).build(), records);
  }

  static UnsatisfiableException fail(SolveRequest request, PackageRecord... records) {
    return catchThrowableOfType(UnsatisfiableException.class, () -> solve(request, records));
  }
}
