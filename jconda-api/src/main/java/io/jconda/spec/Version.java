package io.jconda.spec;

import java.util.Optional;

/**
 * A version of a package, as conda reads and orders it (CEP-33; conda: {@code models/version.py}).
 *
 * <p>A version is an optional epoch ({@code 1!}), parts that dots or underscores separate, and an
 * optional local version ({@code +1}). A part is a chain of numbers and words; {@code dev} is lower
 * than any other word, a word is lower than any number, {@code post} is higher than any number, and
 * what is missing counts as 0. So {@code 1.1a1 < 1.1.0dev1 < 1.1.0rc1 < 1.1 == 1.1.0 < 1.1.post1}.
 *
 * <p>Two versions with different texts can be equal ({@code 1.0} and {@code 1.00}); {@link
 * #equals(Object)} and {@link #hashCode()} follow the order. Use {@link #toString()} to tell texts
 * apart. Immutable, no I/O.
 */
public final class Version implements Comparable<Version> {
  /** Stands for {@code post}, which is above every number. */
  static final long POST = Long.MAX_VALUE;

  /** Numbers from here up have too many digits for a long: index into {@link #words} plus this. */
  static final long BIG = 1_000_000_000_000_000_000L;

  private final String text;
  private final long epoch;

  /**
   * The numbers and words of all parts in a row: a number as it is, a word as {@code -1 - index}.
   */
  private final long[] atoms;

  /** For each part, where in {@link #atoms} it ends. */
  private final int[] ends;

  /** How many of the parts are before the plus sign. */
  private final int publicParts;

  private final String[] words;

  Version(String text, long epoch, long[] atoms, int[] ends, int publicParts, String[] words) {
    this.text = text;
    this.epoch = epoch;
    this.atoms = atoms;
    this.ends = ends;
    this.publicParts = publicParts;
    this.words = words;
  }

  /**
   * Reads a version.
   *
   * @param text the version; blanks around it are ignored, and so is case
   * @throws io.jconda.InvalidSpecException if it is none
   */
  public static Version parse(String text) {
    return new VersionParser(text, 0, text.length()).parse();
  }

  /** Reads a version that is a piece of a longer text, which errors then show as a whole. */
  static Version parse(String whole, int from, int to) {
    return new VersionParser(whole, from, to).parse();
  }

  /** Returns the number before the exclamation mark; 0 without one. */
  public long epoch() {
    return epoch;
  }

  /** Returns the text after the plus sign, if there is one. */
  public Optional<String> local() {
    int plus = text.indexOf('+');
    return plus < 0 ? Optional.empty() : Optional.of(text.substring(plus + 1));
  }

  /**
   * Tells whether this version begins with the parts of another, which is what {@code 1.2.*} asks.
   *
   * <p>All parts but the last must be equal; the last number must be equal, a last word need only
   * begin alike. If the prefix has a local part, the public parts must be equal and the local parts
   * are compared so (conda: {@code VersionOrder.startswith}).
   */
  boolean startsWith(Version prefix) {
    if (epoch != prefix.epoch) {
      return false;
    }
    if (prefix.ends.length > prefix.publicParts) {
      return compareParts(0, publicParts, prefix, 0, prefix.publicParts) == 0
          && startsWith(publicParts, ends.length, prefix, prefix.publicParts, prefix.ends.length);
    }
    return startsWith(0, publicParts, prefix, 0, prefix.publicParts);
  }

  private boolean startsWith(int from, int to, Version prefix, int prefixFrom, int prefixTo) {
    int whole = prefixTo - prefixFrom - 1;
    int wholeTo = Math.min(to, from + whole);
    if (compareParts(from, wholeTo, prefix, prefixFrom, prefixFrom + whole) != 0) {
      return false;
    }
    int part = from + whole;
    int start = part < to ? start(part) : 0;
    int length = part < to ? ends[part] - start : 0;
    int prefixStart = prefix.start(prefixTo - 1);
    int last = prefix.ends[prefixTo - 1] - prefixStart - 1;
    for (int i = 0; i < last; i++) {
      if (compareAtoms(i < length ? atoms[start + i] : 0, prefix, prefix.atoms[prefixStart + i])
          != 0) {
        return false;
      }
    }
    long mine = last < length ? atoms[start + last] : 0;
    long wanted = prefix.atoms[prefixStart + last];
    if (wanted < 0) {
      return mine < 0 && word(mine).startsWith(prefix.word(wanted));
    }
    return compareAtoms(mine, prefix, wanted) == 0;
  }

  private int start(int part) {
    return part == 0 ? 0 : ends[part - 1];
  }

  private String word(long atom) {
    return words[(int) (-1 - atom)];
  }

  /** Compares by conda's order of versions, a total order over what {@link #equals} tells apart. */
  @Override
  public int compareTo(Version other) {
    if (epoch != other.epoch) {
      return Long.compare(epoch, other.epoch);
    }
    int order = compareParts(0, publicParts, other, 0, other.publicParts);
    return order != 0
        ? order
        : compareParts(publicParts, ends.length, other, other.publicParts, other.ends.length);
  }

  private int compareParts(int from, int to, Version other, int otherFrom, int otherTo) {
    int count = Math.max(to - from, otherTo - otherFrom);
    for (int i = 0; i < count; i++) {
      int part = from + i;
      int otherPart = otherFrom + i;
      int start = part < to ? start(part) : 0;
      int length = part < to ? ends[part] - start : 0;
      int otherStart = otherPart < otherTo ? other.start(otherPart) : 0;
      int otherLength = otherPart < otherTo ? other.ends[otherPart] - otherStart : 0;
      for (int j = 0; j < length || j < otherLength; j++) {
        long mine = j < length ? atoms[start + j] : 0;
        long theirs = j < otherLength ? other.atoms[otherStart + j] : 0;
        int order = compareAtoms(mine, other, theirs);
        if (order != 0) {
          return order;
        }
      }
    }
    return 0;
  }

  private int compareAtoms(long mine, Version other, long theirs) {
    if (mine < 0 && theirs < 0) {
      return word(mine).compareTo(other.word(theirs));
    }
    if (isBig(mine) && isBig(theirs)) {
      String digits = words[(int) (mine - BIG)];
      String otherDigits = other.words[(int) (theirs - BIG)];
      return digits.length() != otherDigits.length()
          ? Integer.compare(digits.length(), otherDigits.length())
          : digits.compareTo(otherDigits);
    }
    return Long.compare(mine, theirs);
  }

  private static boolean isBig(long atom) {
    return atom >= BIG && atom != POST;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Version version && compareTo(version) == 0;
  }

  @Override
  public int hashCode() {
    // A sum over what is not 0, each with its place: what equality takes as missing adds nothing.
    int hash = Long.hashCode(epoch);
    int atom = 0;
    for (int part = 0; part < ends.length; part++) {
      int place = part < publicParts ? part * 31 : (part - publicParts) * 31 + 7919;
      for (int j = 0; atom < ends[part]; atom++, j++) {
        hash += (place + j + 1) * atomHash(atoms[atom]);
      }
    }
    return hash;
  }

  private int atomHash(long atom) {
    if (atom < 0) {
      return word(atom).hashCode();
    }
    return isBig(atom) ? words[(int) (atom - BIG)].hashCode() : Long.hashCode(atom);
  }

  /** Returns the text that it was read from, without the blanks around it. */
  @Override
  public String toString() {
    return text;
  }
}
