package io.jconda.core.host;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the system tells of its first processor, in archspec's words ({@code archspec:
 * cpu/detect.py}).
 *
 * @param vendor who made it; {@code generic} if that is not told
 * @param features what it can do, by the Linux kernel's names
 * @param model its micro-architecture's name, if the system tells it; else empty
 * @param part the part number of an Arm; else empty
 * @param generation which POWER it is; else 0
 */
record Processor(String vendor, Set<String> features, String model, String part, int generation) {
  static final Processor UNKNOWN = new Processor(MicroArchitectures.GENERIC, Set.of(), "", "", 0);

  /** The names that macOS has for what a Mac shall be asked about itself. */
  static final String BRAND = "machdep.cpu.brand_string";

  static final String VENDOR = "machdep.cpu.vendor";
  static final String FEATURES = "machdep.cpu.features";
  static final String LEAF7_FEATURES = "machdep.cpu.leaf7_features";
  static final String EXTENDED_FEATURES = "machdep.cpu.extfeatures";

  private static final Pattern POWER = Pattern.compile("POWER(\\d{1,3})");
  private static final Pattern APPLE = Pattern.compile("apple\\s+m(\\d{1,3})");

  /** The codes of the registry of Arm's implementers. */
  private static final Map<String, String> ARM_VENDORS =
      Map.ofEntries(
          Map.entry("0x41", "ARM"),
          Map.entry("0x42", "Broadcom"),
          Map.entry("0x43", "Cavium"),
          Map.entry("0x44", "DEC"),
          Map.entry("0x46", "Fujitsu"),
          Map.entry("0x48", "HiSilicon"),
          Map.entry("0x49", "Infineon Technologies AG"),
          Map.entry("0x4d", "Motorola"),
          Map.entry("0x4e", "Nvidia"),
          Map.entry("0x50", "APM"),
          Map.entry("0x51", "Qualcomm"),
          Map.entry("0x53", "Samsung"),
          Map.entry("0x56", "Marvell"),
          Map.entry("0x61", "Apple"),
          Map.entry("0x66", "Faraday"),
          Map.entry("0x68", "HXT"),
          Map.entry("0x69", "Intel"),
          Map.entry("0xc0", "Ampere"));

  /** What macOS calls otherwise than Linux: all words to the left are the words to the right. */
  private static final Map<Set<String>, Set<String>> MAC_FEATURES =
      Map.of(
          Set.of("sse4.1"), Set.of("sse4_1"),
          Set.of("sse4.2"), Set.of("sse4_2"),
          Set.of("avx1.0"), Set.of("avx"),
          Set.of("lahf"), Set.of("lahf_lm"),
          Set.of("sha"), Set.of("sha_ni"),
          Set.of("popcnt", "lzcnt"), Set.of("abm"),
          Set.of("clfsopt"), Set.of("clflushopt"),
          Set.of("xsave"), Set.of("xsavec", "xsaveopt"));

  /** Returns features with the one that Linux leaves out beside another. */
  static Set<String> withImplied(Set<String> features) {
    Set<String> all = new HashSet<>(features);
    if (all.contains("ssse3")) {
      all.add("sse3");
    }
    return Set.copyOf(all);
  }

  /**
   * Reads what Linux tells.
   *
   * @param family the processor's family, such as {@code x86_64}
   * @param cpuInfo the content of {@code /proc/cpuinfo}, the first processor at least
   */
  static Processor ofLinux(String family, String cpuInfo) {
    Map<String, String> facts = facts(cpuInfo, ":");
    return switch (family) {
      case MicroArchitectures.X86_64 ->
          new Processor(
              facts.getOrDefault("vendor_id", MicroArchitectures.GENERIC),
              words(facts.getOrDefault("flags", "")),
              "",
              "",
              0);
      case MicroArchitectures.AARCH64 -> {
        String code = facts.getOrDefault("CPU implementer", MicroArchitectures.GENERIC);
        yield new Processor(
            ARM_VENDORS.getOrDefault(code, code),
            words(facts.getOrDefault("Features", "")),
            "",
            facts.getOrDefault("CPU part", ""),
            0);
      }
      case "ppc64", "ppc64le" -> {
        // An emulator may show the processor that it runs on, which is no POWER.
        Matcher power = POWER.matcher(facts.getOrDefault("cpu", ""));
        int generation = power.find() ? Integer.parseInt(power.group(1)) : 0;
        yield new Processor(MicroArchitectures.GENERIC, Set.of(), "", "", generation);
      }
      case MicroArchitectures.RISCV64 ->
          new Processor(MicroArchitectures.GENERIC, Set.of(), riscModel(facts), "", 0);
      default -> UNKNOWN;
    };
  }

  private static String riscModel(Map<String, String> facts) {
    String told = facts.getOrDefault("uarch", "");
    if (told.equals("sifive,u74-mc")) {
      return "u74mc";
    }
    boolean isX60 =
        told.equals("spacemit,x60") || "Spacemit(R) X60".equals(facts.get("model name"));
    return isX60 ? "x60" : told;
  }

  /**
   * Reads what macOS tells.
   *
   * @param family the processor's family, such as {@code x86_64}
   * @param answer what {@code sysctl} prints: names, colons, values
   */
  static Processor ofMac(String family, String answer) {
    Map<String, String> facts = facts(answer, ": ");
    String brand = facts.getOrDefault(BRAND, "").toLowerCase(Locale.ROOT);
    boolean isApple = brand.contains("apple");
    if (family.equals(MicroArchitectures.AARCH64)) {
      return isApple ? new Processor("Apple", Set.of(), appleModel(brand), "", 0) : UNKNOWN;
    }
    StringBuilder told = new StringBuilder();
    for (String name : List.of(FEATURES, LEAF7_FEATURES, EXTENDED_FEATURES)) {
      told.append(facts.getOrDefault(name, "")).append(' ');
    }
    Set<String> features = words(told.toString().toLowerCase(Locale.ROOT));
    Set<String> translated = new HashSet<>(features);
    MAC_FEATURES.forEach(
        (theirs, ours) -> {
          if (features.containsAll(theirs)) {
            translated.addAll(ours);
          }
        });
    // Where Apple's processor poses as another one, only what it can do says anything.
    String vendor =
        isApple
            ? MicroArchitectures.GENERIC
            : facts.getOrDefault(VENDOR, MicroArchitectures.GENERIC);
    return new Processor(vendor, translated, "", "", 0);
  }

  /** A model that is newer than the table counts as the newest one of it. */
  private static String appleModel(String brand) {
    Matcher matcher = APPLE.matcher(brand);
    if (matcher.find()) {
      for (int number = Integer.parseInt(matcher.group(1)); number > 0; number--) {
        if (MicroArchitectures.known().isKnown("m" + number)) {
          return "m" + number;
        }
      }
    }
    // early systems had no better name for the M1
    return brand.equals("apple processor") ? "m1" : MicroArchitectures.AARCH64;
  }

  /** Reads lines of names and values up to the first that is none. */
  private static Map<String, String> facts(String text, String separator) {
    Map<String, String> facts = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      int at = line.indexOf(separator);
      if (at >= 0) {
        facts.put(line.substring(0, at).strip(), line.substring(at + separator.length()).strip());
      } else if (separator.equals(":") && !facts.isEmpty()) {
        return facts;
      }
    }
    return facts;
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    for (StringTokenizer each = new StringTokenizer(text); each.hasMoreTokens(); ) {
      words.add(each.nextToken());
    }
    return withImplied(words);
  }
}
