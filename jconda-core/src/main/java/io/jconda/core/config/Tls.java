package io.jconda.core.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says how a server is believed, and how the client shows who it is.
 *
 * @param verify whether a server's certificate must be signed by somebody trusted
 * @param systemStore whether the machine's own trust store counts ({@code ssl_verify: truststore})
 * @param caBundle a file of trusted certificates in PEM, or a folder of them, in the place of the
 *     JVM's
 * @param clientCertificate the client's certificate in PEM, with its key unless {@code clientKey}
 *     holds that
 * @param clientKey the client's key in PEM
 */
public record Tls(
    boolean verify,
    boolean systemStore,
    Optional<Path> caBundle,
    Optional<Path> clientCertificate,
    Optional<Path> clientKey) {
  /** What counts where nothing is said: the JVM's trust store, and no certificate of one's own. */
  public static final Tls DEFAULT =
      new Tls(true, false, Optional.empty(), Optional.empty(), Optional.empty());

  /** Reads {@code ssl_verify} and the client's certificate (conda: {@code base/context.py}). */
  static Tls of(Values values, Surroundings surroundings) {
    Optional<Path> certificate = values.path(Key.CLIENT_SSL_CERT, surroundings);
    Optional<Path> key = values.path(Key.CLIENT_SSL_CERT_KEY, surroundings);
    if (key.isPresent() && certificate.isEmpty()) {
      throw values.unfit(
          Key.CLIENT_SSL_CERT_KEY, "It is the key of a certificate: set client_ssl_cert too.");
    }
    String text = values.text(Key.SSL_VERIFY).orElse("true").strip();
    Optional<Boolean> truth = Values.truth(text);
    if (truth.isPresent() || text.equals("truststore")) {
      boolean verify = truth.orElse(true);
      return new Tls(verify, truth.isEmpty(), Optional.empty(), certificate, key);
    }
    Optional<Path> bundle = values.path(Key.SSL_VERIFY, surroundings).filter(Files::exists);
    if (bundle.isEmpty()) {
      throw values.unfit(
          Key.SSL_VERIFY,
          "Write true, false, 'truststore', or the path of a file or folder of certificates that exists.");
    }
    return new Tls(true, false, bundle, certificate, key);
  }
}
