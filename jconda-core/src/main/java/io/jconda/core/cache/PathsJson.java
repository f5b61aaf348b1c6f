package io.jconda.core.cache;

import io.jconda.core.util.JsonBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code info/paths.json} (CEP-34), in which big packages name many thousands of paths. */
final class PathsJson {
  /** In the order of {@link Claim}. */
  private static final byte[][] FIELDS =
      Stream.of(
              "_path",
              "path_type",
              "sha256",
              "size_in_bytes",
              "prefix_placeholder",
              "file_mode",
              "no_link")
          .map(name -> name.getBytes(StandardCharsets.US_ASCII))
          .toArray(byte[][]::new);

  private final JsonBytes json;
  private final List<Claim> claims = new ArrayList<>();
  private boolean hasPaths;

  private PathsJson(byte[] text) {
    this.json = new JsonBytes(text);
  }

  /**
   * Is what is claimed of one path; a text is empty where nothing is said.
   *
   * @param size in bytes; negative if nothing is said
   */
  record Claim(
      String path,
      String type,
      String sha256,
      long size,
      String placeholder,
      boolean binary,
      boolean noLink) {
    boolean isDirectory() {
      return type.equals("directory");
    }

    boolean isSoftLink() {
      return type.equals("softlink");
    }

    /** It is what a path without type is, too. */
    boolean isHardLink() {
      return type.isEmpty() || type.equals("hardlink");
    }
  }

  /**
   * Returns the claims in their order; nothing if the text has no list of paths.
   *
   * @throws IOException if it is no JSON
   */
  static Optional<List<Claim>> read(byte[] text) throws IOException {
    PathsJson paths = new PathsJson(text);
    paths.json.members(paths::member);
    return paths.hasPaths ? Optional.of(paths.claims) : Optional.empty();
  }

  private void member(String key) throws IOException {
    if (key.equals("paths") && json.peek() == '[') {
      hasPaths = true;
      claims.clear();
      json.elements(this::claim);
    } else {
      json.skipValue();
    }
  }

  /** One place reads all values: with one for each field, compiling them took half a second. */
  private void claim() throws IOException {
    String[] said = new String[FIELDS.length];
    Arrays.fill(said, "");
    json.expect('{');
    int separator = json.peek() == '}' ? json.next() : ',';
    while (separator == ',') {
      int field = json.stringAmong(FIELDS);
      json.expect(':');
      if (field < 0) {
        json.skipValue();
      } else {
        said[field] = text();
      }
      separator = json.next();
    }
    if (separator != '}') {
      throw json.malformed("a path does not end where it should");
    }
    claims.add(
        new Claim(
            said[0],
            said[1],
            said[2],
            size(said[3]),
            said[4],
            said[5].equals("binary"),
            said[6].equals("true")));
  }

  private String text() throws IOException {
    int first = json.peek();
    if (first == '"') {
      return json.string();
    }
    if (first == '{' || first == '[') {
      json.skipValue();
      return "";
    }
    String text = json.literal();
    return text.equals("null") ? "" : text;
  }

  /** A number that no file can have is a claim too, and a wrong one. */
  private static long size(String text) {
    try {
      long size = Long.parseLong(text);
      return size < 0 ? Long.MAX_VALUE : size;
    } catch (NumberFormatException e) {
      boolean whole = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
      return whole ? Long.MAX_VALUE : -1;
    }
  }
}
