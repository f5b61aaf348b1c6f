package io.jconda.spec;

import io.jconda.InvalidSpecException;

/** A piece of a text that is being read, which knows the whole for the sake of error messages. */
record Piece(String whole, int from, int to) {
  static Piece of(String text) {
    return new Piece(text, 0, text.length()).stripped();
  }

  String text() {
    return whole.substring(from, to);
  }

  boolean isEmpty() {
    return from == to;
  }

  Piece stripped() {
    int start = from;
    int end = to;
    while (start < end && Character.isWhitespace(whole.charAt(start))) {
      start++;
    }
    while (end > start && Character.isWhitespace(whole.charAt(end - 1))) {
      end--;
    }
    return new Piece(whole, start, end);
  }

  /** Makes the error for the character at an offset from the piece's beginning. */
  InvalidSpecException invalid(int offset, String problem, String remedy) {
    return new InvalidSpecException(whole, from + offset, problem, remedy);
  }
}
