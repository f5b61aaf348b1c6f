package io.jconda.core.client;

import io.jconda.core.config.Settings;
import io.jconda.core.repodata.ChannelIndexes;
import io.jconda.core.repodata.DependencyName;
import io.jconda.core.solver.RecordSource;
import io.jconda.core.solver.SolveRequest;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hands the records of channels to the solver, which stands above the room that loads them.
 *
 * <p>Where the channels have pip, every Python 2 or 3 asks for it, as conda and mamba have it
 * (conda: {@code add_pip_as_python_dependency}); only while solving, so that pip can be removed
 * later. Not safe to share between threads.
 */
final class IndexedRecords implements RecordSource {
  private static final String PIP = "pip";

  private final ChannelIndexes indexes;
  private final Map<String, List<PackageRecord>> named;
  private final Settings settings;
  private final Map<PackageRecord, PackageRecord> asServed = new HashMap<>();

  /**
   * Puts records beside those of the channels.
   *
   * @param indexes what the channels have
   * @param named records that no channel has, by name; for these names they are all there is
   * @param settings whether Python asks for pip, and whether archives in the new form count
   */
  IndexedRecords(
      ChannelIndexes indexes, Map<String, List<PackageRecord>> named, Settings settings) {
    this.indexes = indexes;
    this.named = named;
    this.settings = settings;
  }

  /** Returns what a solve will ask for first, and pip, which Python will ask for. */
  static List<MatchSpec> reached(SolveRequest.Builder builder) {
    SolveRequest request = builder.build();
    List<MatchSpec> specs = new ArrayList<>(request.specs());
    specs.addAll(request.remembered());
    for (PackageRecord record : request.installed()) {
      specs.add(MatchSpec.builder(record.name()).build());
    }
    for (MatchSpec spec : specs) {
      if (spec.name().equals("python")) {
        specs.add(MatchSpec.builder(PIP).build());
        break;
      }
    }
    return specs;
  }

  @Override
  public List<PackageRecord> records(String name) {
    List<PackageRecord> records = named.containsKey(name) ? named.get(name) : ofChannels(name);
    return settings.addPip() && name.equals("python") && !indexes.records(PIP).isEmpty()
        ? records.stream().map(this::withPip).toList()
        : records;
  }

  private List<PackageRecord> ofChannels(String name) {
    List<PackageRecord> records = indexes.records(name);
    // conda: base/context.py, use_only_tar_bz2
    return settings.onlyTarBz2()
        ? records.stream().filter(record -> record.fileName().endsWith(".tar.bz2")).toList()
        : records;
  }

  private PackageRecord withPip(PackageRecord python) {
    String version = python.version().toString();
    boolean asks = version.startsWith("2.") || version.startsWith("3.");
    if (!asks || isAskedFor(python.depends())) {
      return python;
    }
    List<String> depends = new ArrayList<>(python.depends());
    depends.add(PIP);
    PackageRecord asking = python.toBuilder().depends(depends).build();
    asServed.put(asking, python);
    return asking;
  }

  private static boolean isAskedFor(List<String> depends) {
    for (String text : depends) {
      if (DependencyName.of(text).equals(PIP)) {
        return true;
      }
    }
    return false;
  }

  /** Returns records as the channels have them. */
  List<PackageRecord> asServed(List<PackageRecord> solution) {
    List<PackageRecord> served = new ArrayList<>(solution.size());
    for (PackageRecord record : solution) {
      served.add(asServed.getOrDefault(record, record));
    }
    return List.copyOf(served);
  }

  @Override
  public Collection<String> names() {
    if (named.isEmpty()) {
      return indexes.names();
    }
    Set<String> names = new HashSet<>(indexes.names());
    names.addAll(named.keySet());
    return names;
  }

  @Override
  public int channelRank(PackageRecord record) {
    return named.getOrDefault(record.name(), List.of()).contains(record)
        ? 0
        : indexes.channelRank(record);
  }
}
