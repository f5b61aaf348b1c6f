package io.jconda.core.config;

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
}
