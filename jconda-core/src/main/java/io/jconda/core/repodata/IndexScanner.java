package io.jconda.core.repodata;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Goes once over a {@code repodata.json} (CEP-36) and hands out the bytes of its records, each with
 * its name, without parsing them.
 */
final class IndexScanner {
  /** Takes what a scanner finds. */
  interface Sink {
    /**
     * Takes a record.
     *
     * @param name the package's name in lower case, from the record; where it has none, from the
     *     file name
     * @param fileName the archive's name, the key of the record
     * @param buffer holds the record's JSON; reused after this call
     * @param offset where it begins
     * @param length how long it is
     */
    void record(String name, String fileName, byte[] buffer, int offset, int length)
        throws IOException;

    /** Takes the base of all archives' URLs (CEP-15). */
    void baseUrl(String baseUrl) throws IOException;

    /** Takes the name of an archive that must not be used, even if there is a record of it. */
    void removed(String fileName) throws IOException;
  }

  private static final byte[] NAME = "name".getBytes(StandardCharsets.US_ASCII);

  private final JsonBytes json;
  private final Sink sink;

  private IndexScanner(InputStream in, Sink sink) {
    this.json = new JsonBytes(in);
    this.sink = sink;
  }

  /**
   * Scans an index to its end; an empty text counts as an empty object, as it does for conda.
   *
   * @throws MalformedIndexException if it is no index
   * @throws java.io.EOFException if it ends too soon
   * @throws IOException if the stream or the sink fails
   */
  static void scan(InputStream in, Sink sink) throws IOException {
    new IndexScanner(in, sink).scan();
  }

  private void scan() throws IOException {
    if (json.peek() < 0) {
      return;
    }
    if (json.peek() == '<') {
      throw json.malformed("it is HTML or XML, not JSON");
    }
    members(
        key -> {
          switch (key) {
            case "packages", "packages.conda" -> members(this::record);
            case "info" -> info();
            case "removed" -> removed();
            default -> json.skipValue();
          }
        });
    if (json.peek() >= 0) {
      throw json.malformed("there is something behind its end");
    }
  }

  /** Takes one member of an object, whose value comes next. */
  private interface Member {
    void take(String key) throws IOException;
  }

  private void members(Member member) throws IOException {
    json.expect('{');
    if (json.peek() == '}') {
      json.next();
      return;
    }
    int separator;
    do {
      String key = json.string();
      json.expect(':');
      member.take(key);
      separator = json.next();
    } while (separator == ',');
    if (separator != '}') {
      throw json.malformed("an object does not end where it should");
    }
  }

  private void record(String fileName) throws IOException {
    if (json.peek() >= 0 && json.peek() != '{') {
      throw json.malformed("the record of %s is no object".formatted(fileName));
    }
    json.mark();
    String name = nameIn();
    String found = name == null ? nameOf(fileName) : name;
    sink.record(
        found.toLowerCase(Locale.ROOT), fileName, json.buffer(), json.markOffset(), json.marked());
    json.release();
  }

  /** Takes a record; makes no text of its keys, of which an index has millions. */
  private @Nullable String nameIn() throws IOException {
    String name = null;
    json.expect('{');
    if (json.peek() == '}') {
      json.next();
      return null;
    }
    int separator;
    do {
      boolean isName = json.stringIs(NAME);
      json.expect(':');
      if (isName && json.peek() == '"') {
        name = json.string();
      } else {
        json.skipValue();
      }
      separator = json.next();
    } while (separator == ',');
    if (separator != '}') {
      throw json.malformed("a record does not end where it should");
    }
    return name;
  }

  /** Returns what stands before the last two dashes: {@code name-version-build.conda} (CEP-26). */
  private static String nameOf(String fileName) {
    int build = fileName.lastIndexOf('-');
    int version = build <= 0 ? -1 : fileName.lastIndexOf('-', build - 1);
    return version <= 0 ? fileName : fileName.substring(0, version);
  }

  private void info() throws IOException {
    if (json.peek() != '{') {
      json.skipValue();
      return;
    }
    members(
        key -> {
          if (key.equals("base_url") && json.peek() == '"') {
            sink.baseUrl(json.string());
          } else {
            json.skipValue();
          }
        });
  }

  private void removed() throws IOException {
    if (json.peek() != '[') {
      json.skipValue();
      return;
    }
    json.next();
    if (json.peek() == ']') {
      json.next();
      return;
    }
    int separator;
    do {
      if (json.peek() == '"') {
        sink.removed(json.string());
      } else {
        json.skipValue();
      }
      separator = json.next();
    } while (separator == ',');
    if (separator != ']') {
      throw json.malformed("the list of removed packages does not end where it should");
    }
  }
}
