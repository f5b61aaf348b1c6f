package io.jconda.core.link;

import io.jconda.InstallException;
import java.util.List;
import java.util.Set;

/**
 * Is a command that a Python package offers: its text stands in a script that is run, so nothing
 * but names gets through.
 *
 * @param command the name of the command, a plain file name
 * @param module the module to import, dotted
 * @param function what to call in it, dotted
 */
record EntryPoint(String command, String module, String function) {
  private static final Set<String> KEYWORDS =
      Set.of(
          "False None True and as assert async await break class continue def del elif else except"
              .split(" "));
  private static final Set<String> MORE_KEYWORDS =
      Set.of(
          "finally for from global if import in is lambda nonlocal not or pass raise return try while with yield"
              .split(" "));
  private static final String NOT_IN_A_FILE_NAME = "/\\:*?\"<>|%";

  /**
   * Reads {@code command = module:function}.
   *
   * @param text the entry point
   * @param owner the package, for the message
   * @throws InstallException if a part is not what it must be
   */
  static EntryPoint parse(String text, String owner) {
    int equals = text.indexOf('=');
    int colon = text.lastIndexOf(':');
    if (equals < 0 || colon < equals) {
      throw refused(text, owner, "it does not read 'command = module:function'");
    }
    String command = text.substring(0, equals).strip();
    String module = unquote(text.substring(equals + 1, colon));
    String function = unquote(text.substring(colon + 1));
    if (!isFileName(command)) {
      throw refused(text, owner, "its command is no plain file name");
    }
    if (!isDottedName(module)) {
      throw refused(text, owner, "its module is no Python name");
    }
    if (!isDottedName(function)) {
      throw refused(text, owner, "its function is no Python name");
    }
    return new EntryPoint(command, module, function);
  }

  /** Returns the script without its first line, the same that conda writes. */
  String script() {
    String imported = function.split("\\.", 2)[0];
    return String.join(
        "\n",
        List.of(
            "# -*- coding: utf-8 -*-",
            "import re",
            "import sys",
            "",
            "from " + module + " import " + imported,
            "",
            "if __name__ == '__main__':",
            "    sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])",
            "    sys.exit(" + function + "())",
            ""));
  }

  private static String unquote(String text) {
    String stripped = text.strip();
    int start = 0;
    int end = stripped.length();
    while (start < end && isQuote(stripped.charAt(start))) {
      start++;
    }
    while (start < end && isQuote(stripped.charAt(end - 1))) {
      end--;
    }
    return stripped.substring(start, end).strip();
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  private static boolean isFileName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || NOT_IN_A_FILE_NAME.indexOf(c) >= 0) {
        return false;
      }
    }
    return !text.isEmpty() && !text.startsWith(".");
  }

  private static boolean isDottedName(String text) {
    for (String part : text.split("\\.", -1)) {
      if (part.isEmpty() || KEYWORDS.contains(part) || MORE_KEYWORDS.contains(part)) {
        return false;
      }
      if (!isName(part)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(String part) {
    int first = part.codePointAt(0);
    if (first != '_' && !Character.isUnicodeIdentifierStart(first)) {
      return false;
    }
    for (int i = 0; i < part.length(); i = part.offsetByCodePoints(i, 1)) {
      int c = part.codePointAt(i);
      if (!Character.isUnicodeIdentifierPart(c) || Character.isIdentifierIgnorable(c)) {
        return false;
      }
    }
    return true;
  }

  private static InstallException refused(String text, String owner, String why) {
    return new InstallException(
        "The package %s has the entry point '%s', which is refused: %s."
            .formatted(owner, text.replaceAll("\\p{Cntrl}", "?"), why),
        "Ask the package's maintainer to mend it, or choose another build.");
  }
}
