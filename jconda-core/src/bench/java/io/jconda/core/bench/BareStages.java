package io.jconda.core.bench;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.jconda.core.util.Hashes;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Does what storing a {@code .conda} needs, each step by itself and with nothing around it: no
 * check, no manifest, no lock. Each step works on what the one before left in memory.
 */
final class BareStages {
  /** Is a step that only packages need which lie on a disk. */
  static final String READING = "read_archive";

  private static final int BUFFER = 1 << 16;

  private static final ThreadMXBean CLOCKS = ManagementFactory.getThreadMXBean();

  private final Map<String, Long> nanos = new ConcurrentHashMap<>();
  private final Map<String, Long> cpuNanos = new ConcurrentHashMap<>();

  /** Does all steps with one archive, and adds the time of each. */
  void run(Path archive, Path folder) throws IOException {
    Files.createDirectories(folder);
    byte[][] read = new byte[1][];
    time(READING, () -> read[0] = Files.readAllBytes(archive));
    byte[] packed = read[0];
    time("sha256_of_archive", () -> Hashes.sha256(packed));
    List<byte[]> members = new ArrayList<>();
    try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
        if (entry.getName().endsWith(".tar.zst")) {
          try (InputStream in = zip.getInputStream(entry)) {
            members.add(in.readAllBytes());
          }
        }
      }
    } catch (UnsupportedOperationException e) {
      throw new IOException(e);
    }
    int number = 0;
    for (byte[] member : members) {
      time("zstd", () -> drain(zstd(member)));
      byte[] tar;
      try (InputStream in = zstd(member)) {
        tar = in.readAllBytes();
      }
      time("untar", () -> untar(tar));
      Map<Integer, byte[]> contents = contents(tar, number);
      number += contents.size();
      time("sha256_of_files", () -> hash(contents));
      time("create", () -> create(contents, folder));
      time("rename", () -> rename(contents, folder));
    }
  }

  /** Returns the time of each step over all archives, in milliseconds. */
  Map<String, Double> millis() {
    return millis(nanos);
  }

  /** Returns the time that processors spent on each step, in milliseconds. */
  Map<String, Double> cpuMillis() {
    return millis(cpuNanos);
  }

  private static Map<String, Double> millis(Map<String, Long> nanos) {
    Map<String, Double> millis = new TreeMap<>();
    nanos.forEach((name, time) -> millis.put(name, time / 1e6));
    return millis;
  }

  private interface Step {
    void run() throws IOException;
  }

  private void time(String name, Step step) throws IOException {
    long begin = System.nanoTime();
    long beginCpu = CLOCKS.getCurrentThreadCpuTime();
    step.run();
    cpuNanos.merge(name, CLOCKS.getCurrentThreadCpuTime() - beginCpu, Long::sum);
    nanos.merge(name, System.nanoTime() - begin, Long::sum);
  }

  private static InputStream zstd(byte[] member) throws IOException {
    return new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(member)).setLongMax(27);
  }

  private static void drain(InputStream in) throws IOException {
    try (in) {
      byte[] buffer = new byte[BUFFER];
      while (in.read(buffer) >= 0) {
        // only the decoding counts
      }
    }
  }

  private static void untar(byte[] tar) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (TarArchiveInputStream in = open(tar)) {
      while (in.getNextEntry() != null) {
        while (in.read(buffer) >= 0) {
          // only the walk counts
        }
      }
    }
  }

  private static TarArchiveInputStream open(byte[] tar) {
    return new TarArchiveInputStream(
        new BufferedInputStream(new ByteArrayInputStream(tar), BUFFER), "UTF-8");
  }

  private static Map<Integer, byte[]> contents(byte[] tar, int first) throws IOException {
    Map<Integer, byte[]> contents = new LinkedHashMap<>();
    try (TarArchiveInputStream in = open(tar)) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        // the store keeps nothing of info/ as files
        if (entry.isFile() && !entry.getName().startsWith("info/")) {
          ByteArrayOutputStream out = new ByteArrayOutputStream((int) entry.getSize());
          in.transferTo(out);
          contents.put(first + contents.size(), out.toByteArray());
        }
      }
    }
    return contents;
  }

  private static void hash(Map<Integer, byte[]> contents) {
    MessageDigest digest = Hashes.sha256();
    for (byte[] content : contents.values()) {
      digest.update(content);
      digest.digest();
    }
  }

  private static void create(Map<Integer, byte[]> contents, Path folder) throws IOException {
    for (Map.Entry<Integer, byte[]> content : contents.entrySet()) {
      try (OutputStream out = Files.newOutputStream(folder.resolve("t" + content.getKey()))) {
        // in pieces: the JDK copies each out of the heap, and a large copy is slower
        byte[] bytes = content.getValue();
        for (int from = 0; from < bytes.length; from += BUFFER) {
          out.write(bytes, from, Math.min(BUFFER, bytes.length - from));
        }
      }
    }
  }

  private static void rename(Map<Integer, byte[]> contents, Path folder) throws IOException {
    for (int number : contents.keySet()) {
      Files.move(folder.resolve("t" + number), folder.resolve("f" + number));
    }
  }
}
