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
  private static final int LONGEST_BUILD = 64;

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
      Thread look = new Thread(() -> look(host), "jconda-machine");
      look.setDaemon(true);
      look.start();
    }
  }

  private static void look(HostFacts host) {
    Optional<Platform> here = host.platform();
    if (here.isPresent()) {
      detect(here.get(), Map.of(), host);
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
    boolean isHost = host.platform().equals(Optional.of(target));
    return new VirtualPackages(target, environment, host, isHost).detect();
  }

  private List<PackageRecord> detect() {
    addArchspec();
    addCuda();
    if (target.isUnix()) {
      add("__unix", "0", "0");
    }
    if (target.isLinux()) {
      addLinux();
      addGlibc();
    }
    if (target.isMac()) {
      Optional<String> osx = override("OSX", Form.VERSION);
      add("__osx", (osx.isEmpty() && isHost ? host.osx() : osx).orElse(DEFAULT_OSX), "0");
    }
    if (target.isWindows()) {
      Optional<String> win = override("WIN", Form.VERSION);
      add("__win", (win.isEmpty() && isHost ? host.windows() : win).orElse(DEFAULT_WINDOWS), "0");
    }
    return List.copyOf(found);
  }

  private void addLinux() {
    Optional<String> linux = override("LINUX", Form.LINUX);
    add("__linux", (linux.isEmpty() && isHost ? host.linux() : linux).orElse(DEFAULT_LINUX), "0");
  }

  private void addArchspec() {
    Optional<String> name = override("ARCHSPEC", Form.BUILD);
    if (name.isEmpty() && isHost) {
      name = host.microArchitecture();
    }
    if (name.isEmpty()) {
      name = HostFacts.family(target);
    }
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
    Optional<String> cuda = override("CUDA", Form.VERSION);
    if (cuda.isEmpty() && isHost) {
      cuda = host.cuda();
    }
    if (cuda.isEmpty()) {
      return;
    }
    add("__cuda", cuda.get(), "0");
    if (isHidden("CUDA_ARCH")) {
      return;
    }
    Optional<String> capability = override("CUDA_ARCH", Form.CAPABILITY);
    if (capability.isEmpty() && isHost) {
      capability = host.cudaArch();
    }
    if (capability.isPresent()) {
      add("__cuda_arch", capability.get(), "0");
    }
  }

  private void addGlibc() {
    Optional<String> version = override("GLIBC", Form.VERSION);
    if (version.isEmpty() && isHost) {
      version = host.glibc();
    }
    if (!version.equals(Optional.of("none"))) {
      add("__glibc", version.orElse(DEFAULT_GLIBC), "0");
    }
  }

  /** An empty value is a custom of conda to say that there is none. */
  private boolean isHidden(String name) {
    String value = environment.get("CONDA_OVERRIDE_" + name);
    return value != null && value.isBlank();
  }

  /** Says what an override may look like. */
  private enum Form {
    VERSION,
    LINUX,
    CAPABILITY,
    /** CEP-26 says what a build string is. */
    BUILD;

    boolean fits(String text) {
      return switch (this) {
        case VERSION -> isVersion(text);
        case LINUX -> text.matches("[0-9]+\\.[0-9]+(\\.[0-9]+)?(\\.[0-9]+)?");
        case CAPABILITY -> text.matches("[0-9]+\\.[0-9]+");
        case BUILD -> text.length() <= LONGEST_BUILD && text.matches("[A-Za-z0-9_.+]+");
      };
    }

    private static boolean isVersion(String text) {
      try {
        Version.parse(text);
        return true;
      } catch (InvalidSpecException e) {
        return false;
      }
    }
  }

  private Optional<String> override(String name, Form form) {
    String text = environment.getOrDefault("CONDA_OVERRIDE_" + name, "").strip();
    return !text.isEmpty() && form.fits(text) ? Optional.of(text) : Optional.empty();
  }

  private void add(String name, String version, String build) {
    found.add(
        PackageRecord.builder(name, version, build).subdir(target.subdir()).channel("@").build());
  }
}
