package io.jconda.core.host;

import io.jconda.core.util.ByteSearch;
import io.jconda.spec.Platform;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static final List<String> SYSCTL =
      List.of(
          "/usr/sbin/sysctl",
          "-i",
          Processor.BRAND,
          Processor.VENDOR,
          Processor.FEATURES,
          Processor.LEAF7_FEATURES,
          Processor.EXTENDED_FEATURES);

  private static final Pattern KERNEL = Pattern.compile("(?<it>\\d+\\.\\d+(\\.\\d+){0,2})");
  private static final String BANNER = "GNU C Library";
  private static final int LONGEST_BANNER = 300;
  private static final Pattern GLIBC_BANNER =
      Pattern.compile(BANNER + "[^\\n]{0,200}?release version (?<it>\\d+\\.\\d+)");
  private static final Pattern GLIBC = Pattern.compile("glibc (?<it>\\d+\\.\\d+)");
  private static final Pattern LIBC_PATH =
      Pattern.compile("(?<it>/\\S*/libc[-.][^/\\s]*so[^/\\s]*)");
  private static final Pattern TWO_PARTS = Pattern.compile("(?<it>\\d+(\\.\\d+)?)");
  private static final Pattern WINDOWS = Pattern.compile("(?<it>\\d+\\.\\d+\\.\\d+)");
  private final Map<String, Optional<String>> known = new ConcurrentHashMap<>();

  private final CudaFacts cuda;

  HostFacts() {
    this(CudaFacts.real());
  }

  HostFacts(CudaFacts cuda) {
    this.cuda = cuda;
  }

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
    return once("glibc", HostFacts::foundGlibc);
  }

  private static Optional<String> foundGlibc() {
    Optional<String> own = ownLibc();
    return own.isPresent() ? own : installedGlibc();
  }

  private static Optional<String> ownLibc() {
    try {
      String maps = Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
      if (maps.contains("/ld-musl-")) {
        return Optional.of("none");
      }
      for (String line : maps.split("\n", -1)) {
        Optional<String> library =
            line.contains("/libc") ? first(LIBC_PATH, line) : Optional.empty();
        if (library.isPresent()) {
          return glibcOfBanner(Files.readAllBytes(Path.of(library.get())));
        }
      }
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      LOG.debug("The C library of this process cannot be read", e);
      return Optional.empty();
    }
  }

  /** Returns the version that a C library's file says of itself. */
  static Optional<String> glibcOfBanner(byte[] library) {
    ByteSearch search = new ByteSearch(BANNER.getBytes(StandardCharsets.ISO_8859_1), 1);
    for (int at = search.in(library, 0); at >= 0; at = search.in(library, at + 1)) {
      int length = Math.min(LONGEST_BANNER, library.length - at);
      String text = new String(library, at, length, StandardCharsets.ISO_8859_1);
      Optional<String> version = first(GLIBC_BANNER, text);
      if (version.isPresent()) {
        return version;
      }
    }
    return Optional.empty();
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
    return once("cuda", cuda::version);
  }

  /** Returns the lowest compute capability of all cards. */
  Optional<String> cudaArch() {
    return once("cuda_arch", cuda::lowestCapability);
  }

  /**
   * Returns the processor's micro-architecture by its name in archspec; nothing where the system
   * does not tell it, as Windows does not tell a JVM.
   */
  Optional<String> microArchitecture() {
    return once("archspec", () -> platform().flatMap(HostFacts::microArchitecture));
  }

  private static Optional<String> microArchitecture(Platform platform) {
    Optional<String> family = family(platform);
    if (family.isEmpty() || !(platform.isLinux() || platform.isMac())) {
      return Optional.empty();
    }
    Optional<String> told = platform.isLinux() ? firstProcessor() : Probe.run(Map.of(), SYSCTL);
    return told.isEmpty()
        ? Optional.empty()
        : Optional.of(microArchitectureOf(platform, family.get(), told.get()));
  }

  /** Returns what a text that the system tells of its processor says. */
  static String microArchitectureOf(Platform platform, String family, String text) {
    Processor processor =
        platform.isMac() ? Processor.ofMac(family, text) : Processor.ofLinux(family, text);
    return MicroArchitectures.known().best(family, processor);
  }

  /** Returns archspec's name of all processors of a platform (CEP-30, appendix A). */
  static Optional<String> family(Platform platform) {
    String architecture = platform.architecture();
    String name =
        switch (architecture) {
          case "32" -> "x86";
          case "64" -> MicroArchitectures.X86_64;
          case "arm64" -> MicroArchitectures.AARCH64;
          default -> architecture;
        };
    return MicroArchitectures.known().isKnown(name) ? Optional.of(name) : Optional.empty();
  }

  /** One processor is enough: with hundreds of them the kernel takes its time for the file. */
  private static Optional<String> firstProcessor() {
    try (BufferedReader lines = Files.newBufferedReader(CPU_INFO, StandardCharsets.ISO_8859_1)) {
      StringBuilder first = new StringBuilder();
      for (String line = lines.readLine();
          line != null && !line.isBlank();
          line = lines.readLine()) {
        first.append(line).append('\n');
      }
      return Optional.of(first.toString());
    } catch (IOException e) {
      LOG.debug("The processor cannot be told", e);
      return Optional.empty();
    }
  }

  /** Returns the group {@code it} of the first match. */
  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group("it")) : Optional.empty();
  }
}
