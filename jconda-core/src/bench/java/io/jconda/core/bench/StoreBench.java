package io.jconda.core.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdOutputStream;
import io.jconda.cache.CacheSize;
import io.jconda.core.Fixtures;
import io.jconda.core.cache.CacheFolders;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.embedded.EmbeddedChannel;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Measures the package cache on the packages of the embedded channel and of the fixtures, and
 * prints one JSON object; times are in milliseconds unless they say otherwise.
 *
 * <p>Options: {@code --rounds N}, 11 unless told; {@code --large MB}, the size of the package that
 * goes through a heap of 128 MB, 2,000 unless told, 0 for none; {@code --memory}, nothing but that;
 * {@code --root FOLDER}, a root that has the embedded channel already.
 */
public final class StoreBench {
  private static final OperationContext QUIET = OperationContext.silent();

  private StoreBench() {}

  /** Runs everything. */
  public static void main(String[] arguments) throws Exception {
    List<String> options = Arrays.asList(arguments);
    if (options.size() == 3 && options.get(0).equals("--child")) {
      child(Path.of(options.get(1)), Path.of(options.get(2)));
      return;
    }
    int rounds = Integer.parseInt(after(options, "--rounds", "11"));
    int large = Integer.parseInt(after(options, "--large", "2000"));
    Path folder = Files.createTempDirectory("jconda-bench");
    try {
      ObjectNode result = new ObjectMapper().createObjectNode();
      if (options.contains("--memory")) {
        memory(large, folder, result.putObject("memory"));
        System.out.println(result.toPrettyString());
        return;
      }
      List<PackageRecord> conda = new ArrayList<>();
      List<PackageRecord> all = new ArrayList<>();
      String told = after(options, "--root", "");
      packages(told.isEmpty() ? folder.resolve("embedded") : Path.of(told), conda, all);
      StoreSpeed.measure(
          conda,
          rounds,
          Files.createDirectories(folder.resolve("speed")),
          result.putObject("extraction"));
      present(all, folder, result);
      links(folder, result.putObject("small_files"));
      if (large > 0) {
        memory(large, folder, result.putObject("memory"));
      }
      System.out.println(result.toPrettyString());
    } finally {
      Disk.real().deleteTree(folder);
    }
  }

  private static String after(List<String> options, String name, String unlessTold) {
    int at = options.indexOf(name);
    return at < 0 ? unlessTold : options.get(at + 1);
  }

