package io.jconda.core.net;

import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Is a body whose failures name the URL, and which stops when the operation is cancelled. */
final class Body extends FilterInputStream {
  private static final Logger LOG = LoggerFactory.getLogger(Body.class);

  private final URI uri;
  private final CancellationToken token;
  private long count;

  Body(InputStream in, URI uri, CancellationToken token) {
    super(in);
    this.uri = uri;
    this.token = token;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    token.throwIfCancelled();
    try {
      int read = super.read(buffer, offset, length);
      count += Math.max(0, read);
      return read;
    } catch (IOException e) {
      throw explain(e);
    }
  }

  @Override
  public long skip(long wanted) throws IOException {
    token.throwIfCancelled();
    try {
      long skipped = super.skip(wanted);
      count += skipped;
      return skipped;
    } catch (IOException e) {
      throw explain(e);
    }
  }

  /**
   * Turns a failure into one that names the URL.
   *
   * @throws OperationCancelledException if the failure is how a cancelled call ends
   */
  private IOException explain(IOException e) {
    Interrupts.check(token);
    return new IOException(
        "%s broke off after %d bytes: %s".formatted(Redacted.url(uri), count, e.getMessage()), e);
  }

  /** Closes what was only read: a failure to do so changes nothing for anybody. */
  static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      LOG.debug("A body could not be closed.", e);
    }
  }
}
