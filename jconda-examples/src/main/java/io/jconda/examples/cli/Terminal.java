package io.jconda.examples.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;

/** Knows whether a person looks on, and asks. */
@SuppressWarnings("SystemConsoleNull") // what newer JVMs return instead of null has isTerminal()
final class Terminal {
  private Terminal() {}

  /** Tells whether standard input and output are a terminal's. */
  static boolean isThere() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true; // before JDK 22 a console is a terminal
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Console.isTerminal() cannot be called.", e);
    }
  }

  /** Asks whether to go on; yes where there is nobody to ask. */
  static boolean confirms() {
    Console console = System.console();
    if (console == null || !isThere()) {
      return true;
    }
    String answer = console.readLine("Proceed ([y]/n)? ");
    return answer != null && !answer.strip().toLowerCase(Locale.ROOT).startsWith("n");
  }
}