  private static void packages(Path root, List<PackageRecord> conda, List<PackageRecord> all)
      throws IOException {
    List<Path> folders =
        List.of(EmbeddedChannel.folder(root, Disk.real(), QUIET), Fixtures.of("packages"));
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(".conda") || name.endsWith(".tar.bz2")) {
            all.add(record(file));
            if (name.endsWith(".conda")) {
              conda.add(record(file));
            }
          }
        }
      }
    }
    conda.sort(Comparator.comparingLong((PackageRecord r) -> r.size().orElse(0)).reversed());
  }

  private static PackageRecord record(Path archive) throws IOException {
    return PackageRecord.builder("any", "1", "0")
        .fileName(archive.getFileName().toString())
        .url(archive.toUri().toString())
        .sha256(Hashes.sha256(archive))
        .size(Files.size(archive))
        .build();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Math.round(sorted[sorted.length / 2] * 100) / 100.0;
  }

  /** Asks for packages that are there, and compares the store with plain extracted folders. */
  private static void present(List<PackageRecord> records, Path folder, ObjectNode result) {
    try (Network network = new Network(NetworkSettings.defaults())) {
      PackageCache cache = new PackageCache(folder.resolve("present"), Disk.real(), network);
      records.forEach(record -> cache.fetch(record, QUIET));
      double[] micros = new double[5000];
      double[] slowest = new double[records.size()];
      for (int i = 0; i < micros.length; i++) {
        int which = i % records.size();
        long begin = System.nanoTime();
        cache.fetch(records.get(which), QUIET);
        micros[i] = (System.nanoTime() - begin) / 1e3;
        slowest[which] = i < 2500 ? Double.MAX_VALUE : Math.min(slowest[which], micros[i]);
      }
      ObjectNode present = result.putObject("present");
      present.put("median_us", median(micros));
      present.put("largest_package_us", Math.round(Arrays.stream(slowest).max().orElse(0)));
      CacheSize size = cache.care().size(QUIET);
      ObjectNode store = result.putObject("store_size");
      store.put("packages", size.packages()).put("files", size.files());
      store.put("extracted_folders_mb", size.unpackedBytes() / 1e6);
      store.put("store_mb", size.bytes() / 1e6).put("saved_mb", size.savedBytes() / 1e6);
    }
  }

  /** Tells whether small files would be better kept in one file and written into environments. */
  private static void links(Path folder, ObjectNode result) throws IOException {
    int count = 20_000;
    Path source = Files.createDirectories(folder.resolve("small"));
    byte[] content = new byte[1000];
    for (int round = 0; round < 2; round++) {
      Path target = Files.createDirectories(folder.resolve("small-" + round));
      long begin = System.nanoTime();
      for (int i = 0; i < count; i++) {
        try (OutputStream out = Files.newOutputStream(source.resolve(round + "-" + i))) {
          out.write(content);
        }
      }
      long written = System.nanoTime();
      for (int i = 0; i < count; i++) {
        Files.createLink(target.resolve("" + i), source.resolve(round + "-" + i));
      }
      long linked = System.nanoTime();
      result.put("write_1000_bytes_us", (written - begin) / 1000 / count);
      result.put("hard_link_us", (linked - written) / 1000 / count);
    }
  }

  /** Lets a package go through a JVM with a small heap. */
  private static void memory(int megabytes, Path folder, ObjectNode result) throws Exception {
    Path archive = folder.resolve("large-1-0.conda");
    large(archive, (long) megabytes * 1_000_000);
    result.put("unpacked_mb", megabytes).put("archive_mb", Files.size(archive) / 1_000_000);
    result.put("heap_mb", 128);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                StoreBench.class.getName(),
                "--child",
                folder.resolve("large-root").toString(),
                archive.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("The package does not go through: " + output);
    }
    String[] words = output.lines().reduce((first, last) -> last).orElse("").split(" ", -1);
    result.put("peak_heap_mb", Long.parseLong(words[0]) / 1_000_000);
    result.put("ms", Long.parseLong(words[1]));
  }

  private static void child(Path root, Path archive) throws IOException {
    PackageRecord record = record(archive);
    long begin = System.nanoTime();
    try (Network network = new Network(NetworkSettings.defaults())) {
      new PackageCache(CacheFolders.of(root), Disk.real(), network, true).fetch(record, QUIET);
    }
    long millis = (System.nanoTime() - begin) / 1_000_000;
    long peak =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum();
    System.out.println(peak + " " + millis);
  }

  private static void large(Path archive, long bytes) throws IOException {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      zip.setMethod(ZipArchiveEntry.STORED);
      member(zip, "metadata.json", out -> out.write(bytes("{\"conda_pkg_format_version\": 2}")));
      member(zip, "pkg-large-1-0.tar.zst", out -> tar(out, "data", bytes));
      byte[] index =
          bytes("{\"name\": \"large\", \"version\": \"1\", \"build\": \"0\", \"build_number\": 0}");
      member(zip, "info-large-1-0.tar.zst", out -> tar(out, "info/index.json", index));
    }
  }

  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  private static void member(ZipArchiveOutputStream zip, String name, Content content)
      throws IOException {
    zip.putArchiveEntry(new ZipArchiveEntry(name));
    content.write(zip);
    zip.closeArchiveEntry();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void tar(OutputStream out, String name, byte[] content) throws IOException {
    tar(out, name, content.length, tar -> tar.write(content));
  }

  private static void tar(OutputStream out, String name, long size) throws IOException {
    tar(
        out,
        name,
        size,
        tar -> {
          SplittableRandom random = new SplittableRandom(1);
          byte[] block = new byte[1 << 16];
          for (long left = size; left > 0; left -= block.length) {
            byte[] noise = new byte[1 << 13];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, block, 0, noise.length);
            tar.write(block, 0, (int) Math.min(left, block.length));
          }
        });
  }

  private static void tar(OutputStream out, String name, long size, Content content)
      throws IOException {
    // ends its frame when it is flushed: closing it would close the zip below
    ZstdOutputStream zst = new ZstdOutputStream(out, 1).setCloseFrameOnFlush(true);
    TarArchiveOutputStream tar = new TarArchiveOutputStream(zst, "UTF-8");
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.putArchiveEntry(entry);
    content.write(tar);
    tar.closeArchiveEntry();
    tar.finish();
    zst.flush();
  }
}
