package io.jconda.core.repodata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.core.host.Disk;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactIndexTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NAMES = 50;
  private static final int EACH = 40;

  @TempDir Path folder;

  private static Subdir subdir() {
    Channel channel = Channel.of("https://example.org/chan");
    return Subdir.of(channel, URI.create("https://example.org/chan"), Platform.NOARCH);
  }

  private CompactIndex write(String json) throws IOException {
    Path file = folder.resolve("a.idx");
    try (CompactIndexWriter writing =
        new CompactIndexWriter(Disk.real(), folder.resolve("a.tmp"))) {
      IndexScanner.scan(new ByteArrayInputStream(json.getBytes(UTF_8)), writing);
      writing.publish(file);
    }
    return CompactIndex.open(file);
  }

  /** Says of each record of a name what it is, or why it is left out. */
  private static Map<String, String> content(CompactIndex index, String name) throws IOException {
    Map<String, String> content = new LinkedHashMap<>();
    index.read(
        name,
        LoadedSubdir.of(subdir(), index),
        OperationContext.silent(),
        new SubdirIndex.Sink() {
          @Override
          public void record(PackageRecord record) {
            content.put(record.fileName(), described(record));
          }

          @Override
          public void leftOut(String fileName, String reason) {
            content.put(fileName, reason);
          }

          @Override
          public void missing() {
            throw new AssertionError("nothing is missing");
          }
        });
    return content;
  }

  private static String described(PackageRecord r) {
    return List.of(
            r.name(),
            r.version(),
            r.build(),
            r.buildNumber(),
            r.subdir(),
            r.channel(),
            r.fileName(),
            r.url(),
            r.depends(),
            r.constrains(),
            r.extraDepends(),
            r.trackFeatures(),
            r.features(),
            r.flags(),
            r.sha256(),
            r.md5(),
            r.size(),
            r.timestamp(),
            r.indexedTimestamp(),
            r.noarch(),
            r.license(),
            r.licenseFamily(),
            r.pythonSitePackagesPath())
        .toString();
  }

  private CompactIndex manyNames() throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.putObject("info").put("base_url", "../x");
    // every name comes back later, as in packages and packages.conda
    for (String section : List.of("packages", "packages.conda")) {
      ObjectNode packages = root.putObject(section);
      String ending = section.equals("packages") ? ".tar.bz2" : ".conda";
      for (int name = NAMES - 1; name >= 0; name--) {
        for (int i = 0; i < EACH / 2; i++) {
          ObjectNode record = packages.putObject("n%d-%d-0%s".formatted(name, i, ending));
          record.put("name", "n" + name).put("version", "" + i).put("build", "0");
          record.put("license", "x".repeat(300)).putArray("depends").add("a >=" + i);
        }
      }
    }
    root.putArray("removed").add("n7-0-0.conda");
    return write(root.toString());
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    CompactIndex index = manyNames();

    assertThat(index.size()).isEqualTo(NAMES * EACH);
    assertThat(index.names()).hasSize(NAMES).isSorted();
    assertThat(index.baseUrl()).isEqualTo("../x");
    for (int name = 0; name < NAMES; name++) {
      assertThat(content(index, "n" + name))
          .hasSize(name == 7 ? EACH - 1 : EACH)
          .doesNotContainKey("n7-0-0.conda")
          .containsKey("n" + name + "-19-0.conda");
    }
    assertThat(content(index, "none")).isEmpty();
    assertThat(folder.resolve("a.tmp")).doesNotExist();
  }

  @Test
  void aFileThatWasNotPublishedIsGone() throws IOException {
    try (CompactIndexWriter writing =
        new CompactIndexWriter(Disk.real(), folder.resolve("b.tmp"))) {
      writing.baseUrl("x");
    }

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aTruncatedFileIsNoticedWhereverItEnds() throws IOException {
    manyNames();
    byte[] whole = Files.readAllBytes(folder.resolve("a.idx"));
    Path cut = folder.resolve("cut.idx");
    for (int length = 0; length < whole.length; length += 1 + whole.length / 300) {
      Files.write(cut, Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> CompactIndex.open(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aFlippedBitIsNoticedWhereverItIs() throws IOException {
    manyNames();
    byte[] whole = Files.readAllBytes(folder.resolve("a.idx"));
    Path damaged = folder.resolve("damaged.idx");
    for (int at = 0; at < whole.length; at += 1 + whole.length / 300) {
      byte[] copy = whole.clone();
      copy[at] ^= 0x10;
      Files.write(damaged, copy);

      assertThatThrownBy(
              () -> {
                CompactIndex index = CompactIndex.open(damaged);
                for (String name : index.names()) {
                  content(index, name);
                }
              })
          .as("byte %d", at)
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whateverARecordSaysItIsReadAsTheParserOfJsonReadsIt(long seed) throws IOException {
    Random random = new Random(seed);
    ObjectNode root = JSON.createObjectNode();
    ObjectNode packages = root.putObject("packages.conda");
    for (int i = 0; i < 500; i++) {
      record(random, packages, i);
    }
    String json = seed % 2 == 0 ? root.toString() : root.toPrettyString();
    CompactIndex index = write(json);
    LoadedSubdir from = LoadedSubdir.of(subdir(), index);

    Map<String, String> expected = new LinkedHashMap<>();
    packages
        .properties()
        .forEach(
            one ->
                expected.put(one.getKey(), parsed(one.getKey(), one.getValue().toString(), from)));
    Map<String, String> found = new LinkedHashMap<>();
    for (String name : index.names()) {
      found.putAll(content(index, name));
    }

    assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderEntriesOf(expected);
    assertThat(expected.values()).anyMatch(text -> text.startsWith("its "));
  }

  private static String parsed(String fileName, String json, LoadedSubdir from) {
    byte[] bytes = json.getBytes(UTF_8);
    try {
      return described(
          RecordParser.parse(
              new IndexEntry(fileName, bytes, 0, bytes.length),
              from.subdir().channel().name(),
              from.subdir().platform().subdir(),
              file -> from.archives() + Subdir.encode(file)));
    } catch (RecordParser.BadRecordException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Makes a record in which now and then something is odd. */
  private static void record(Random random, ObjectNode packages, int i) {
    String name = "p" + random.nextInt(20);
    String version = "1." + i;
    String build = "py_" + random.nextInt(3);
    boolean plain = random.nextInt(8) > 0;
    ObjectNode record =
        packages.putObject(
            plain ? name + "-" + version + "-" + build + ".conda" : "odd!" + i + ".tar.bz2");
    List<Runnable> fields = new ArrayList<>();
    fields.add(() -> record.put("name", odd(random) ? name.toUpperCase(Locale.ROOT) : name));
    fields.add(() -> record.put("version", odd(random) ? "1__x-_" : version));
    fields.add(() -> record.put("build", odd(random) ? "a b" : build));
    fields.add(() -> record.put("build_number", odd(random) ? -1 : random.nextInt(200)));
    fields.add(
        () -> record.putArray("depends").add("x >=1").add(odd(random) ? "caf\u00e9 \\" : "y"));
    fields.add(() -> record.putArray("constrains").add("z " + random.nextInt(3)));
    fields.add(() -> record.put("sha256", hex(random, odd(random) ? 63 : 64)));
    fields.add(
        () ->
            record.put(
                "md5", odd(random) ? hex(random, 32).toUpperCase(Locale.ROOT) : hex(random, 32)));
    fields.add(() -> record.put("size", random.nextLong(1L << 40)));
    fields.add(() -> record.put("timestamp", odd(random) ? 1.5e9 : 1_700_000_000_000d));
    fields.add(() -> record.put("indexed_timestamp", random.nextBoolean() ? 0L : 1_600_000_000L));
    fields.add(() -> record.put("license", odd(random) ? "\u4e2d\"" : "MIT"));
    fields.add(() -> record.put("license_family", "\u00e9"));
    fields.add(() -> record.put("noarch", odd(random) ? "Generic" : "python"));
    fields.add(() -> record.put("noarch", random.nextBoolean()));
    fields.add(() -> record.put("track_features", odd(random) ? "mkl, x" : ""));
    fields.add(() -> record.put("features", "blas"));
    fields.add(() -> record.putArray("features").add("mkl"));
    fields.add(() -> record.putArray("flags").add("cuda"));
    fields.add(() -> record.putObject("extra_depends").putArray("test").add("pytest"));
    fields.add(() -> record.put("python_site_packages_path", "lib/python3.13t/site-packages"));
    fields.add(() -> record.putNull("subdir"));
    fields.add(() -> record.putObject("run_exports").putArray("weak").add("}]\"x"));
    fields.add(() -> record.put("depends", "no list"));
    for (Runnable field : fields) {
      // the last one is an error, the first three are hardly ever left out
      int rarity = fields.indexOf(field) < 3 ? 40 : 2;
      boolean last = fields.indexOf(field) == fields.size() - 1;
      if (last ? odd(random) : random.nextInt(rarity) > 0) {
        field.run();
      }
    }
  }

  private static boolean odd(Random random) {
    return random.nextInt(15) == 0;
  }

  private static String hex(Random random, int digits) {
    StringBuilder hex = new StringBuilder();
    while (hex.length() < digits) {
      hex.append(Character.forDigit(random.nextInt(16), 16));
    }
    return hex.toString();
  }
}
