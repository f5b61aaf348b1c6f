package io.jconda.spec;

import io.jconda.InvalidSpecException;
import java.util.Arrays;

/** Reads one version literal by CEP-33 and conda's {@code models/version.py}, in one pass. */
final class VersionParser {
  private static final String[] NO_WORDS = {};
  private static final int MOST_DIGITS_OF_A_LONG = 18;
  private static final String FORM =
      "Write digits and letters with '.' or '_' between the parts, such as 1.2.3, 1!2.0 or 1.0+local.";

  private final String whole;
  private final int from;
  private final int to;

  private long[] atoms = new long[6];
  private int atomCount;
  private int[] ends = new int[4];
  private int partCount;
  private String[] words = NO_WORDS;
  private int wordCount;

  VersionParser(String whole, int from, int to) {
    this.whole = whole;
    int start = from;
    int end = to;
    while (start < end && Character.isWhitespace(whole.charAt(start))) {
      start++;
    }
    while (end > start && Character.isWhitespace(whole.charAt(end - 1))) {
      end--;
    }
    this.from = start;
    this.to = end;
  }

  Version parse() {
    if (from == to) {
      throw invalid(from, "a version is expected, and there is none");
    }
    int bang = -1;
    int plus = -1;
    int dash = -1;
    boolean underscore = false;
    for (int i = from; i < to; i++) {
      char c = whole.charAt(i);
      switch (c) {
        case '!' -> {
          if (bang >= 0) {
            throw invalid(i, "a second '!', and only one epoch can be");
          }
          if (plus >= 0) {
            throw invalid(i, "the epoch's '!' must stand before the '+'");
          }
          bang = i;
        }
        case '+' -> {
          if (plus >= 0) {
            throw invalid(i, "a second '+', and only one local version can be");
          }
          plus = i;
        }
        case '-' -> dash = dash < 0 ? i : dash;
        case '_' -> underscore = true;
        default -> {
          if (!isDigit(c) && !isLetter(c) && c != '.' && c != '*') {
            throw invalid(i, "a version cannot have the character '" + c + "'");
          }
        }
      }
    }
    if (dash >= 0 && underscore) {
      throw invalid(dash, "a version cannot have both '-' and '_'");
    }
    long epoch = bang < 0 ? 0 : epoch(bang);
    int start = bang + 1 > from ? bang + 1 : from;
    int publicEnd = plus < 0 ? to : plus;
    if (start == publicEnd) {
      throw invalid(start, "the version itself is missing here");
    }
    readSection(start, publicEnd, true);
    int publicParts = partCount;
    if (plus >= 0) {
      readSection(plus + 1, to, false);
    }
    return new Version(
        whole.substring(from, to),
        epoch,
        Arrays.copyOf(atoms, atomCount),
        Arrays.copyOf(ends, partCount),
        publicParts,
        wordCount == words.length ? words : Arrays.copyOf(words, wordCount));
  }

  private long epoch(int bang) {
    if (bang == from) {
      throw invalid(bang, "the epoch before '!' is missing");
    }
    for (int i = from; i < bang; i++) {
      if (!isDigit(whole.charAt(i))) {
        throw invalid(i, "the epoch before '!' must be a whole number");
      }
    }
    if (bang - from > MOST_DIGITS_OF_A_LONG) {
      throw invalid(from, "the epoch is too large");
    }
    return Long.parseLong(whole, from, bang, 10);
  }

  /** Reads the parts of the public or of the local version. */
  private void readSection(int start, int end, boolean underscoreMayEnd) {
    // conda's way with versions like openssl's: an underscore at the very end belongs to the part
    int separatorsEnd =
        underscoreMayEnd && end - start > 1 && isUnderscore(whole.charAt(end - 1)) ? end - 1 : end;
    int partStart = start;
    for (int i = start; i <= end; i++) {
      if (i == end || (i < separatorsEnd && isSeparator(whole.charAt(i)))) {
        if (i == partStart || (partStart == separatorsEnd && separatorsEnd < end)) {
          throw invalid(partStart, "a part of the version is empty");
        }
        readPart(partStart, i);
        partStart = i + 1;
      }
    }
  }

  private void readPart(int start, int end) {
    if (!isDigit(whole.charAt(start))) {
      // numbers and words keep in step: 1.a1 is 1.0a1
      addAtom(0);
    }
    int i = start;
    while (i < end) {
      int runStart = i;
      int kind = kind(whole.charAt(i));
      while (i < end && kind(whole.charAt(i)) == kind) {
        i++;
      }
      addAtom(kind == 0 ? number(runStart, i) : word(runStart, i));
    }
    if (partCount == ends.length) {
      ends = Arrays.copyOf(ends, partCount * 2);
    }
    ends[partCount++] = atomCount;
  }

  private static int kind(char c) {
    return isDigit(c) ? 0 : c == '*' ? 1 : 2;
  }

  private long number(int start, int end) {
    int first = start;
    while (first < end - 1 && whole.charAt(first) == '0') {
      first++;
    }
    if (end - first <= MOST_DIGITS_OF_A_LONG) {
      return Long.parseLong(whole, first, end, 10);
    }
    return Version.BIG + addWord(whole.substring(first, end));
  }

  private long word(int start, int end) {
    char[] word = new char[end - start];
    for (int i = start; i < end; i++) {
      char c = whole.charAt(i);
      word[i - start] = c == '-' ? '_' : c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
    }
    String text = new String(word);
    if (text.equals("post")) {
      return Version.POST;
    }
    // In upper case it falls between '*' and '_' in the order of characters, as it should.
    return -1 - addWord(text.equals("dev") ? "DEV" : text);
  }

  private long addWord(String word) {
    if (wordCount == words.length) {
      words = Arrays.copyOf(words, Math.max(1, wordCount * 2));
    }
    words[wordCount] = word;
    return wordCount++;
  }

  private void addAtom(long atom) {
    if (atomCount == atoms.length) {
      atoms = Arrays.copyOf(atoms, atomCount * 2);
    }
    atoms[atomCount++] = atom;
  }

  private static boolean isSeparator(char c) {
    return c == '.' || isUnderscore(c);
  }

  private static boolean isUnderscore(char c) {
    return c == '_' || c == '-';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private InvalidSpecException invalid(int position, String problem) {
    return new InvalidSpecException(whole, position, problem, FORM);
  }
}
