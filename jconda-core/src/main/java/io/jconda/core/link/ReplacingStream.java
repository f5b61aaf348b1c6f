package io.jconda.core.link;

import io.jconda.core.util.ByteSearch;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Passes bytes on with each occurrence of some of them replaced, wherever the pieces end in which
 * they come. Closing it passes the rest on, and leaves the stream behind it open.
 */
final class ReplacingStream extends FilterOutputStream {
  private final ByteSearch search;
  private final byte[] replacement;
  private byte[] kept = new byte[0];

  ReplacingStream(OutputStream out, ByteSearch search, byte[] replacement) {
    super(out);
    this.search = search;
    this.replacement = replacement;
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    byte[] data = Arrays.copyOf(kept, kept.length + length);
    System.arraycopy(bytes, offset, data, kept.length, length);
    int done = 0;
    for (int at = search.in(data, 0); at >= 0; at = search.in(data, done)) {
      out.write(data, done, at - done);
      out.write(replacement);
      done = at + search.length();
    }
    // the beginning of an occurrence may be the end of what there is
    int keep = Math.min(data.length - done, search.length() - 1);
    out.write(data, done, data.length - done - keep);
    kept = Arrays.copyOfRange(data, data.length - keep, data.length);
  }

  @Override
  public void close() throws IOException {
    out.write(kept);
    kept = new byte[0];
    if (out instanceof ReplacingStream next) {
      next.close();
    }
  }
}
