package io.jconda.core.prefix;

import io.jconda.InvalidSpecException;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.VersionSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the specs that asked for one package, for readers that know of one only. */
final class RequestedSpecs {
  private static final Logger LOG = LoggerFactory.getLogger(RequestedSpecs.class);

  private RequestedSpecs() {}

  /**
   * Returns one spec that says what all of them say (conda: {@code MatchSpec.merge}): every
   * version, and of what can be said once only what the last says that says it.
   *
   * @param specs at least one, in the order in which they were asked for
   */
  static String merged(List<String> specs) {
    String last = specs.get(specs.size() - 1);
    if (specs.size() == 1) {
      return last;
    }
    try {
      MatchSpec.Builder merged = MatchSpec.parseLenient(specs.get(0)).toBuilder();
      Set<String> versions = new LinkedHashSet<>();
      for (String text : specs) {
        MatchSpec spec = MatchSpec.parseLenient(text);
        spec.version().map(RequestedSpecs::part).ifPresent(versions::add);
        spec.build().ifPresent(merged::build);
        spec.buildNumber().ifPresent(merged::buildNumber);
        spec.channel().ifPresent(merged::channel);
        spec.subdir().ifPresent(merged::subdir);
        spec.url().ifPresent(merged::url);
        spec.md5().ifPresent(merged::md5);
        spec.sha256().ifPresent(merged::sha256);
      }
      if (!versions.isEmpty()) {
        merged.version(VersionSpec.parse(String.join(",", versions)));
      }
      return merged.build().toString();
    } catch (InvalidSpecException e) {
      // the list beside says all of it
      LOG.debug("{} cannot be joined", specs, e);
      return last;
    }
  }

  /** Alternatives bind less than what they are joined with. */
  private static String part(VersionSpec version) {
    String text = version.toString();
    return text.contains("|") ? "(" + text + ")" : text;
  }
}
