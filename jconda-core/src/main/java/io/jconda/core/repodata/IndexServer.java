package io.jconda.core.repodata;

import com.github.luben.zstd.ZstdIOException;
import io.jconda.ChannelException;
import io.jconda.core.net.Network;
import io.jconda.core.net.Redacted;
import io.jconda.core.net.Refusal;
import io.jconda.core.net.Response;
import io.jconda.core.util.OperationContext;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for files of one subdir, anew where a body broke off or is not what it should be; what fails
 * in the end names the channel and the URL.
 */
final class IndexServer {
  private static final Logger LOG = LoggerFactory.getLogger(IndexServer.class);

  private final Subdir subdir;
  private final Network network;
  private final OperationContext context;

  IndexServer(Subdir subdir, Network network, OperationContext context) {
    this.subdir = subdir;
    this.network = network;
    this.context = context;
  }

  /** Makes something of an answer of any status; whoever asked closes it. */
  interface Reading<T> {
    T of(Response response) throws IOException;
  }

  /**
   * Asks, and blocks until the answer is read.
   *
   * @throws ChannelException if there is no answer, or none that the reading takes
   */
  <T> T ask(URI url, Map<String, String> headers, Reading<T> reading) {
    for (int attempt = 0; ; attempt++) {
      boolean ofMirror = false;
      try (Response response = request(url, headers)) {
        try {
          return reading.of(response);
        } catch (MalformedIndexException | ZstdIOException | WrongHashException e) {
          ofMirror = response.reject(String.valueOf(e.getMessage()));
          throw e;
        }
      } catch (StatusException e) {
        throw named(Refusal.ofStatus(url, e.status));
      } catch (IOException e) {
        if (!(ofMirror || mayPass(e)) || attempt >= network.settings().retries()) {
          throw explained(url, e);
        }
        LOG.debug("{} is asked for anew.", Redacted.url(url), e);
      }
    }
  }

  private Response request(URI url, Map<String, String> headers) {
    try {
      return network.exchange(url, headers, context);
    } catch (ChannelException e) {
      throw named(e);
    }
  }

  private ChannelException named(ChannelException e) {
    return new ChannelException(
        "Channel %s: %s".formatted(subdir.channel(), e.problem()), e.remedy(), e);
  }

  /** Tells whether asking anew may give something else. */
  private static boolean mayPass(IOException e) {
    return !(e instanceof MalformedIndexException || (e instanceof ZstdIOException && !isCut(e)));
  }

  private static boolean isCut(IOException e) {
    return e instanceof EOFException
        || (e instanceof ZstdIOException zstd && Zstandard.isCut(zstd));
  }

  private ChannelException explained(URI url, IOException e) {
    if (e instanceof WrongHashException) {
      return new ChannelException(
          "Channel %s: %s %s".formatted(subdir.channel(), Redacted.url(url), e.getMessage()),
          "Try again later; if it stays so, tell the owner of the channel.",
          e);
    }
    if (e instanceof MalformedIndexException || e instanceof ZstdIOException || isCut(e)) {
      return new ChannelException(
          "Channel %s: %s is no conda index: %s."
              .formatted(subdir.channel(), Redacted.url(url), e.getMessage()),
          "Check the channel's URL, and whether a proxy or a login page answers in its place.",
          e);
    }
    ChannelException refusal = Refusal.of(url, e);
    return new ChannelException(
        "Channel %s: %s".formatted(subdir.channel(), refusal.problem()), refusal.remedy(), e);
  }

  /** Says that an answer has a status that asking anew would not change. */
  static final class StatusException extends IOException {
    private final int status;

    StatusException(int status) {
      super("HTTP status " + status);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /** Says that a body is not the one that the index names. */
  static final class WrongHashException extends IOException {
    WrongHashException(String wanted, String found) {
      super("has the SHA-256 %s, but the index names %s.".formatted(found, wanted));
    }
  }
}
