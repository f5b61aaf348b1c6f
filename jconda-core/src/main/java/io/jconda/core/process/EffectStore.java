package io.jconda.core.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.Hashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what activation scripts do, in {@code conda-meta/.jconda/activation}: one file for each
 * key, the latest few. Their names do not end in {@code .json}, which conda would take for records.
 */
final class EffectStore {
  private static final Logger LOG = LoggerFactory.getLogger(EffectStore.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int KEPT = 8;

  private final Disk disk;
  private final Path prefix;
  private final Path folder;

  EffectStore(Disk disk, Path prefix) {
    this.disk = disk;
    this.prefix = prefix;
    this.folder = PrefixRecords.notesFolder(prefix).resolve("activation");
  }

  /**
   * Makes the key of an effect: from the scripts, from which packages there are (scripts read their
   * files), and from the variables that the scripts mention.
   *
   * @param environment what the scripts would run in
   */
  String key(List<Path> scripts, Map<String, String> environment) {
    try {
      MessageDigest digest = Hashes.sha256();
      add(digest, "1");
      add(digest, prefix.toString());
      records().forEach(name -> add(digest, name));
      Map<String, String> mentioned = new TreeMap<>();
      for (Path script : scripts) {
        String content = Files.readString(script, StandardCharsets.ISO_8859_1);
        add(digest, script.getFileName().toString());
        add(digest, content);
        Matcher names = NAME.matcher(content);
        while (names.find()) {
          String value = environment.get(names.group());
          if (value != null) {
            mentioned.put(names.group(), value);
          }
        }
      }
      mentioned.forEach((name, value) -> add(digest, name + "=" + value));
      return Hashes.hex(digest);
    } catch (IOException e) {
      throw DiskFailure.explain("read the activation scripts", prefix, e);
    }
  }

  private static void add(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private List<String> records() throws IOException {
    try (Stream<Path> files = Files.list(prefix.resolve("conda-meta"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  Optional<ScriptEffect> find(String key) {
    Path file = folder.resolve(key);
    try {
      return Optional.of(effect(JSON.readTree(Files.readAllBytes(file))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      LOG.debug("{} is damaged: the scripts run again", file, e);
      return Optional.empty();
    } catch (IOException e) {
      LOG.debug("{} cannot be read: the scripts run again", file, e);
      return Optional.empty();
    }
  }

  private static ScriptEffect effect(JsonNode json) {
    Map<String, String> set = new TreeMap<>();
    json.path("set").properties().forEach(v -> set.put(v.getKey(), v.getValue().asText()));
    return new ScriptEffect(
        set, new TreeSet<>(texts(json.path("unset"))), texts(json.path("path")));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static ObjectNode json(ScriptEffect effect) {
    ObjectNode json = JSON.createObjectNode();
    ObjectNode set = json.putObject("set");
    effect.set().forEach(set::put);
    effect.unset().forEach(json.putArray("unset")::add);
    effect.pathEntries().forEach(json.putArray("path")::add);
    return json;
  }

  void put(String key, ScriptEffect effect) throws IOException {
    disk.createDirectories(folder);
    disk.publish(folder.resolve(key), JSON.writeValueAsBytes(json(effect)));
    List<Path> newestFirst;
    try (Stream<Path> files = Files.list(folder)) {
      newestFirst = files.sorted(Comparator.comparing(EffectStore::age).reversed()).toList();
    }
    for (Path old : newestFirst.subList(Math.min(KEPT, newestFirst.size()), newestFirst.size())) {
      disk.deleteIfExists(old);
    }
  }

  private static FileTime age(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      // another process has just deleted it
      return FileTime.fromMillis(0);
    }
  }
}
