package io.jconda.core.util;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Knows the version of this program. */
public final class JCondaVersion {
  /** JConda's version, such as {@code 0.1.0}. */
  public static final String CURRENT = read();

  private JCondaVersion() {}

  private static String read() {
    try (InputStream in = JCondaVersion.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        throw new IllegalStateException("jconda-core lacks its own file version.properties.");
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
