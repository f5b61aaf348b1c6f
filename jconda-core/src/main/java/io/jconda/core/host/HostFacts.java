package io.jconda.core.host;

import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out about this machine what virtual packages tell of it, each thing once and only when
 * asked. Thread-safe; the first question for a thing blocks, two seconds at most.
 */
class HostFacts {
  private static final Logger LOG = LoggerFactory.getLogger(HostFacts.class);
  private static final HostFacts REAL = new HostFacts();
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private static final Pattern KERNEL = Pattern.compile("(?<it>\\d+\\.\\d+(\\.\\d+){0,2})");
  private static final Pattern GLIBC_BANNER =
      Pattern.compile("GNU C Library[^\\n]{0,200}?release version (?<it>\\d+\\.\\d+)");
  private static final Pattern GLIBC = Pattern.compile("glibc (?<it>\\d+\\.\\d+)");
  private static final Pattern LIBC_PATH =
      Pattern.compile("(?<it>/\\S*/libc[-.][^/\\s]*so[^/\\s]*)");
  private static final Pattern TWO_PARTS = Pattern.compile("(?<it>\\d+(\\.\\d+)?)");
  private static final Pattern WINDOWS = Pattern.compile("(?<it>\\d+\\.\\d+\\.\\d+)");
  private static final Pattern CUDA = Pattern.compile("CUDA Version:\\s*(?<it>\\d+\\.\\d+)");
  private static final Pattern COMPUTE_CAPABILITY =
      Pattern.compile("(?m)^\\s*(\\d+)\\.(\\d+)\\s*,\\s*(.*)$");

  /** The levels of the x86-64 psABI, under the kernel's names for the features. */
  private static final List<Set<String>> X86_64_LEVELS =
      List.of(
          Set.of("cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"),
          Set.of("avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"),
          Set.of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"));

  private final Map<String, Optional<String>> known = new ConcurrentHashMap<>();

  static HostFacts real() {
    return REAL;
  }

  private Optional<String> once(String what, Supplier<Optional<String>> question) {
    return known.computeIfAbsent(what, key -> question.get());
  }

  /** Returns the platform; nothing if conda has none for it. */
  Optional<Platform> platform() {
    try {
      return Optional.of(Platform.current());
    } catch (IllegalStateException e) {
      LOG.debug("No platform of conda", e);
      return Optional.empty();
    }
  }

  /** Returns the kernel's version without what a distribution adds. */
  Optional<String> linux() {
    return first(KERNEL, System.getProperty("os.version", ""));
  }

  /**
   * Returns the version of the GNU C library: the one that this JVM runs on, else the one that the
   * system tells of. {@code "none"} if the C library is known to be musl.
   */
  Optional<String> glibc() {
    return once("glibc", () -> ownLibc().or(HostFacts::installedGlibc));
  }

  private static Optional<String> ownLibc() {
    try {
      String maps = Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
      if (maps.contains("/ld-musl-")) {
        return Optional.of("none");
      }
      Optional<String> library = first(LIBC_PATH, maps);
      return library.isEmpty()
          ? Optional.empty()
          : glibcOfBanner(Files.readString(Path.of(library.get()), StandardCharsets.ISO_8859_1));
    } catch (IOException | RuntimeException e) {
      LOG.debug("The C library of this process cannot be read", e);
      return Optional.empty();
    }
  }

  /** Returns the version that a C library's file says of itself. */
  static Optional<String> glibcOfBanner(String content) {
    return first(GLIBC_BANNER, content);
  }

  private static Optional<String> installedGlibc() {
    return Probe.run(Map.of(), List.of("getconf", "GNU_LIBC_VERSION"))
        .flatMap(answer -> first(GLIBC, answer));
  }

  /** Returns the version of macOS, not the one that is shown to old programs. */
  Optional<String> osx() {
    return once(
        "osx",
        () ->
            Probe.run(Map.of("SYSTEM_VERSION_COMPAT", "0"), List.of("sw_vers", "-productVersion"))
                .flatMap(answer -> first(TWO_PARTS, answer)));
  }

  /** Returns the version of Windows with its build. */
  Optional<String> windows() {
    return once(
        "windows",
        () ->
            Probe.run(Map.of(), List.of("cmd.exe", "/c", "ver"))
                .flatMap(answer -> first(WINDOWS, answer)));
  }

  /** Returns the highest CUDA that the driver supports. */
  Optional<String> cuda() {
    return once(
        "cuda",
        () -> Probe.run(Map.of(), List.of("nvidia-smi")).flatMap(answer -> first(CUDA, answer)));
  }

  /** Returns the lowest compute capability of all cards, {@code =}, and that card's model. */
  Optional<String> cudaArch() {
    return once(
        "cuda_arch",
        () ->
            Probe.run(
                    Map.of(),
                    List.of("nvidia-smi", "--query-gpu=compute_cap,name", "--format=csv,noheader"))
                .flatMap(HostFacts::lowestCapability));
  }

  static Optional<String> lowestCapability(String answer) {
    int lowest = Integer.MAX_VALUE;
    Optional<String> result = Optional.empty();
    Matcher matcher = COMPUTE_CAPABILITY.matcher(answer);
    while (matcher.find()) {
      int major = Integer.parseInt(matcher.group(1));
      int minor = Integer.parseInt(matcher.group(2));
      if (major * 1000 + minor < lowest) {
        lowest = major * 1000 + minor;
        String model = matcher.group(3).replaceAll("[^a-zA-Z0-9]", "").replace("NVIDIA", "");
        result =
            Optional.of(
                major
                    + "."
                    + minor
                    + "="
                    + (model.isEmpty() ? "0" : model.substring(0, Math.min(64, model.length()))));
      }
    }
    return result;
  }

  /** Returns the processor's micro-architecture by its name in archspec, as far as it is known. */
  Optional<String> microArchitecture() {
    return once(
        "archspec",
        () -> {
          if (!Files.isReadable(CPU_INFO)) {
            return Optional.empty();
          }
          try {
            return x86Level(Files.readString(CPU_INFO, StandardCharsets.ISO_8859_1));
          } catch (IOException e) {
            LOG.debug("The processor cannot be told", e);
            return Optional.empty();
          }
        });
  }

  /** Returns the level of an x86-64 processor from what Linux says of it. */
  static Optional<String> x86Level(String cpuInfo) {
    return cpuInfo
        .lines()
        .filter(line -> line.startsWith("flags"))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip().split("\\s+"))
        .map(flags -> new HashSet<>(Arrays.asList(flags)))
        .filter(flags -> flags.contains("lm"))
        .map(
            flags -> {
              int level = 1;
              while (level <= X86_64_LEVELS.size()
                  && flags.containsAll(X86_64_LEVELS.get(level - 1))) {
                level++;
              }
              return level == 1 ? "x86_64" : "x86_64_v" + level;
            });
  }

  /** Returns the group {@code it} of the first match. */
  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group("it")) : Optional.empty();
  }
}
