package io.jconda.core.net;

import io.jconda.ChannelException;
import io.jconda.CondaException;
import io.jconda.OfflineException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import javax.net.ssl.SSLException;

/** Says in sentences why a URL gave nothing, and what to do about it. */
public final class Refusal {
  private Refusal() {}

  /**
   * Explains a status that is no success.
   *
   * @param uri what was asked for; shown without secrets
   * @param status the HTTP status
   */
  public static ChannelException ofStatus(URI uri, int status) {
    return new ChannelException(
        "%s was answered with HTTP status %d.".formatted(Redacted.url(uri), status),
        remedy(status));
  }

  /**
   * Explains why no mirror of a channel gave anything: as the last one did.
   *
   * @param uri what was asked for; shown without secrets
   * @param last what happened at the last mirror
   */
  static CondaException ofMirror(URI uri, CondaException last) {
    if (last instanceof OfflineException) {
      return last;
    }
    return new ChannelException(
        "No mirror gave %s; the last that was asked: %s"
            .formatted(Redacted.url(uri), last.problem()),
        "Check mirrored_channels. " + last.remedy(),
        last);
  }

  private static String remedy(int status) {
    return switch (status) {
      case 401, 403 ->
          "Check that the channel exists and that its user, password or token is right.";
      case 404, 410 -> "Check the channel's name and URL.";
      case 407 -> "Give the JVM the credentials of the proxy (java.net.Authenticator).";
      case 429 -> "Ask less often, try again later, or use a mirror.";
      default ->
          status >= 500
              ? "Try again later, or use a mirror of the channel."
              : "Check the channel's URL, and what stands between you and its server.";
    };
  }

  /**
   * Explains why there was no answer, or only a part of one.
   *
   * @param uri what was asked for; shown without secrets
   * @param cause what happened
   */
  public static ChannelException of(URI uri, IOException cause) {
    String url = Redacted.url(uri);
    if (cause instanceof UnknownHostException) {
      return new ChannelException(
          "%s cannot be reached: the host %s is not known.".formatted(url, uri.getHost()),
          "Check the channel's URL, the network connection and the proxy settings.",
          cause);
    }
    if (cause instanceof SocketTimeoutException) {
      return new ChannelException(
          "%s cannot be reached: the server was silent for too long.".formatted(url),
          "Check the network connection and the proxy settings, or try again later.",
          cause);
    }
    if (cause instanceof SSLException) {
      return new ChannelException(
          "%s cannot be reached safely (%s).".formatted(url, cause.getMessage()),
          "If the server's certificate is your organisation's own, name its authority's PEM file"
              + " with ssl_verify, or add it to the JVM's trust store (javax.net.ssl.trustStore).",
          cause);
    }
    if (cause instanceof ProtocolException) {
      return new ChannelException(
          "%s cannot be fetched: what the server answers is no HTTP.".formatted(url),
          "Check the channel's URL and what stands between you and its server.",
          cause);
    }
    if (cause instanceof AccessDeniedException) {
      return new ChannelException(
          "%s may not be read.".formatted(url), "Check its owner and permissions.", cause);
    }
    if (cause instanceof FileSystemException) {
      return new ChannelException(
          "%s cannot be read (%s).".formatted(url, cause.getMessage()),
          "Check that the folder is healthy.",
          cause);
    }
    return new ChannelException(
        "%s cannot be fetched (%s).".formatted(url, cause.getMessage()),
        "Check the channel's URL, the network connection and the proxy settings.",
        cause);
  }
}
