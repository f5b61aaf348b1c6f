package io.jconda.core.repodata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jconda.core.util.JsonBytes;
import io.jconda.core.util.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

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
     * @param record says where it is; reused after this call, as is what it points to
     */
    void record(RecordBytes record) throws IOException;

    /** Takes the base of all archives' URLs (CEP-15). */
    void baseUrl(String baseUrl) throws IOException;

    /** Takes the name of an archive that must not be used, even if there is a record of it. */
    void removed(String fileName) throws IOException;
  }

  private static final byte[] NAME = "name".getBytes(StandardCharsets.US_ASCII);
  // conda: gateways/repodata; what is beyond breaks with all that was before (CEP-48)
  private static final long NEWEST_VERSION = 2;

  private final JsonBytes json;
  private final Sink sink;
  private final RecordBytes found = new RecordBytes();

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
    try {
      new IndexScanner(in, sink).scan();
    } catch (MalformedJsonException e) {
      throw new MalformedIndexException(e);
    }
  }

  private void scan() throws IOException {
    if (json.peek() < 0) {
      return;
    }
    if (json.peek() == '<') {
      throw json.malformed("it is HTML or XML, not JSON");
    }
    json.members(
        key -> {
          switch (key) {
            case "packages", "packages.conda" -> records("");
            case "v3" -> revision();
            case "repodata_version" -> version();
            case "info" -> info();
            case "removed" -> removed();
            default -> json.skipValue();
          }
        });
    if (json.peek() >= 0) {
      throw json.malformed("there is something behind its end");
    }
  }

  /** Takes what revision 3 has: kinds of archives, and in each, file names without ending. */
  private void revision() throws IOException {
    if (json.peek() != '{') {
      json.skipValue();
      return;
    }
    json.members(
        kind -> {
          switch (kind) {
            case "conda" -> records(".conda");
            case "tar.bz2" -> records(".tar.bz2");
            // wheels, and what is still to come
            default -> json.skipValue();
          }
        });
  }

  private void version() throws IOException {
    json.peek();
    json.mark();
    json.skipValue();
    String text = new String(json.buffer(), json.markOffset(), json.marked(), UTF_8).strip();
    json.release();
    if (text.length() < 10
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && Long.parseLong(text) > NEWEST_VERSION) {
      throw json.malformed(
          "it is of version %s, and this JConda reads up to %d".formatted(text, NEWEST_VERSION));
    }
  }

  /**
   * Takes records; makes no text of anything, of which an index has millions.
   *
   * @param ending what their keys lack of the archives' names
   */
  private void records(String ending) throws IOException {
    if (json.peek() == 'n') {
      json.skipValue();
      return;
    }
    json.expect('{');
    if (json.peek() == '}') {
      json.next();
      return;
    }
    int separator;
    do {
      json.peek();
      json.mark();
      json.expect('"');
      json.finishString();
      int keyLength = json.marked() - 2;
      json.expect(':');
      record(keyLength, ending);
      json.release();
      separator = json.next();
    } while (separator == ',');
    if (separator != '}') {
      throw json.malformed("an object does not end where it should");
    }
  }

  /** Takes a record whose key was taken. */
  private void record(int keyLength, String ending) throws IOException {
    if (json.peek() >= 0 && json.peek() != '{') {
      throw json.malformed("the record of %s is no object".formatted(json.kept(1, keyLength)));
    }
    int start = json.marked();
    findName();
    found.buffer = json.buffer();
    found.offset = json.markOffset() + start;
    found.length = json.marked() - start;
    found.key = found.buffer;
    found.keyOffset = json.markOffset() + 1;
    found.keyLength = keyLength;
    if (!ending.isEmpty() || json.keptHasBackslash(1, keyLength)) {
      found.key = (json.kept(1, keyLength) + ending).getBytes(UTF_8);
      found.keyOffset = 0;
      found.keyLength = found.key.length;
    }
    found.name = found.buffer;
    if (found.nameLength >= 0 && !json.keptHasBackslash(found.nameOffset, found.nameLength)) {
      found.nameOffset += json.markOffset();
    } else {
      String name =
          found.nameLength >= 0
              ? json.kept(found.nameOffset, found.nameLength)
              : nameOf(new String(found.key, found.keyOffset, found.keyLength, UTF_8));
      found.name = name.getBytes(UTF_8);
      found.nameOffset = 0;
      found.nameLength = found.name.length;
    }
    sink.record(found);
  }

  /** Goes over a record; finds its name, as far behind the mark as {@code nameOffset} says. */
  private void findName() throws IOException {
    found.nameLength = -1;
    json.expect('{');
    if (json.peek() == '}') {
      json.next();
      return;
    }
    int separator;
    do {
      boolean isName = json.stringIs(NAME);
      json.expect(':');
      if (isName && json.peek() == '"') {
        found.nameOffset = json.marked() + 1;
        json.expect('"');
        json.finishString();
        found.nameLength = json.marked() - 1 - found.nameOffset;
      } else {
        json.skipValue();
      }
      separator = json.next();
    } while (separator == ',');
    if (separator != '}') {
      throw json.malformed("a record does not end where it should");
    }
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
    json.members(
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
