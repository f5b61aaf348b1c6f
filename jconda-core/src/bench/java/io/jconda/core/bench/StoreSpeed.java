package io.jconda.core.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.cache.CacheSize;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Compares how fast packages get into an empty store with how fast the steps that this cannot do
 * without are by themselves.
 *
 * <p>In each round the same packages go, biggest first, with as many threads as there are
 * processors, once into a store without packages and once through {@link BareStages}, on the same
 * file system and by turns first or second. The store has the folders that every store has after
 * its first days. Every round has fresh folders, and nothing is deleted in between: what a file
 * system does after deletions would count for whoever comes next. What is compared is the time that
 * all threads together spent: in the store from the call of {@code fetch} to its return, bare in
 * the steps alone; reading the archives, which a download does not need, is told apart.
 */
final class StoreSpeed {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final int UNCOUNTED = 10;
  private static final ThreadMXBean CLOCKS = ManagementFactory.getThreadMXBean();

  private final List<PackageRecord> records;
  private final Path folder;
  private final List<Map<String, Double>> rounds = new ArrayList<>();
  private long files;
  private long unpackedBytes;

  private StoreSpeed(List<PackageRecord> records, Path folder) {
    this.records = records;
    this.folder = folder;
  }

  /** Measures so many rounds and describes them. */
  static void measure(List<PackageRecord> records, int rounds, Path folder, ObjectNode result)
      throws Exception {
    StoreSpeed speed = new StoreSpeed(records, folder);
    for (int round = -UNCOUNTED; round < rounds; round++) {
      Map<String, Double> figures = speed.round(round);
      if (round >= 0) {
        speed.rounds.add(figures);
      }
    }
    TimedDisk disk = new TimedDisk();
    speed.store(folder.resolve("parts"), disk, new TreeMap<>());
    speed.describe(disk, result);
  }

  private Map<String, Double> round(int round) throws Exception {
    Map<String, Double> figures = new TreeMap<>();
    if (Math.floorMod(round, 2) == 0) {
      store(folder.resolve("store" + round), Disk.real(), figures);
      bare(folder.resolve("bare" + round), figures);
    } else {
      bare(folder.resolve("bare" + round), figures);
      store(folder.resolve("store" + round), Disk.real(), figures);
    }
    figures.put("ratio", figure("bare.threads", figures) / figure("store.threads", figures));
    return figures;
  }

  private void store(Path root, Disk disk, Map<String, Double> figures) throws Exception {
    for (int each = 0; each < 256; each++) {
      String name = HexFormat.of().toHexDigits((byte) each);
      Files.createDirectories(root.resolve("store/v1/files").resolve(name));
      Files.createDirectories(root.resolve("store/v1/packages").resolve(name));
    }
    try (Network network = new Network(NetworkSettings.defaults())) {
      PackageCache cache = new PackageCache(root, disk, network);
      AtomicLong spent = new AtomicLong();
      AtomicLong cpu = new AtomicLong();
      long begin = System.nanoTime();
      together(
          record -> {
            long start = System.nanoTime();
            long startCpu = CLOCKS.getCurrentThreadCpuTime();
            cache.fetch(record, OperationContext.silent());
            cpu.addAndGet(CLOCKS.getCurrentThreadCpuTime() - startCpu);
            spent.addAndGet(System.nanoTime() - start);
          });
      figures.put("store.wall", (System.nanoTime() - begin) / 1e6);
      figures.put("store.threads", spent.get() / 1e6);
      figures.put("store.cpu", cpu.get() / 1e6);
      CacheSize size = cache.care().size(OperationContext.silent());
      files = size.files();
      unpackedBytes = size.unpackedBytes();
    }
  }

  private void bare(Path root, Map<String, Double> figures) throws Exception {
    BareStages steps = new BareStages();
    together(
        record ->
            steps.run(
                Path.of(URI.create(record.url())), root.resolve(record.sha256().orElseThrow())));
    steps.millis().forEach((name, millis) -> figures.put("step." + name, millis));
    figures.put("bare.threads", sum(steps.millis()));
    figures.put("bare.cpu", sum(steps.cpuMillis()));
    figures.put("reading.threads", steps.millis().get(BareStages.READING));
    figures.put("reading.cpu", steps.cpuMillis().get(BareStages.READING));
  }

  /** Returns what the steps take without the reading: archives from a network are not read so. */
  private static double sum(Map<String, Double> steps) {
    return steps.entrySet().stream()
        .filter(step -> !step.getKey().equals(BareStages.READING))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private interface Work {
    void run(PackageRecord record) throws IOException;
  }

  private void together(Work work) throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (PackageRecord record : records) {
        futures.add(
            threads.submit(
                () -> {
                  try {
                    work.run(record);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private double median(String name) {
    double[] values = rounds.stream().mapToDouble(each -> figure(name, each)).toArray();
    Arrays.sort(values);
    return rounded(values[values.length / 2]);
  }

  private double fastest(String name) {
    return rounds.stream().mapToDouble(each -> figure(name, each)).min().orElse(0);
  }

  private static double figure(String name, Map<String, Double> figures) {
    return figures.getOrDefault(name, Double.NaN);
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  private void medians(String prefix, ObjectNode result) {
    rounds.get(0).keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .forEach(name -> result.put(name.substring(prefix.length()), median(name)));
  }

  private void describe(TimedDisk disk, ObjectNode result) {
    result.put("packages", records.size()).put("rounds", rounds.size()).put("threads", THREADS);
    result.put("files", files).put("unpacked_mb", unpackedBytes / 1_000_000);
    ObjectNode store = result.putObject("into_the_store");
    store.put("wall_ms", median("store.wall"));
    store.put("all_threads_ms", median("store.threads")).put("cpu_ms", median("store.cpu"));
    store.put("processors_busy", rounded(median("store.threads") / median("store.wall")));
    // of one more round, which is not compared: this clock takes time itself
    ObjectNode onDisk = store.putObject("of_it_on_the_disk_ms");
    disk.millis().forEach((name, millis) -> onDisk.put(name, rounded(millis)));
    ObjectNode bare = result.putObject("bare_steps");
    bare.put("all_threads_ms", median("bare.threads")).put("cpu_ms", median("bare.cpu"));
    medians("step.", bare.putObject("steps_ms"));
    // speed is the inverse of time: 1 would mean that the store takes no more than its steps
    ObjectNode speed = result.putObject("speed_compared_with_bare_steps");
    speed.put("median", rounded(median("bare.threads") / median("store.threads")));
    speed.put("fastest_rounds", rounded(fastest("bare.threads") / fastest("store.threads")));
    speed.put("by_time_of_processors", rounded(median("bare.cpu") / median("store.cpu")));
    // the store reads the archives too, which the steps above do not need
    speed.put(
        "median_with_reading",
        rounded((median("bare.threads") + median("reading.threads")) / median("store.threads")));
    speed.put(
        "by_time_of_processors_with_reading",
        rounded((median("bare.cpu") + median("reading.cpu")) / median("store.cpu")));
    rounds.forEach(each -> result.withArray("by_round").add(rounded(figure("ratio", each))));
  }
}
