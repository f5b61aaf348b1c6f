package io.jconda.core.client;

import io.jconda.core.cache.CacheCare;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds the packages that specs name by a file or URL. A channel's record of such a package counts
 * if there is one, because channels mend what packages say of themselves; without one the archive
 * is brought into the store, and its own record counts.
 */
final class NamedArchives {
  private NamedArchives() {}

  /**
   * Returns the records that no channel has, by name.
   *
   * @param specs what is asked for
   * @param channels gives all records of a name that the channels have
   */
  static Map<String, List<PackageRecord>> records(
      List<MatchSpec> specs,
      Function<String, List<PackageRecord>> channels,
      CacheCare cache,
      OperationContext context) {
    Map<String, List<PackageRecord>> records = new HashMap<>();
    for (MatchSpec spec : specs) {
      if (spec.url().isPresent()
          && spec.isExactName()
          && channels.apply(spec.name()).stream().noneMatch(spec::matches)) {
        records
            .computeIfAbsent(spec.name(), name -> new ArrayList<>())
            .add(cache.fetchNamed(asked(spec), context).record());
      }
    }
    return records;
  }

  /** Returns what a URL says of the package that lies there. */
  static PackageRecord asked(MatchSpec spec) {
    String url = spec.url().orElseThrow();
    int name = url.lastIndexOf('/') + 1;
    PackageRecord.Builder asked =
        PackageRecord.builder(spec.name(), "0", "0")
            .url(url)
            .fileName(spec.fileName().orElseGet(() -> url.substring(name)))
            .channel(spec.channel().map(Channel::name).orElseGet(() -> url.substring(0, name - 1)))
            .subdir(spec.subdir().orElse(""));
    spec.sha256().ifPresent(asked::sha256);
    spec.md5().ifPresent(asked::md5);
    return asked.build();
  }
}
