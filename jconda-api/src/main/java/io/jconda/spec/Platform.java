package io.jconda.spec;

import java.util.Locale;

/**
 * Names the platforms that conda channels have a subdir for (CEP-26).
 *
 * <p>Everything in JConda that depends on the platform takes it as a value, so that an environment
 * for another platform than the host's can be planned and laid out.
 */
public enum Platform {
  /** Packages that fit every platform. */
  NOARCH("noarch"),
  LINUX_32("linux-32"),
  LINUX_64("linux-64"),
  LINUX_AARCH64("linux-aarch64"),
  LINUX_ARMV6L("linux-armv6l"),
  LINUX_ARMV7L("linux-armv7l"),
  LINUX_LOONGARCH64("linux-loongarch64"),
  LINUX_PPC64("linux-ppc64"),
  LINUX_PPC64LE("linux-ppc64le"),
  LINUX_RISCV32("linux-riscv32"),
  LINUX_RISCV64("linux-riscv64"),
  LINUX_S390X("linux-s390x"),
  OSX_64("osx-64"),
  OSX_ARM64("osx-arm64"),
  WIN_32("win-32"),
  WIN_64("win-64"),
  WIN_ARM64("win-arm64"),
  FREEBSD_64("freebsd-64"),
  EMSCRIPTEN_WASM32("emscripten-wasm32"),
  WASI_WASM32("wasi-wasm32"),
  ZOS_Z("zos-z");

  private final String subdir;

  Platform(String subdir) {
    this.subdir = subdir;
  }

  /** Returns the name of the platform's folder in a channel, such as {@code linux-64}. */
  public String subdir() {
    return subdir;
  }

  /** Tells whether it is a Linux. */
  public boolean isLinux() {
    return subdir.startsWith("linux-");
  }

  /** Tells whether it is macOS. */
  public boolean isMac() {
    return subdir.startsWith("osx-");
  }

  /** Tells whether it is Windows. */
  public boolean isWindows() {
    return subdir.startsWith("win-");
  }

  /** Tells whether it has {@code __unix} (CEP-30): Linux, macOS, FreeBSD or Emscripten. */
  public boolean isUnix() {
    return isLinux() || isMac() || this == FREEBSD_64 || this == EMSCRIPTEN_WASM32;
  }

  /**
   * Returns the second half of the subdir, such as {@code 64} or {@code aarch64}; empty for {@code
   * noarch}.
   */
  public String architecture() {
    return subdir.substring(subdir.indexOf('-') + 1);
  }

  /**
   * Returns the platform of a subdir.
   *
   * @param subdir a name such as {@code linux-64}
   * @throws IllegalArgumentException if no platform has that name; the message lists those that
   *     there are
   */
  public static Platform of(String subdir) {
    for (Platform platform : values()) {
      if (platform.subdir.equals(subdir)) {
        return platform;
      }
    }
    StringBuilder known = new StringBuilder();
    for (Platform platform : values()) {
      known.append(known.isEmpty() ? "" : ", ").append(platform.subdir);
    }
    throw new IllegalArgumentException(
        "'%s' is no platform of conda. There are: %s.".formatted(subdir, known));
  }

  /**
   * Returns the platform of this JVM.
   *
   * @throws IllegalStateException if conda has no subdir for it
   */
  public static Platform current() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    Platform platform = current(os, arch);
    if (platform == NOARCH) {
      throw new IllegalStateException("conda has no platform for %s on %s.".formatted(os, arch));
    }
    return platform;
  }

  private static Platform current(String os, String arch) {
    boolean arm64 = arch.equals("aarch64") || arch.equals("arm64");
    boolean x64 = arch.equals("amd64") || arch.equals("x86_64");
    if (os.contains("linux")) {
      return switch (arch) {
        case "amd64", "x86_64" -> LINUX_64;
        case "aarch64", "arm64" -> LINUX_AARCH64;
        case "x86", "i386", "i686" -> LINUX_32;
        case "arm" -> LINUX_ARMV7L;
        case "ppc64le" -> LINUX_PPC64LE;
        case "ppc64" -> LINUX_PPC64;
        case "s390x" -> LINUX_S390X;
        case "riscv64" -> LINUX_RISCV64;
        case "loongarch64" -> LINUX_LOONGARCH64;
        default -> NOARCH;
      };
    }
    if (os.startsWith("mac") || os.startsWith("darwin")) {
      return arm64 ? OSX_ARM64 : x64 ? OSX_64 : NOARCH;
    }
    if (os.startsWith("windows")) {
      return arm64 ? WIN_ARM64 : x64 ? WIN_64 : arch.equals("x86") ? WIN_32 : NOARCH;
    }
    return os.startsWith("freebsd") && x64 ? FREEBSD_64 : NOARCH;
  }

  /** Returns {@link #subdir()}. */
  @Override
  public String toString() {
    return subdir;
  }
}
