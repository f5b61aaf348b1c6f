package io.jconda.core.repodata;

import io.jconda.core.net.Response;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Is the JSON in the body of a whole index; refuses one that grows out of all proportion, which
 * only a body that was made to does.
 */
final class Unpacked extends FilterInputStream {
  // real indexes grow to ten or twenty times their size
  private static final int LARGEST_RATIO = 500;
  private static final long HARMLESS = 1L << 26;

  private final Counted packed;
  private long count;

  private Unpacked(InputStream json, Counted packed) {
    super(json);
    this.packed = packed;
  }

  /**
   * Decompresses a body as its form and its {@code Content-Encoding} say, while it is read.
   *
   * @param response an answer whose request, for the plain form, allowed gzip
   */
  static InputStream of(Response response, Variant variant) throws IOException {
    Counted packed = new Counted(response.body());
    boolean isGzip = response.header("Content-Encoding").orElse("").equalsIgnoreCase("gzip");
    InputStream body = isGzip ? new GZIPInputStream(packed, 1 << 16) : packed;
    return new Unpacked(variant.decode(body), packed);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    count += Math.max(0, read);
    if (count > HARMLESS && count / LARGEST_RATIO > packed.count) {
      throw new MalformedIndexException(
          "it unpacks to more than %d times its size".formatted(LARGEST_RATIO));
    }
    return read;
  }

  /** Counts what comes from the server. */
  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
