package io.jconda.core.env;

import io.jconda.InvalidFileException;
import io.jconda.core.util.Hashes;
import io.jconda.file.LockFile;
import io.jconda.file.LockedPackage;
import io.jconda.file.LockedPackage.Manager;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import io.jconda.spec.UrlSecrets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code conda-lock.yml} (CEP-37). */
final class LockYaml {
  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final String origin;

  private LockYaml(String origin) {
    this.origin = origin;
  }

  /**
   * Reads a text.
   *
   * @param origin what it is called in messages
   * @throws InvalidFileException if it is no such file
   */
  static LockFile read(String text, String origin) {
    return new LockYaml(origin).lock(YamlTree.read(text, origin));
  }

  private LockFile lock(Map<String, Object> tree) {
    Object version = tree.getOrDefault("version", "1");
    if (!version.equals("1")) {
      throw broken(
          "its version is '%s', and only 1 is known".formatted(version),
          "Write a conda-lock.yml of version 1; lock files of other tools cannot be read.");
    }
    if (!(tree.get("metadata") instanceof Map<?, ?> metadata)
        || !(tree.get("package") instanceof List<?> entries)) {
      throw broken(
          "it has no map 'metadata' and list 'package'",
          "A conda-lock.yml (CEP-37) or an explicit list (CEP-23) is expected.");
    }
    List<LockedPackage> packages = new ArrayList<>();
    Set<List<Object>> seen = new HashSet<>();
    for (Object entry : entries) {
      if (!(entry instanceof Map<?, ?> map)) {
        throw broken("an entry of 'package' is no map", "Take it away, or lock again.");
      }
      LockedPackage one = locked(map);
      if (!seen.add(List.of(one.name(), one.manager(), one.platform(), one.category()))) {
        throw broken(
            "%s of %s is there twice for %s"
                .formatted(one.name(), word(one.manager()), one.platform()),
            "Take one of them away, or lock again.");
      }
      packages.add(one);
    }
    return LockFile.of(channels(metadata.get("channels")), packages);
  }

  private List<Channel> channels(@Nullable Object listed) {
    List<Channel> channels = new ArrayList<>();
    if (listed instanceof List<?> list) {
      for (Object each : list) {
        Object url = each instanceof Map<?, ?> map ? map.get("url") : each;
        try {
          channels.add(Channel.of(UrlSecrets.removed(String.valueOf(url))));
        } catch (IllegalArgumentException e) {
          throw broken("under 'channels': " + e.getMessage(), "Correct the channel.");
        }
      }
    }
    return channels;
  }

  private LockedPackage locked(Map<?, ?> map) {
    String name = text(map, "name", "a package");
    String url = UrlSecrets.removed(text(map, "url", name));
    LockedPackage.Builder one =
        LockedPackage.builder(
            manager(text(map, "manager", name), name),
            name,
            text(map, "version", name),
            platform(text(map, "platform", name), name),
            url);
    Map<?, ?> hashes = map.get("hash") instanceof Map<?, ?> there ? there : Map.of();
    hash(hashes.get("md5"), MD5, name).ifPresent(one::md5);
    hash(hashes.get("sha256"), SHA256, name).ifPresent(one::sha256);
    if (hashes.get("md5") == null && hashes.get("sha256") == null) {
      throw broken("%s has no hash".formatted(name), "Lock again: only hashes make a lock.");
    }
    List<String> depends = new ArrayList<>();
    if (map.get("dependencies") instanceof Map<?, ?> dependencies) {
      dependencies.forEach((needed, version) -> depends.add((needed + " " + version).strip()));
    }
    one.depends(depends);
    if (map.get("build") instanceof String build && !build.isEmpty()) {
      one.build(build);
    }
    if (map.get("category") instanceof String category && !category.isEmpty()) {
      one.category(category);
    }
    return one.optional("true".equals(map.get("optional"))).build();
  }

