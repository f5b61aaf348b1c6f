package io.jconda.core.solver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.jconda.core.Fixtures;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A source of records that are all there from the start; channels rank as they are first named. */
final class FixedSource implements RecordSource {
  private static final Map<String, FixedSource> INDEXES = new ConcurrentHashMap<>();

  private final Map<String, List<PackageRecord>> records = new TreeMap<>();
  private final List<String> channels;

  private FixedSource(List<String> channels, Collection<PackageRecord> all) {
    this.channels = channels;
    for (PackageRecord record : all) {
      records.computeIfAbsent(record.name(), name -> new ArrayList<>()).add(record);
    }
  }

  static FixedSource of(List<String> channels, Collection<PackageRecord> all) {
    return new FixedSource(channels, all);
  }

  static FixedSource of(PackageRecord... all) {
    List<String> channels = List.of(all).stream().map(PackageRecord::channel).distinct().toList();
    return new FixedSource(channels, List.of(all));
  }

  /** Reads an index of the fixtures, once. */
  static FixedSource fixture(String channel) {
    Path folder = Fixtures.of("repodata/" + channel);
    return INDEXES.computeIfAbsent(channel, name -> read(name, folder));
  }

  private static FixedSource read(String channel, Path folder) {
    List<PackageRecord> all = new ArrayList<>();
    for (String subdir : List.of("linux-64", "noarch")) {
      Path file = folder.resolve(subdir).resolve("repodata.json.zst");
      try (InputStream in =
          new ZstdInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        JsonNode index = new ObjectMapper().readTree(in);
        Set<String> removed = new java.util.HashSet<>();
        index.path("removed").forEach(name -> removed.add(name.asText()));
        for (String section : List.of("packages", "packages.conda")) {
          for (Map.Entry<String, JsonNode> entry : index.path(section).properties()) {
            if (!removed.contains(entry.getKey())) {
              all.add(record(channel, subdir, entry.getKey(), entry.getValue()));
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new FixedSource(List.of(channel), all);
  }

  private static PackageRecord record(
      String channel, String subdir, String fileName, JsonNode node) {
    PackageRecord.Builder builder =
        PackageRecord.builder(
                node.path("name").asText(),
                node.path("version").asText(),
                node.path("build").asText())
            .buildNumber(node.path("build_number").asLong())
            .subdir(subdir)
            .channel(channel)
            .fileName(fileName)
            .url("file:///" + channel + "/" + subdir + "/" + fileName)
            .depends(texts(node.path("depends")))
            .constrains(texts(node.path("constrains")))
            .trackFeatures(texts(node.path("track_features")));
    if (node.has("sha256")) {
      builder.sha256(node.path("sha256").asText());
    }
    if (node.has("timestamp")) {
      builder.timestamp(Instant.ofEpochMilli(node.path("timestamp").asLong()));
    }
    if (node.path("noarch").asText().equals("python")) {
      builder.noarch(NoarchType.PYTHON);
    }
    return builder.build();
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    node.forEach(text -> texts.add(text.asText()));
    if (node.isTextual() && !node.asText().isEmpty()) {
      texts.addAll(List.of(node.asText().split("[ ,]+")));
    }
    return texts;
  }

  /** Returns a source with the same records in another order. */
  FixedSource reversed() {
    List<PackageRecord> all = new ArrayList<>();
    records.values().forEach(all::addAll);
    java.util.Collections.reverse(all);
    return new FixedSource(channels, all);
  }

  @Override
  public List<PackageRecord> records(String name) {
    return records.getOrDefault(name, List.of());
  }

  @Override
  public int channelRank(PackageRecord record) {
    int rank = channels.indexOf(record.channel());
    return rank < 0 ? channels.size() : rank;
  }

  @Override
  public Collection<String> names() {
    return records.keySet();
  }
}
