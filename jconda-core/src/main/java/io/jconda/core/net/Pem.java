package io.jconda.core.net;

import io.jconda.CondaException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys from PEM files (RFC 7468), whatever stands between them. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  // DER of INTEGER 0, and of the algorithms rsaEncryption and ecPublicKey
  private static final byte[] VERSION = HexFormat.of().parseHex("020100");
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC_OID = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xa0;

  private final Path file;
  private final String text;

  private Pem(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /**
   * Opens a file.
   *
   * @throws CondaException if it cannot be read
   */
  static Pem read(Path file) {
    try {
      return new Pem(file, Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new CondaException(
          "The certificate file %s cannot be read (%s)."
              .formatted(file, e.getClass().getSimpleName()),
          "Give the right path, and check its owner and permissions.",
          e);
    }
  }

  /**
   * Returns all certificates, in the order of the file.
   *
   * @throws CondaException if one cannot be read
   */
  List<X509Certificate> certificates() {
    List<X509Certificate> found = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).endsWith("CERTIFICATE")) {
        try {
          found.add(
              (X509Certificate)
                  CertificateFactory.getInstance("X.509")
                      .generateCertificate(new ByteArrayInputStream(decode(matcher.group(2)))));
        } catch (CertificateException e) {
          throw broken("certificate %d of it cannot be read".formatted(found.size() + 1), e);
        }
      }
    }
    return found;
  }

  /**
   * Returns the first private key.
   *
   * @throws CondaException if there is none that can be used, such as an encrypted one
   */
  PrivateKey privateKey() {
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      String kind = matcher.group(1);
      if (!kind.endsWith("PRIVATE KEY")) {
        continue;
      }
      if (kind.startsWith("ENCRYPTED") || matcher.group(2).contains("ENCRYPTED")) {
        throw new CondaException(
            "The private key in %s is encrypted, and JConda asks for no passphrase."
                .formatted(file),
            "Decrypt it (openssl pkey -in key.pem -out plain.pem), or give the client an SSLContext.");
      }
      byte[] der = decode(matcher.group(2));
      return switch (kind) {
        case "PRIVATE KEY" -> key(der, "RSA", "EC", "Ed25519", "Ed448", "DSA");
        case "RSA PRIVATE KEY" -> key(pkcs8(RSA, der), "RSA");
        case "EC PRIVATE KEY" -> key(pkcs8(algorithmOfEc(der), der), "EC");
        default -> throw broken("it has a key of the kind '%s'".formatted(kind), null);
      };
    }
    throw broken("it has no private key", null);
  }

  private PrivateKey key(byte[] pkcs8, String... algorithms) {
    GeneralSecurityException failure = new GeneralSecurityException("no algorithm");
    for (String algorithm : algorithms) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        failure = e;
      }
    }
    throw broken("its private key cannot be read", failure);
  }

  private byte[] decode(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw broken("a block of it is no base64", e);
    }
  }

  private CondaException broken(String why, @org.jspecify.annotations.Nullable Exception cause) {
    String problem = "The certificate file %s cannot be used: %s.".formatted(file, why);
    String remedy = "Give a PEM file with certificates or an unencrypted key.";
    return cause == null
        ? new CondaException(problem, remedy)
        : new CondaException(problem, remedy, cause);
  }

  /** Puts an old form of a key into PKCS#8 (RFC 5958): version, algorithm, key. */
  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, VERSION, algorithm, element(OCTETS, key));
  }

  /** Takes the curve out of a key of RFC 5915: version, key, [0] curve, [1] public key. */
  private byte[] algorithmOfEc(byte[] der) {
    int at = content(der, 0);
    while (at < der.length) {
      int begin = content(der, at);
      int end = begin + length(der, at);
      if ((der[at] & 0xff) == PARAMETERS && end <= der.length) {
        return element(SEQUENCE, EC_OID, java.util.Arrays.copyOfRange(der, begin, end));
      }
      at = end;
    }
    throw broken("its private key names no curve", null);
  }

  private int content(byte[] der, int at) {
    if (at + 2 > der.length) {
      throw broken("its private key is cut", null);
    }
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private int length(byte[] der, int at) {
    int length = 0;
    int begin = content(der, at);
    if (begin == at + 2) {
      return der[at + 1];
    }
    for (int i = at + 2; i < begin && i < der.length; i++) {
      length = (length << 8) | (der[i] & 0xff);
    }
    if (length < 0 || length > der.length) {
      throw broken("its private key is cut", null);
    }
    return length;
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }
}
