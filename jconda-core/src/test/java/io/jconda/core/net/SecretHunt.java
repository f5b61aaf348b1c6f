package io.jconda.core.net;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Shows all that an exception would tell somebody. */
public final class SecretHunt {
  private SecretHunt() {}

  /** Returns the stack trace with all causes and what was suppressed. */
  public static String everythingIn(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
