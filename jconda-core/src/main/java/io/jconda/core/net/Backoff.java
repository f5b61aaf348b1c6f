package io.jconda.core.net;

import java.io.IOException;
import java.net.UnknownServiceException;
import java.nio.file.FileSystemException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether and when a request is worth repeating. */
final class Backoff {
  private static final Logger LOG = LoggerFactory.getLogger(Backoff.class);
  private static final int HIGHEST_DOUBLING = 16;

  private Backoff() {}

  /** Returns the wait before the repetition of a number from 1 on: doubled each time, jittered. */
  static Duration before(int repetition, NetworkSettings settings) {
    double jitter = ThreadLocalRandom.current().nextDouble(0.5, 1.5);
    double factor = Math.pow(2, Math.min(repetition - 1, HIGHEST_DOUBLING)) * jitter;
    Duration wait = Duration.ofMillis((long) (settings.backOff().toMillis() * factor));
    return shorter(wait, settings.longestWait());
  }

  /** Returns the wait that a server asks for with {@code Retry-After} (RFC 9110), else the own. */
  static Duration asked(Response response, Duration own, NetworkSettings settings) {
    return response
        .header("Retry-After")
        .map(text -> shorter(longer(parse(text.strip()), own), settings.longestWait()))
        .orElse(own);
  }

  private static Duration parse(String text) {
    try {
      return text.chars().allMatch(c -> c >= '0' && c <= '9')
          ? Duration.ofSeconds(Long.parseLong(text))
          : Duration.between(
              Instant.now(),
              ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      LOG.debug("A server's Retry-After cannot be read.", e);
      return Duration.ZERO;
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  static boolean isWorthRepeating(int status) {
    return status == 408 || status == 429 || (status >= 500 && status != 501 && status != 505);
  }

  /** A wrong certificate, a redirect loop or a file that may not be read stays what it is. */
  static boolean isWorthRepeating(IOException failure) {
    return !(failure instanceof Transport.RefusedException
        || failure instanceof SSLHandshakeException
        || failure instanceof SSLPeerUnverifiedException
        || failure instanceof UnknownServiceException
        || failure instanceof FileSystemException);
  }
}
