package io.jconda.core.net;

import io.jconda.CondaException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sockets of https as {@link TlsOptions} say. Nothing of TLS is loaded, and no file read,
 * before the first URL that needs it. Thread-safe.
 */
final class Tls extends SSLSocketFactory {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
  private static final char[] NO_PASSWORD = new char[0];

  private final TlsOptions options;
  private final int handshakeMillis;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();
  private @Nullable SSLSocketFactory factory;

  Tls(TlsOptions options, Duration handshake) {
    this.options = options;
    this.handshakeMillis = (int) Math.min(Integer.MAX_VALUE, handshake.toMillis());
  }

  /**
   * Reads what it needs, once.
   *
   * @throws CondaException if a file cannot be used
   */
  synchronized SSLSocketFactory prepare() {
    SSLSocketFactory made = factory;
    if (made == null) {
      made = context().getSocketFactory();
      factory = made;
    }
    return made;
  }

  private SSLContext context() {
    if (options.context().isPresent()) {
      return options.context().get();
    }
    try {
      if (options.equals(TlsOptions.JVM)) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new CondaException(
          "TLS cannot be set up (%s).".formatted(e.getMessage()),
          "Check the trust store, ssl_verify and the client's certificate.",
          e);
    }
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
    if (options.clientCertificate().isEmpty()) {
      return null;
    }
    Path file = options.clientCertificate().get();
    List<X509Certificate> chain = Pem.read(file).certificates();
    if (chain.isEmpty()) {
      throw noCertificate(file);
    }
    PrivateKey key = Pem.read(options.clientKey().orElse(file)).privateKey();
    KeyStore store = emptyStore();
    store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
    if (!options.verify()) {
      return new TrustManager[] {new TrustAll()};
    }
    if (options.caBundle().isPresent()) {
      return managers(bundle(options.caBundle().get()));
    }
    return options.systemTrust() ? managers(SystemTrust.load()) : null;
  }

  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Reads the authorities of a file, or of all files in a folder. */
  static KeyStore bundle(Path bundle) throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    List<Path> files = List.of(bundle);
    if (Files.isDirectory(bundle)) {
      try (Stream<Path> inside = Files.list(bundle)) {
        files = inside.filter(Files::isRegularFile).sorted().toList();
      }
    }
    int count = 0;
    for (Path file : files) {
      for (X509Certificate certificate : Pem.read(file).certificates()) {
        store.setCertificateEntry("ca-" + count++, certificate);
      }
    }
    if (count == 0) {
      throw noCertificate(bundle);
    }
    return store;
  }

  private static CondaException noCertificate(Path file) {
    return new CondaException(
        "There is no certificate in %s.".formatted(file), "Give a PEM file with certificates.");
  }

  static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** Returns who checks that a certificate is for the host; empty for the usual check. */
  @Nullable HostnameVerifier verifier() {
    boolean open = !options.verify() && options.context().isEmpty();
    return open ? (host, session) -> warn(host) : null;
  }

  private boolean warn(String host) {
    if (warned.add(host)) {
      LOG.warn(
          "The certificate of {} is not checked: anybody in between can change what is installed."
              + " Give the CA's certificate with ssl_verify rather than false.",
          host);
    }
    return true;
  }

  /** Bounds how long the other side may be silent in the handshake; OkHttp sets its own after. */
  private Socket bounded(Socket socket) throws SocketException {
    socket.setSoTimeout(handshakeMillis);
    return socket;
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return bounded(prepare().createSocket(socket, host, port, autoClose));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return bounded(prepare().createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return bounded(prepare().createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return bounded(prepare().createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return bounded(prepare().createSocket(address, port, localAddress, localPort));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return prepare().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return prepare().getSupportedCipherSuites();
  }

  /**
   * Trusts everybody: for {@code ssl_verify: false}, and as what OkHttp is told, which needs a
   * manager only for pins, of which there are none.
   */
  static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
