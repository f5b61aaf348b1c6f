package io.jconda;

/**
 * Opens the URLs of a server, or those below a path of it. Secrets stand in no {@code toString()}.
 *
 * <p>Where it holds is written as a host, {@code host:port}, {@code host/path} or a URL. A host
 * {@code *.example.com} stands for {@code example.com} and all that end in {@code .example.com}.
 * Without a port it holds for every port; with a scheme only for the scheme's own port, unless one
 * is given. A path opens itself and what continues it after a slash. Of several credentials of one
 * source the one with the exact host counts before those with a wildcard, then the one with the
 * longest host, then the one with the longest path.
 *
 * <p>A credential is sent to its own place only: a redirect to another host, a mirror or a server
 * of archives gets its own or none. Immutable.
 */
public sealed interface Credential {
  /** Returns where it holds, as it was written. */
  String where();

  /**
   * Is a user and a password, sent as basic authentication (RFC 7617).
   *
   * @param where where it holds, such as {@code example.com} or {@code https://example.com/team}
   * @param user the user's name; empty for none
   * @param password the password; empty for none
   */
  record Basic(String where, String user, String password) implements Credential {
    @Override
    public String toString() {
      return "Basic[" + where + "]";
    }
  }

  /**
   * Is a token, sent as bearer authentication (RFC 6750).
   *
   * @param where where it holds
   * @param token the token
   */
  record Bearer(String where, String token) implements Credential {
    @Override
    public String toString() {
      return "Bearer[" + where + "]";
    }
  }

  /**
   * Is a token that stands in the path, between host and channel: {@code /t/<token>/}, as
   * anaconda.org and its kin have it.
   *
   * @param where where it holds, without the token
   * @param token the token
   */
  record PathToken(String where, String token) implements Credential {
    @Override
    public String toString() {
      return "PathToken[" + where + "]";
    }
  }
}
