package io.jconda.core.util;

import java.io.IOException;
import java.io.InputStream;

/** Is a stream that is read piece by piece; a single byte is a piece of one. */
public abstract class PieceStream extends InputStream {
  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] buffer, int offset, int length) throws IOException;
}
