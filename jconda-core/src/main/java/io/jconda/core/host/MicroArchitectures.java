package io.jconda.core.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows the micro-architectures that archspec names, and which of them a processor is.
 *
 * <p>The choice is archspec's ({@code archspec: cpu/detect.py}, {@code host()}), because packages
 * name in their dependencies what conda finds out by it (CEP-30). Thread-safe.
 */
final class MicroArchitectures {
  static final String GENERIC = "generic";
  static final String X86_64 = "x86_64";
  static final String AARCH64 = "aarch64";
  static final String RISCV64 = "riscv64";

  private static final Set<String> POWER = Set.of("ppc64", "ppc64le");
  private static final String TABLE = "microarchitectures.txt";

  private final Map<String, MicroArchitecture> byName;

  private MicroArchitectures(Map<String, MicroArchitecture> byName) {
    this.byName = byName;
  }

  private static final class Known {
    static final MicroArchitectures ALL = read();
  }

  /**
   * Describes what one kind of processor has.
   *
   * @param name archspec's name
   * @param vendor the vendor as the processor tells it; {@link #GENERIC} for a level or family
   * @param ancestors what it descends from, over all generations
   * @param generation which POWER it is; 0 for others
   * @param part the part number of an Arm; empty for others
   * @param features what it can do, with what its ancestors can
   */
  record MicroArchitecture(
      String name,
      String vendor,
      Set<String> ancestors,
      int generation,
      String part,
      Set<String> features) {
    boolean isGeneric() {
      return vendor.equals(GENERIC);
    }

    boolean is(String other) {
      return name.equals(other) || ancestors.contains(other);
    }
  }

  /** Returns those of archspec's database. */
  static MicroArchitectures known() {
    return Known.ALL;
  }

  Collection<MicroArchitecture> all() {
    return byName.values();
  }

  boolean isKnown(String name) {
    return byName.containsKey(name);
  }

  /**
   * Returns the name of the best micro-architecture whose programs a processor can run.
   *
   * @param family the processor's family, such as {@code x86_64}
   */
  String best(String family, Processor processor) {
    List<MicroArchitecture> fitting = new ArrayList<>();
    List<MicroArchitecture> ofPart = new ArrayList<>();
    MicroArchitecture generic = null;
    for (MicroArchitecture one : byName.values()) {
      if (one.is(family) && fits(one, family, processor)) {
        fitting.add(one);
        if (!one.part().isEmpty() && one.part().equals(processor.part())) {
          ofPart.add(one);
        }
        generic = one.isGeneric() ? better(generic, one) : generic;
      }
    }
    if (generic == null) {
      return family;
    }
    // A processor in which somebody switched off one feature is still better than its level.
    MicroArchitecture best = null;
    for (MicroArchitecture one : ofPart.isEmpty() ? fitting : ofPart) {
      best = one.ancestors().contains(generic.name()) ? better(best, one) : best;
    }
    return best == null ? generic.name() : best.name();
  }

  private boolean fits(MicroArchitecture one, String family, Processor processor) {
    boolean sameVendor = one.isGeneric() || one.vendor().equals(processor.vendor());
    if (family.equals(X86_64)) {
      return sameVendor && processor.features().containsAll(one.features());
    }
    if (family.equals(AARCH64)) {
      // Nobody knows how to tell which version of the architecture an Arm is of.
      boolean isLevel = one.isGeneric() && !one.name().equals(AARCH64);
      return !isLevel && sameVendor && fitsArm(one, processor);
    }
    if (POWER.contains(family)) {
      return one.generation() <= processor.generation();
    }
    return one.isGeneric() || one.name().equals(processor.model());
  }

  /** macOS tells the model, but not all features. */
  private boolean fitsArm(MicroArchitecture one, Processor processor) {
    MicroArchitecture model = byName.get(processor.model());
    return model == null ? processor.features().containsAll(one.features()) : model.is(one.name());
  }

  /** archspec takes the first of several that are equal. */
  private static MicroArchitecture better(
      @Nullable MicroArchitecture best, MicroArchitecture next) {
    if (best == null || next.ancestors().size() > best.ancestors().size()) {
      return next;
    }
    boolean equal = next.ancestors().size() == best.ancestors().size();
    return equal && next.features().size() > best.features().size() ? next : best;
  }

  private static MicroArchitectures read() {
    try (InputStream in =
            Objects.requireNonNull(
                MicroArchitectures.class.getResourceAsStream(TABLE), "the jar lacks " + TABLE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      List<String> all = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        all.add(line);
      }
      return parse(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the table, whose form its first lines tell. */
  static MicroArchitectures parse(List<String> lines) {
    Map<String, MicroArchitecture> byName = new LinkedHashMap<>();
    String vendor = GENERIC;
    for (String line : unfolded(lines)) {
      if (line.startsWith("[")) {
        vendor = line.substring(1, line.length() - 1);
      } else {
        MicroArchitecture one = entry(line, vendor, byName);
        byName.put(one.name(), one);
      }
    }
    return new MicroArchitectures(byName);
  }

  private static List<String> unfolded(List<String> lines) {
    List<String> entries = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(" ")) {
        int last = entries.size() - 1;
        entries.set(last, entries.get(last) + " " + line.strip());
      } else if (!line.isBlank() && !line.startsWith("#")) {
        entries.add(line.strip());
      }
    }
    return entries;
  }

  private static MicroArchitecture entry(
      String line, String vendor, Map<String, MicroArchitecture> earlier) {
    String[] words = line.split(" ");
    Set<String> ancestors = new HashSet<>();
    Set<String> features = new HashSet<>();
    int generation = 0;
    String part = "";
    char mark = ' ';
    for (String word : List.of(words).subList(1, words.length)) {
      if (word.length() == 1 && "<@+".contains(word)) {
        mark = word.charAt(0);
      } else if (mark == '<') {
        MicroArchitecture parent =
            Objects.requireNonNull(earlier.get(word), () -> word + " stands behind " + words[0]);
        ancestors.add(word);
        ancestors.addAll(parent.ancestors());
        features.addAll(parent.features());
      } else if (mark == '+') {
        features.add(word);
      } else if (word.startsWith("0x")) {
        part = word;
      } else {
        generation = Integer.parseInt(word);
      }
    }
    return new MicroArchitecture(
        words[0], vendor, Set.copyOf(ancestors), generation, part, Processor.withImplied(features));
  }
}
