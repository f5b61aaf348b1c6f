package io.jconda.core.net;

import io.jconda.CondaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the authorities that the operating system trusts, as {@code ssl_verify: truststore} does.
 */
final class SystemTrust {
  private static final Logger LOG = LoggerFactory.getLogger(SystemTrust.class);

  /** Where Linux distributions and BSDs keep their bundle (Go: crypto/x509/root_linux.go). */
  private static final List<Path> BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private SystemTrust() {}

  static KeyStore load() throws GeneralSecurityException, IOException {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return stores("Windows-ROOT");
    }
    if (system.startsWith("mac")) {
      // the roots that Apple ships can be read from JDK 23 on; the other holds what users added
      return stores("KeychainStore-ROOT", "KeychainStore");
    }
    for (Path bundle : BUNDLES) {
      if (Files.isReadable(bundle)) {
        return Tls.bundle(bundle);
      }
    }
    throw new CondaException(
        "The operating system's certificate authorities are not where they usually are.",
        "Name their PEM file with ssl_verify instead of 'truststore'.");
  }

  private static KeyStore stores(String... types) throws GeneralSecurityException, IOException {
    KeyStore all = Tls.emptyStore();
    int count = 0;
    for (X509Certificate certificate : ofJvm()) {
      all.setCertificateEntry("ca-" + count++, certificate);
    }
    int before = count;
    for (String type : types) {
      KeyStore store;
      try {
        store = KeyStore.getInstance(type);
      } catch (KeyStoreException e) {
        LOG.debug("This JVM has no key store {}.", type, e);
        continue;
      }
      store.load(null, null);
      for (String alias : Collections.list(store.aliases())) {
        Certificate certificate = store.getCertificate(alias);
        if (certificate != null) {
          all.setCertificateEntry("ca-" + count++, certificate);
        }
      }
    }
    if (count == before) {
      throw new CondaException(
          "The operating system shows this JVM no certificate authorities.",
          "Name a PEM file with ssl_verify instead of 'truststore'.");
    }
    return all;
  }

  /** Returns the JVM's own authorities: a JVM may see only a part of the system's. */
  private static List<X509Certificate> ofJvm() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager trust) {
        return List.of(trust.getAcceptedIssuers());
      }
    }
    return List.of();
  }
}
