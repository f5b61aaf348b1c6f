package io.jconda.core.net;

import java.net.URI;

/**
 * Opens the URLs at and below a base URL: those with its scheme, host and port whose path is its
 * path or continues it after a slash. Secrets stand in no {@code toString()}.
 */
public sealed interface Credential {
  /** Returns the URL that it is for; what is below is opened too. */
  URI base();

  /**
   * Is a user and a password, sent as basic authentication (RFC 7617).
   *
   * @param base the URL that it is for
   * @param userInfo {@code user:password}, decoded
   */
  record Basic(URI base, String userInfo) implements Credential {
    @Override
    public String toString() {
      return "Basic[" + base + "]";
    }
  }

  /**
   * Is a token, sent as bearer authentication (RFC 6750).
   *
   * @param base the URL that it is for
   * @param token the token
   */
  record Bearer(URI base, String token) implements Credential {
    @Override
    public String toString() {
      return "Bearer[" + base + "]";
    }
  }

  /**
   * Is a token that stands in the path, between host and channel: {@code /t/<token>/} (anaconda.org
   * and its kin).
   *
   * @param base the URL that it is for, without the token
   * @param token the token
   */
  record PathToken(URI base, String token) implements Credential {
    @Override
    public String toString() {
      return "PathToken[" + base + "]";
    }
  }
}
