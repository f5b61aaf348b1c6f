package io.jconda.core.net;

import io.jconda.Credential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads users and passwords from a {@code .netrc} file: {@code machine}, {@code default}, {@code
 * login}, {@code user}, {@code password}, {@code account} and {@code macdef}, quoted values, and
 * comments from a {@code #} where a keyword could stand to the end of the line.
 *
 * <p>A login that is missing is replaced by the account (requests: utils.get_netrc_auth). A file
 * that cannot be understood opens nothing, with a warning that shows the line's number and nothing
 * of the line.
 */
final class Netrc {
  private static final Logger LOG = LoggerFactory.getLogger(Netrc.class);
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final String text;
  private final List<Credential> found = new ArrayList<>();
  private final List<Credential> forAll = new ArrayList<>();
  private int position;
  private int line = 1;

  private Netrc(String text) {
    this.text = text;
  }

  /**
   * Finds the file of a user: the one that {@code NETRC} names, else {@code .netrc} in the home, or
   * on Windows {@code _netrc} where there is no {@code .netrc}.
   *
   * @param environment the environment
   * @param home the user's home
   * @param windows whether this is Windows
   */
  static Path locate(Map<String, String> environment, Path home, boolean windows) {
    String named = environment.getOrDefault("NETRC", "");
    if (!named.isBlank()) {
      return named.startsWith("~/") ? home.resolve(named.substring(2)) : Path.of(named);
    }
    Path usual = home.resolve(".netrc");
    return windows && !Files.exists(usual) ? home.resolve("_netrc") : usual;
  }

  /** Reads a file; one that is not there has no credentials. */
  static List<Credential> read(Path file) {
    String text;
    try {
      text = decode(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      LOG.warn("{} cannot be read, so none of its passwords are used: {}", file, e.toString());
      return List.of();
    }
    try {
      List<Credential> credentials = parse(text);
      if (!credentials.isEmpty()) {
        warnIfOpen(file);
      }
      return credentials;
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is not used: {}", file, e.getMessage());
      return List.of();
    }
  }

  private static String decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0 ? text : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static void warnIfOpen(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
        LOG.warn("{} holds passwords and others may read it. Run: chmod 600 {}", file, file);
      }
    } catch (UnsupportedOperationException e) {
      LOG.debug("The permissions of {} are not POSIX's.", file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the text of a file.
   *
   * @throws IllegalArgumentException if it is none; the message has the line's number
   */
  static List<Credential> parse(String text) {
    Netrc netrc = new Netrc(text);
    netrc.entries();
    List<Credential> all = new ArrayList<>(netrc.forAll);
    all.addAll(netrc.found);
    return all;
  }

  private void entries() {
    String keyword = keyword();
    while (!keyword.isEmpty()) {
      switch (keyword) {
        case "machine" -> keyword = machine(value(keyword), found);
        case "default" -> keyword = machine(CredentialScope.EVERYWHERE, forAll);
        case "macdef" -> {
          skipMacro();
          keyword = keyword();
        }
        default -> throw wrong("a word that is no keyword stands where 'machine' could");
      }
    }
  }

  /** Reads what belongs to a machine, and returns the keyword behind it. */
  private String machine(String host, List<Credential> into) {
    String login = "";
    String account = "";
    String password = "";
    while (true) {
      String keyword = keyword();
      switch (keyword) {
        case "login", "user" -> login = value(keyword);
        case "account" -> account = value(keyword);
        case "password" -> password = value(keyword);
        case "macdef" -> skipMacro();
        default -> {
          String user = login.isEmpty() ? account : login;
          if (isPlace(host) && !(user.isEmpty() && password.isEmpty())) {
            into.add(new Credential.Basic(host, user, password));
          }
          return keyword;
        }
      }
    }
  }

  private static boolean isPlace(String host) {
    try {
      return !CredentialScope.of(host).host().isEmpty() || host.equals(CredentialScope.EVERYWHERE);
    } catch (IllegalArgumentException e) {
      LOG.debug("A machine of a netrc file is no host that a URL could have; it is skipped.");
      return false;
    }
  }

  /** Skips the name and the lines of a macro; an empty line ends it. */
  private void skipMacro() {
    String unused = value("macdef");
    LOG.trace("A macro is skipped: {} letters", unused.length());
    skipLine();
    while (position < text.length()) {
      int begin = position;
      skipLine();
      if (text.substring(begin, position).isBlank()) {
        return;
      }
    }
  }

  private void skipLine() {
    while (position < text.length() && text.charAt(position) != '\n') {
      position++;
    }
    if (position < text.length()) {
      position++;
      line++;
    }
  }

  private String keyword() {
    skipBlanks();
    while (position < text.length() && text.charAt(position) == '#') {
      skipLine();
      skipBlanks();
    }
    return token();
  }

  private String value(String keyword) {
    skipBlanks();
    if (position >= text.length()) {
      throw wrong("nothing stands behind '" + keyword + "'");
    }
    return token();
  }

  private void skipBlanks() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      line += text.charAt(position) == '\n' ? 1 : 0;
      position++;
    }
  }

  private String token() {
    StringBuilder token = new StringBuilder();
    boolean quoted = position < text.length() && text.charAt(position) == '"';
    position += quoted ? 1 : 0;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (quoted ? c == '"' : Character.isWhitespace(c)) {
        position += quoted ? 1 : 0;
        return token.toString();
      }
      if (c == '\n') {
        break;
      }
      if (c == '\\' && position + 1 < text.length()) {
        c = text.charAt(++position);
      }
      token.append(c);
      position++;
    }
    if (quoted) {
      throw wrong("a quotation mark is not closed");
    }
    return token.toString();
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "in line %d %s. Mend it, or build a client that reads no netrc file."
            .formatted(line, what));
  }
}
