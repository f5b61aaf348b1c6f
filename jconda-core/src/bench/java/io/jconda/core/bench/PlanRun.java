package io.jconda.core.bench;

import io.jconda.CondaClient;
import io.jconda.Plan;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Plans {@code python numpy pandas scikit-learn jupyterlab} by the public API, as a program of its
 * own, and prints {@code name=number} lines.
 *
 * <p>Arguments: {@code plan ROOT CHANNEL}, one plan, and how much memory was resident at the most,
 * in MB (where the system tells: Linux); {@code heap ROOT CHANNEL}, the same and the sum of the
 * peaks of the heap's pools; {@code warm ROOT CHANNEL N}, N plans with one client, and the median
 * of the later half in milliseconds.
 */
final class PlanRun {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private PlanRun() {}

  /** Plans, and prints what it took. */
  public static void main(String[] arguments) throws IOException {
    try (CondaClient client =
        CondaClient.builder().root(Path.of(arguments[1])).channels(arguments[2]).build()) {
      if (arguments[0].equals("warm")) {
        warm(client, Integer.parseInt(arguments[3]));
      } else {
        System.out.println("packages=" + plan(client).changes().size());
      }
    }
    // the beans cost a tenth of a second, so that they are asked only where time is not measured
    if (arguments[0].equals("heap")) {
      System.out.println("heap=" + heapPeak());
    }
    System.out.println("resident=" + residentPeak());
  }

  private static Plan plan(CondaClient client) {
    return client
        .env("bench")
        .platform(Platform.of("linux-64"))
        .plan(Workload.JUPYTERLAB.toArray(String[]::new));
  }

  private static void warm(CondaClient client, int count) {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      Plan plan = plan(client);
      millis[i] = (System.nanoTime() - start) / 1e6;
      if (i == 0) {
        System.out.println("packages=" + plan.changes().size());
      }
    }
    System.out.println("second=" + millis[1]);
    double[] later = Arrays.copyOfRange(millis, count / 2, count);
    Arrays.sort(later);
    System.out.println("median=" + later[later.length / 2]);
    System.out.println("worst=" + later[later.length - 1]);
  }

  private static double heapPeak() {
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        peak += pool.getPeakUsage().getUsed();
      }
    }
    return peak / 1048576.0;
  }

  private static double residentPeak() throws IOException {
    if (Files.exists(STATUS)) {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(PEAK)) {
          String kilobytes = line.substring(PEAK.length()).replace("kB", "").strip();
          return Long.parseLong(kilobytes) / 1024.0;
        }
      }
    }
    return Double.NaN;
  }
}
