package io.jconda.core.net;

import io.jconda.OperationCancelledException;
import io.jconda.core.util.CancellationToken;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is a body whose failures name the URL, which stops when the operation is cancelled, and which
 * breaks off when it comes too slowly.
 */
final class Body extends FilterInputStream {
  private static final Logger LOG = LoggerFactory.getLogger(Body.class);

  private final URI uri;
  private final CancellationToken token;
  private final Speed speed;
  private long count;

  Body(InputStream in, URI uri, CancellationToken token, Speed speed) {
    super(in);
    this.uri = uri;
    this.token = token;
    this.speed = speed;
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
      long since = speed.now();
      int read = super.read(buffer, offset, length);
      count += Math.max(0, read);
      if (read > 0 && !speed.isEnough(since, read)) {
        throw new IOException("it came slower than " + speed);
      }
      return read;
    } catch (IOException e) {
      throw explain(e);
    }
  }

  @Override
  public long skip(long wanted) throws IOException {
    byte[] buffer = new byte[(int) Math.min(8192, Math.max(0, wanted))];
    return buffer.length == 0 ? 0 : Math.max(0, read(buffer, 0, buffer.length));
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
