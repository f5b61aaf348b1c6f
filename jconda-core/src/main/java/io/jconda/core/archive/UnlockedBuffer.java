package io.jconda.core.archive;

import java.io.IOException;
import java.io.InputStream;

/**
 * Buffers a stream for one thread, without the lock that {@link java.io.BufferedInputStream} takes
 * for each read.
 */
final class UnlockedBuffer extends InputStream {
  private final InputStream in;
  private final byte[] buffer;
  private int at;
  private int end;

  UnlockedBuffer(InputStream in, int size) {
    this.in = in;
    this.buffer = new byte[size];
  }

  @Override
  public int read() throws IOException {
    return at < end || fill() ? buffer[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at == end && length >= buffer.length) {
      return in.read(target, offset, length);
    }
    if (at == end && !fill()) {
      return -1;
    }
    int count = Math.min(length, end - at);
    System.arraycopy(buffer, at, target, offset, count);
    at += count;
    return count;
  }

  private boolean fill() throws IOException {
    int got = in.read(buffer, 0, buffer.length);
    at = 0;
    end = Math.max(0, got);
    return got > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
