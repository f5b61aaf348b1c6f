package io.jconda.core.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Is a certificate authority that lives for one test (RFC 5280). */
final class TestCertificates {
  static final String PASSWORD = "password";

  private static final AtomicInteger SERIAL = new AtomicInteger();
  private static final byte[] SHA256_WITH_RSA =
      HexFormat.of().parseHex("300d06092a864886f70d01010b0500");
  private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");
  private static final byte[] BASIC_CONSTRAINTS = HexFormat.of().parseHex("0603551d13");
  private static final byte[] ALTERNATIVE_NAMES = HexFormat.of().parseHex("0603551d11");
  private static final byte[] P256 = HexFormat.of().parseHex("06082a8648ce3d030107");

  private final KeyPair keys;
  private final X509Certificate authority;
  private final String name;

  TestCertificates(String name) throws GeneralSecurityException {
    this.name = name;
    this.keys = rsa();
    this.authority = certificate(name, keys, "", true);
  }

  /** A certificate with its key. */
  record Identity(X509Certificate certificate, PrivateKey key) {
    /** Writes a key store, with others to trust beside. */
    Path keyStore(Path file, X509Certificate... trusted)
        throws GeneralSecurityException, IOException {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("me", key, PASSWORD.toCharArray(), new X509Certificate[] {certificate});
      for (X509Certificate other : trusted) {
        store.setCertificateEntry("ca" + SERIAL.incrementAndGet(), other);
      }
      try (OutputStream out = Files.newOutputStream(file)) {
        store.store(out, PASSWORD.toCharArray());
      }
      return file;
    }
  }

  X509Certificate authority() {
    return authority;
  }

  /** Makes a certificate for a host, or for somebody who is none. */
  Identity issue(String subject, String host) throws GeneralSecurityException {
    KeyPair pair = rsa();
    return new Identity(certificate(subject, pair, host, false), pair.getPrivate());
  }

  /** Makes a certificate with a key on a curve. */
  Identity issueOnCurve(String subject) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    return new Identity(certificate(subject, pair, "", false), pair.getPrivate());
  }

  private static KeyPair rsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private X509Certificate certificate(String subject, KeyPair pair, String host, boolean ca)
      throws GeneralSecurityException {
    Instant now = Instant.now();
    byte[] constraints =
        extension(
            BASIC_CONSTRAINTS, sequence(ca ? HexFormat.of().parseHex("0101ff") : new byte[0]));
    byte[] names =
        host.isEmpty()
            ? new byte[0]
            : extension(
                ALTERNATIVE_NAMES,
                sequence(element(0x82, host.getBytes(StandardCharsets.US_ASCII))));
    byte[] toSign =
        sequence(
            element(0xa0, element(0x02, new byte[] {2})),
            element(0x02, BigInteger.valueOf(1000 + SERIAL.incrementAndGet()).toByteArray()),
            SHA256_WITH_RSA,
            distinguished(name),
            sequence(time(now.minusSeconds(3600)), time(now.plusSeconds(86_400))),
            distinguished(subject),
            pair.getPublic().getEncoded(),
            element(0xa3, sequence(constraints, names)));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(toSign);
    byte[] signed = join(new byte[] {0}, signature.sign());
    byte[] whole = sequence(toSign, SHA256_WITH_RSA, element(0x03, signed));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new java.io.ByteArrayInputStream(whole));
  }

  private static byte[] distinguished(String name) {
    byte[] text = element(0x0c, name.getBytes(StandardCharsets.UTF_8));
    return sequence(element(0x31, sequence(COMMON_NAME, text)));
  }

  private static byte[] time(Instant instant) {
    String text =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(instant);
    return element(0x18, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] extension(byte[] id, byte[] value) {
    return sequence(id, element(0x04, value));
  }

  private static byte[] sequence(byte[]... parts) {
    return element(0x30, join(parts));
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Stream.of(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static byte[] element(int tag, byte[] content) {
    int n = content.length;
    byte[] length =
        n < 0x80
            ? new byte[] {(byte) n}
            : n < 0x100
                ? new byte[] {(byte) 0x81, (byte) n}
                : new byte[] {(byte) 0x82, (byte) (n >> 8), (byte) n};
    return join(new byte[] {(byte) tag}, length, content);
  }

  /** Returns certificates as PEM, with the talk around them that bundles have. */
  static String pem(X509Certificate... certificates) throws GeneralSecurityException {
    StringBuilder text = new StringBuilder("# a bundle\n");
    for (X509Certificate certificate : certificates) {
      text.append("subject=").append(certificate.getSubjectX500Principal()).append('\n');
      text.append(block("CERTIFICATE", certificate.getEncoded()));
    }
    return text.toString();
  }

  /** Returns a key as PKCS#8. */
  static String pem(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /** Returns a key in the form that is older than PKCS#8: PKCS#1, or RFC 5915 for a curve. */
  static String oldPem(PrivateKey key) {
    byte[] inner = inner(key.getEncoded());
    if (key.getAlgorithm().equals("RSA")) {
      return block("RSA PRIVATE KEY", inner);
    }
    // the JDK leaves the curve out, which stands in PKCS#8's algorithm; openssl writes it
    List<byte[]> parts = List.of(contentOf(inner), element(0xa0, P256));
    return block("EC PRIVATE KEY", sequence(parts.toArray(byte[][]::new)));
  }

  /** Returns what PKCS#8 wraps: the last element of version, algorithm and key. */
  private static byte[] inner(byte[] pkcs8) {
    byte[] content = contentOf(pkcs8);
    int at = 0;
    for (int skipped = 0; skipped < 2; skipped++) {
      byte[] rest = Arrays.copyOfRange(content, at, content.length);
      at += headOf(rest) + contentOf(rest).length;
    }
    return contentOf(Arrays.copyOfRange(content, at, content.length));
  }

  private static int headOf(byte[] element) {
    int first = element[1] & 0xff;
    return first < 0x80 ? 2 : 2 + (first & 0x7f);
  }

  private static byte[] contentOf(byte[] element) {
    int head = headOf(element);
    int length =
        head == 2
            ? element[1]
            : new BigInteger(1, Arrays.copyOfRange(element, 2, head)).intValueExact();
    return Arrays.copyOfRange(element, head, head + length);
  }

  static String block(String kind, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), kind);
  }
}
