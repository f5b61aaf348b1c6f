package io.jconda.core.host;

import io.jconda.InvalidSpecException;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import io.jconda.spec.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Describes a machine by virtual packages, which packages may depend on (CEP-30, and CEP-46 for
 * {@code __cuda_arch}).
 *
 * <p>For the platform of this machine they tell what is here. For another one they are what such a
 * machine has at least, as far as that can be said: glibc 2.17, Linux 5.10, Windows 10.0.0, macOS 0
 * (which the CEP demands), no CUDA.
 */
public final class VirtualPackages {
  private static final String DEFAULT_GLIBC = "2.17";
  private static final String DEFAULT_LINUX = "5.10";
  private static final String DEFAULT_OSX = "0";
  private static final String DEFAULT_WINDOWS = "10.0.0";

  private static final AtomicBoolean LOOKED = new AtomicBoolean();
  private static final Pattern LINUX = Pattern.compile("[0-9]+\\.[0-9]+(\\.[0-9]+)?(\\.[0-9]+)?");
  private static final Pattern BUILD = Pattern.compile("[A-Za-z0-9_.+]+");
  private static final int LONGEST_BUILD = 64;
  private static final Pattern CAPABILITY = Pattern.compile("[0-9]+\\.[0-9]+");

  private final Platform target;
  private final Map<String, String> environment;
  private final HostFacts host;
  private final boolean isHost;
  private final List<PackageRecord> found = new ArrayList<>();

  private VirtualPackages(
      Platform target, Map<String, String> environment, HostFacts host, boolean isHost) {
    this.target = target;
    this.environment = environment;
    this.host = host;
    this.isHost = isHost;
  }

  /**
   * Returns the virtual packages of a platform.
   *
   * <p>May run a program of the system, for two seconds at most each, the first time in this JVM.
   * Thread-safe.
   *
   * @param target what is solved for
   * @param environment where {@code CONDA_OVERRIDE_…} is looked up; one that is malformed, or is
   *     for another platform, counts for nothing
   */
  public static List<PackageRecord> detect(Platform target, Map<String, String> environment) {
    return detect(target, environment, HostFacts.real());
  }

  /**
   * Begins to find out about this machine on a thread of its own, the first time in this JVM: it
   * takes about as long as loading an index, beside which it can be done. {@link #detect} then
   * waits for what is under way. Does not block.
   */
  public static void lookAhead() {
    if (LOOKED.compareAndSet(false, true)) {
      HostFacts host = HostFacts.real();
      Thread look =
          new Thread(
              () -> host.platform().ifPresent(here -> detect(here, Map.of(), host)),
              "jconda-machine");
      look.setDaemon(true);
      look.start();
    }
  }

  /**
   * Returns what every machine of a platform has, also where it is this machine's platform.
   * Thread-safe; looks at nothing but the overrides.
   *
   * @param target what is solved for
   * @param environment where {@code CONDA_OVERRIDE_…} is looked up
   */
  public static List<PackageRecord> least(Platform target, Map<String, String> environment) {
    return new VirtualPackages(target, environment, HostFacts.real(), false).detect();
  }

  static List<PackageRecord> detect(
      Platform target, Map<String, String> environment, HostFacts host) {
    boolean isHost = host.platform().filter(target::equals).isPresent();
    return new VirtualPackages(target, environment, host, isHost).detect();
  }

  private List<PackageRecord> detect() {
    addArchspec();
    addCuda();
    if (target.isUnix()) {
      add("__unix", "0", "0");
    }
    if (target.isLinux()) {
      add(
          "__linux",
          override("LINUX", LINUX.asMatchPredicate())
              .or(() -> here(host::linux))
              .orElse(DEFAULT_LINUX),
          "0");
      addGlibc();
    }
    if (target.isMac()) {
      add("__osx", version("OSX").or(() -> here(host::osx)).orElse(DEFAULT_OSX), "0");
    }
    if (target.isWindows()) {
      add("__win", version("WIN").or(() -> here(host::windows)).orElse(DEFAULT_WINDOWS), "0");
    }
    return List.copyOf(found);
  }

  private void addArchspec() {
    Optional<String> name =
        override("ARCHSPEC", VirtualPackages::isBuild)
            .or(() -> here(host::microArchitecture))
            .or(() -> HostFacts.family(target));
    if (name.isPresent()) {
      add("__archspec", "1", name.get());
    } else {
      add("__archspec", "0", target.architecture());
    }
  }

  private void addCuda() {
    if (isHidden("CUDA")) {
      return;
    }
    Optional<String> cuda = version("CUDA").or(() -> here(host::cuda));
    if (cuda.isEmpty()) {
      return;
    }
    add("__cuda", cuda.get(), "0");
    if (isHidden("CUDA_ARCH")) {
      return;
    }
    override("CUDA_ARCH", CAPABILITY.asMatchPredicate())
        .or(() -> here(host::cudaArch))
        .ifPresent(capability -> add("__cuda_arch", capability, "0"));
  }

  private void addGlibc() {
    Optional<String> version = version("GLIBC").or(() -> here(host::glibc));
    if (!version.equals(Optional.of("none"))) {
      add("__glibc", version.orElse(DEFAULT_GLIBC), "0");
    }
  }

  /** An empty value is a custom of conda to say that there is none. */
  private boolean isHidden(String name) {
    String value = environment.get("CONDA_OVERRIDE_" + name);
    return value != null && value.isBlank();
  }

  private Optional<String> version(String name) {
    return override(name, VirtualPackages::isVersion);
  }

  private static boolean isVersion(String text) {
    try {
      Version.parse(text);
      return true;
    } catch (InvalidSpecException e) {
      return false;
    }
  }

  /** CEP-26 says what a build string is. */
  private static boolean isBuild(String text) {
    return text.length() <= LONGEST_BUILD && BUILD.matcher(text).matches();
  }

  private Optional<String> override(String name, Predicate<String> wellFormed) {
    return Optional.ofNullable(environment.get("CONDA_OVERRIDE_" + name))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .filter(wellFormed);
  }

  private Optional<String> here(Supplier<Optional<String>> fact) {
    return isHost ? fact.get() : Optional.empty();
  }

  private void add(String name, String version, String build) {
    found.add(
        PackageRecord.builder(name, version, build).subdir(target.subdir()).channel("@").build());
  }
}
