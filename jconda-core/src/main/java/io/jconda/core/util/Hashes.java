package io.jconda.core.util;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes digests, and their text in lower-case hex. */
public final class Hashes {
  private Hashes() {}

  /** Is never fed: to copy it is far cheaper than to look for who provides another one. */
  private static final class Empty {
    static final MessageDigest SHA_256 = digest("SHA-256");
  }

  /** Returns a new SHA-256. */
  public static MessageDigest sha256() {
    try {
      return (MessageDigest) Empty.SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      // a provider need not let its digests be copied
      return digest("SHA-256");
    }
  }

  /** Returns a new MD5, for records that have no more. */
  public static MessageDigest md5() {
    return digest("MD5");
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has " + algorithm + ".", e);
    }
  }

  /** Finishes a digest and returns its text. */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns the SHA-256 of bytes. */
  public static String sha256(byte[] content) {
    return HexFormat.of().formatHex(sha256().digest(content));
  }

  /** Returns the SHA-256 of a text in UTF-8. */
  public static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the SHA-256 of a file, which is read once and never held whole. Blocks. */
  public static String sha256(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return hex(digest);
  }
}
