package io.jconda.core.net;

import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Says whom to trust over https, and who one is.
 *
 * @param verify whether certificates and host names are checked at all
 * @param systemTrust whether the operating system's authorities count instead of the JVM's
 * @param caBundle a PEM file with the authorities that count instead of the JVM's, or a folder of
 *     such files
 * @param clientCertificate a PEM file with one's own certificate, and those between it and an
 *     authority
 * @param clientKey a PEM file with the certificate's key; without it the key stands with the
 *     certificate
 * @param context decides all of that itself, if it is there
 */
public record TlsOptions(
    boolean verify,
    boolean systemTrust,
    Optional<Path> caBundle,
    Optional<Path> clientCertificate,
    Optional<Path> clientKey,
    Optional<SSLContext> context) {
  /** What the JVM itself does. */
  public static final TlsOptions JVM =
      new TlsOptions(
          true, false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Returns these options with a context that decides all of it. */
  public TlsOptions withContext(SSLContext newContext) {
    return new TlsOptions(
        verify, systemTrust, caBundle, clientCertificate, clientKey, Optional.of(newContext));
  }

  /** Returns these options with authorities of one's own. */
  public TlsOptions withCaBundle(Path file) {
    return new TlsOptions(
        verify, systemTrust, Optional.of(file), clientCertificate, clientKey, context);
  }

  /** Returns these options with a certificate of one's own; its key may be in the same file. */
  public TlsOptions withClient(Path certificate, Path key) {
    return new TlsOptions(
        verify, systemTrust, caBundle, Optional.of(certificate), Optional.of(key), context);
  }

  /** Returns these options with or without checks. */
  public TlsOptions withVerify(boolean newVerify) {
    return new TlsOptions(newVerify, systemTrust, caBundle, clientCertificate, clientKey, context);
  }

  /** Returns these options with the authorities of the operating system or the JVM. */
  public TlsOptions withSystemTrust(boolean trust) {
    return new TlsOptions(verify, trust, caBundle, clientCertificate, clientKey, context);
  }
}