  private String text(Map<?, ?> map, String key, String whose) {
    if (map.get(key) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw broken("%s has no '%s'".formatted(whose, key), "Add it, or lock again.");
  }

  private Optional<String> hash(@Nullable Object value, Pattern form, String whose) {
    if (value == null) {
      return Optional.empty();
    }
    String text = String.valueOf(value).toLowerCase(Locale.ROOT);
    if (!form.matcher(text).matches()) {
      throw broken(
          "%s has a hash that is none: '%s'".formatted(whose, value), "Correct it, or lock again.");
    }
    return Optional.of(text);
  }

  private Manager manager(String word, String whose) {
    for (Manager manager : Manager.values()) {
      if (word(manager).equals(word)) {
        return manager;
      }
    }
    throw broken(
        "%s is for the manager '%s'".formatted(whose, word), "Only conda and pip are known.");
  }

  private static String word(Manager manager) {
    return manager.name().toLowerCase(Locale.ROOT);
  }

  private Platform platform(String subdir, String whose) {
    try {
      Platform platform = Platform.of(subdir);
      if (platform != Platform.NOARCH) {
        return platform;
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidFileException(
          "%s: %s: %s".formatted(origin, whose, e.getMessage()), "Correct the platform.", e);
    }
    throw broken(whose + " is for 'noarch', which is no platform", "Lock again.");
  }

  private InvalidFileException broken(String why, String remedy) {
    return new InvalidFileException("%s: %s.".formatted(origin, why), remedy);
  }

  /** Writes a lock file. */
  static String write(LockFile lock) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    Map<String, String> hashes = new LinkedHashMap<>();
    for (Platform platform : lock.platforms()) {
      StringBuilder all = new StringBuilder();
      lock.packages(platform).forEach(one -> all.append(identity(one)).append('\n'));
      hashes.put(platform.subdir(), Hashes.sha256(all.toString()));
    }
    metadata.put("content_hash", hashes);
    List<Object> channels = new ArrayList<>();
    for (Channel channel : lock.channels()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("url", EnvironmentYaml.text(channel));
      entry.put("used_env_vars", List.of());
      channels.add(entry);
    }
    metadata.put("channels", channels);
    metadata.put("platforms", lock.platforms().stream().map(Platform::subdir).toList());
    metadata.put("sources", List.of());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("version", 1);
    tree.put("metadata", metadata);
    tree.put("package", lock.packages().stream().map(LockYaml::entry).toList());
    return YamlTree.write(tree);
  }

  private static String identity(LockedPackage one) {
    return "%s %s %s %s %s %s"
        .formatted(
            word(one.manager()),
            one.name(),
            one.version(),
            one.url(),
            one.sha256().orElse(""),
            one.md5().orElse(""));
  }

  private static Map<String, Object> entry(LockedPackage one) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", one.name());
    entry.put("version", one.version());
    entry.put("manager", word(one.manager()));
    entry.put("platform", one.platform().subdir());
    Map<String, String> depends = new LinkedHashMap<>();
    for (String needed : one.depends()) {
      String[] parts = needed.split(" ", 2);
      // a name that is needed twice is one line here, and two specs with a comma hold together
      depends.merge(parts[0], parts.length > 1 ? parts[1].strip() : "", LockYaml::both);
    }
    entry.put("dependencies", depends);
    entry.put("url", one.url());
    Map<String, String> hashes = new LinkedHashMap<>();
    one.md5().ifPresent(md5 -> hashes.put("md5", md5));
    one.sha256().ifPresent(sha256 -> hashes.put("sha256", sha256));
    entry.put("hash", hashes);
    one.build().ifPresent(build -> entry.put("build", build));
    entry.put("category", one.category());
    entry.put("optional", one.isOptional());
    return entry;
  }

  private static String both(String first, String second) {
    return first.isEmpty() || second.isEmpty() ? first + second : first + "," + second;
  }
}
