package io.jconda.core.process;

import io.jconda.CondaException;
import io.jconda.process.Shell;

/** Is how one shell sets and unsets variables and runs scripts within itself. */
enum ShellSyntax {
  POSIX("\n") {
    @Override
    String export(String name, String value) {
      return "export " + name + "=" + quoted(value);
    }

    @Override
    String unset(String name) {
      return "unset " + name;
    }

    @Override
    String source(String script) {
      return ". " + quoted(script);
    }

    private String quoted(String text) {
      return "'" + text.replace("'", "'\"'\"'") + "'";
    }
  },
  FISH("\n") {
    @Override
    String export(String name, String value) {
      return "set -gx " + name + " " + quoted(value);
    }

    @Override
    String unset(String name) {
      return "set -e " + name;
    }

    @Override
    String source(String script) {
      return "source " + quoted(script);
    }

    private String quoted(String text) {
      return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
  },
  CMD("\r\n") {
    @Override
    String export(String name, String value) {
      if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
        throw new CondaException(
            "The command prompt of Windows cannot set %s: its value has more than one line."
                .formatted(name),
            "Use PowerShell, or give the variable a value of one line.");
      }
      return "@SET \"" + name + "=" + quoted(value) + "\"";
    }

    @Override
    String unset(String name) {
      return "@SET " + name + "=";
    }

    @Override
    String source(String script) {
      return "@CALL \"" + quoted(script) + "\"";
    }

    private String quoted(String text) {
      // in a batch file a percent sign is one even between quotes
      return text.replace("%", "%%");
    }
  },
  POWERSHELL("\n") {
    @Override
    String export(String name, String value) {
      return "${Env:" + name + "} = " + quoted(value);
    }

    @Override
    String unset(String name) {
      return "${Env:" + name + "} = $null";
    }

    @Override
    String source(String script) {
      return ". " + quoted(script);
    }

    private String quoted(String text) {
      return "'" + text.replace("'", "''") + "'";
    }
  };

  private final String lineEnd;

  ShellSyntax(String lineEnd) {
    this.lineEnd = lineEnd;
  }

  static ShellSyntax of(Shell shell) {
    return switch (shell) {
      case BASH, ZSH -> POSIX;
      case FISH -> FISH;
      case CMD -> CMD;
      case POWERSHELL -> POWERSHELL;
    };
  }

  String lineEnd() {
    return lineEnd;
  }

  abstract String export(String name, String value);

  abstract String unset(String name);

  abstract String source(String script);
}
