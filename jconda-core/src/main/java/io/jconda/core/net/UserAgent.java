package io.jconda.core.net;

import io.jconda.core.util.JCondaVersion;

/** Says to servers who asks: {@code JConda/<version>}. */
final class UserAgent {
  static final String VALUE = "JConda/" + JCondaVersion.CURRENT;

  private UserAgent() {}
}
