package io.jconda.core.cache;

import io.jconda.core.net.Network;
import io.jconda.core.net.Response;
import io.jconda.core.util.OperationContext;
import io.jconda.core.util.PieceStream;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is the body of an archive that goes on where it broke off (RFC 9110, section 14).
 *
 * <p>The rest is asked for with {@code If-Range}, so that a server whose archive has changed sends
 * all of it. Where the record has a hash, that decides in the end whether the pieces fit; then a
 * server without ranges, or without a validator, does as well: what has been read is skipped. Where
 * there is neither, the failure is passed on, for whoever reads to begin anew. For one thread.
 */
final class ResumingBody extends PieceStream {
  private static final Logger LOG = LoggerFactory.getLogger(ResumingBody.class);
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)", Pattern.CASE_INSENSITIVE);
  private static final int OK = 200;
  private static final int PARTIAL = 206;

  private final Network network;
  private final URI uri;
  private final boolean hashed;
  private final Patience patience;
  private final OperationContext context;
  private final long length;
  private final Optional<String> validator;
  private Response response;
  private long position;

  /**
   * Goes on with an answer.
   *
   * @param first the answer to the first request, of status 200; closed with this
   * @param hashed whether a hash tells in the end if all is well
   */
  ResumingBody(
      Network network,
      URI uri,
      Response first,
      boolean hashed,
      Patience patience,
      OperationContext context) {
    this.network = network;
    this.uri = uri;
    this.hashed = hashed;
    this.patience = patience;
    this.context = context;
    this.response = first;
    this.length = first.contentLength();
    this.validator = validator(first);
  }

  /** A weak tag is none for a range (RFC 9110, section 13.1.5). */
  private static Optional<String> validator(Response response) {
    Optional<String> tag = response.header("ETag");
    boolean strong = tag.isPresent() && !tag.get().startsWith("W/");
    return strong ? tag : response.header("Last-Modified");
  }

  @Override
  public int read(byte[] buffer, int offset, int wanted) throws IOException {
    while (true) {
      try {
        int got = response.body().read(buffer, offset, wanted);
        position += Math.max(0, got);
        return got;
      } catch (IOException e) {
        resume(e);
      }
    }
  }

  /** Asks for the rest, or throws the failure if that is of no use. */
  private void resume(IOException failure) throws IOException {
    while (true) {
      patience.broke(position);
      response.close();
      if (patience.isAtEnd() || (!hashed && validator.isEmpty())) {
        throw failure;
      }
      LOG.debug("{} broke off after {} bytes; asking for the rest", uri.getPath(), position);
      Map<String, String> headers = new HashMap<>();
      if (position > 0) {
        headers.put("Range", "bytes=" + position + "-");
        validator.ifPresent(value -> headers.put("If-Range", value));
      }
      response = network.exchange(uri, headers, context);
      if (response.status() == PARTIAL && continues(response)) {
        return;
      }
      if (response.status() != OK || !(hashed || isSame(response))) {
        response.close();
        throw failure;
      }
      try {
        response.body().skipNBytes(position);
        return;
      } catch (IOException e) {
        e.addSuppressed(failure);
        failure = e;
      }
    }
  }

  private boolean isSame(Response whole) {
    return whole.contentLength() == length
        && validator.isPresent()
        && validator.equals(validator(whole));
  }

  private boolean continues(Response part) {
    Matcher range = CONTENT_RANGE.matcher(part.header("Content-Range").orElse(""));
    return range.matches()
        && range.group(1).equals(Long.toString(position))
        && (length < 0 || range.group(2).equals("*") || range.group(2).equals("" + length));
  }

  /** Says that what came is not the archive, so that a repetition asks another mirror. */
  void reject(String why) {
    response.reject(why);
  }

  @Override
  public void close() {
    response.close();
  }
}
