package io.jconda.core.client;

import io.jconda.PackageNotFoundException;
import io.jconda.core.prefix.History;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.Pinned;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.prefix.PrefixState;
import io.jconda.core.solver.SolveMode;
import io.jconda.core.solver.SolveRequest;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Is what lies in a prefix, as far as planning needs it.
 *
 * @param prefix the folder
 * @param records the packages
 * @param requested the specs in force, by name
 * @param pinned the specs of {@code conda-meta/pinned}
 * @param extraPins what the request pins
 * @param platform what the environment is for
 * @param state its present state
 */
record Present(
    Path prefix,
    List<PackageRecord> records,
    Map<String, String> requested,
    List<String> pinned,
    List<MatchSpec> extraPins,
    Platform platform,
    String state) {

  static Present read(Wanted wanted) {
    Path prefix = wanted.prefix();
    String state = PrefixState.stamp(prefix);
    PrefixRecords installed = PrefixRecords.read(prefix);
    List<PackageRecord> records =
        installed.packages().stream().map(InstalledPackage::record).toList();
    return new Present(
        prefix,
        records,
        History.read(prefix).requestedSpecs(installed),
        Pinned.read(prefix),
        wanted.pins(),
        wanted.platform().orElseGet(() -> PrefixRecords.platformOf(records)),
        state);
  }

  /**
   * Begins a request that knows what is there, what was asked for earlier, and what may not move.
   */
  SolveRequest.Builder request(SolveMode mode, List<MatchSpec> asked) {
    return SolveRequest.builder()
        .mode(mode)
        .specs(asked)
        .remembered(requested.values().stream().map(MatchSpec::parseLenient).toList())
        .installed(records)
        .pins(pins());
  }

  /** What the user pinned, by request and by {@code conda-meta/pinned}; the solver holds Python. */
  private List<MatchSpec> pins() {
    List<MatchSpec> pins = new ArrayList<>(extraPins);
    pinned.forEach(text -> pins.add(MatchSpec.parseLenient(text)));
    return pins;
  }

  void requireInstalled(MatchSpec spec) {
    if (records.stream().noneMatch(spec::matches)) {
      throw new PackageNotFoundException(
          spec.toString(),
          List.of(),
          "'%s' is not installed in %s.".formatted(spec, prefix),
          "List what is installed with packages(), or install it.");
    }
  }
}
