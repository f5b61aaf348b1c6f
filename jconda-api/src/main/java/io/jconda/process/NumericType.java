package io.jconda.process;

import java.util.Locale;

/** Names the types of the elements of a {@link NumericArray}, as NumPy does. */
public enum NumericType {
  /** True or false, one byte of 1 or 0. */
  BOOL(1),
  /** An integer of 8 bits. */
  INT8(1),
  /** An integer of 16 bits. */
  INT16(2),
  /** An integer of 32 bits. */
  INT32(4),
  /** An integer of 64 bits. */
  INT64(8),
  /** An integer of 8 bits without a sign. */
  UINT8(1),
  /** An integer of 16 bits without a sign. */
  UINT16(2),
  /** An integer of 32 bits without a sign. */
  UINT32(4),
  /** An integer of 64 bits without a sign. */
  UINT64(8),
  /** A binary number of half precision. */
  FLOAT16(2),
  /** A number like Java's {@code float}. */
  FLOAT32(4),
  /** A number like Java's {@code double}. */
  FLOAT64(8),
  /** Two of {@link #FLOAT32}: the real part and the imaginary part. */
  COMPLEX64(8),
  /** Two of {@link #FLOAT64}: the real part and the imaginary part. */
  COMPLEX128(16);

  private final int bytes;

  NumericType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns how many bytes an element takes. */
  public int bytes() {
    return bytes;
  }

  /** Returns NumPy's name for it, such as {@code float64}. */
  public String numpyName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a type by NumPy's name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static NumericType of(String numpyName) {
    return valueOf(numpyName.toUpperCase(Locale.ROOT));
  }
}
