package io.jconda.core.repodata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields in the JSON of a record, without making texts of them. For record after record,
 * and for one thread.
 */
final class RecordFields {
  private static final int NONE = -1;
  private static final int SHA256_DIGITS = 64;
  private static final int MD5_DIGITS = 32;
  private static final byte[] PYTHON = "python".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] GENERIC = "generic".getBytes(StandardCharsets.US_ASCII);

  private final Pool texts;
  private final Pool lists;
  private final Varints list = new Varints();

  byte[] buffer = new byte[0];
  private int at;
  boolean ordinary;
  final Slice name = new Slice();
  final Slice version = new Slice();
  final Slice build = new Slice();
  final Slice sha256 = new Slice();
  final Slice md5 = new Slice();
  final Slice license = new Slice();
  final Slice licenseFamily = new Slice();
  final Slice sitePackages = new Slice();
  final Slice trackFeatures = new Slice();
  final Slice features = new Slice();
  private final Slice value = new Slice();
  long buildNumber;
  long size;
  long timestamp;
  long indexedTimestamp;
  int depends;
  int constrains;
  int noarch;

  RecordFields(Pool texts, Pool lists) {
    this.texts = texts;
    this.lists = lists;
  }

  private void forget() {
    ordinary = true;
    name.length = NONE;
    version.length = NONE;
    build.length = NONE;
    sha256.length = NONE;
    md5.length = NONE;
    license.length = NONE;
    licenseFamily.length = NONE;
    sitePackages.length = NONE;
    trackFeatures.length = NONE;
    features.length = NONE;
    buildNumber = 0;
    size = NONE;
    timestamp = NONE;
    indexedTimestamp = NONE;
    depends = NONE;
    constrains = NONE;
    noarch = 0;
  }

  /** Tells whether there is all that a record cannot be without. */
  boolean areComplete() {
    return name.length >= 0 && version.length >= 0 && build.length >= 0;
  }

  /** Reads a record, which is JSON: the scanner went over it. */
  void read(RecordBytes record) {
    forget();
    buffer = record.buffer;
    at = record.offset + 1;
    while (ordinary && next() != '}') {
      if (buffer[at] == ',') {
        at++;
        next();
      }
      int key = at + 1;
      skipString();
      int length = at - 1 - key;
      next();
      at++;
      next();
      field(key, length);
    }
  }

  private byte next() {
    while (buffer[at] <= ' ') {
      at++;
    }
    return buffer[at];
  }

  private void field(int key, int length) {
    Key known = Key.of(buffer, key, length);
    if (known == null || isNull()) {
      // null is as good as nothing
      skipValue();
      return;
    }
    switch (known) {
      case NAME -> string(name);
      case VERSION -> string(version);
      case BUILD -> string(build);
      case BUILD_NUMBER -> buildNumber = integer();
      case DEPENDS -> depends = stringList();
      case CONSTRAINS -> constrains = stringList();
      case SHA256 -> hex(sha256, SHA256_DIGITS);
      case MD5 -> hex(md5, MD5_DIGITS);
      case SIZE -> size = integer();
      case TIMESTAMP -> timestamp = integer();
      case INDEXED_TIMESTAMP -> indexedTimestamp = integer();
      case LICENSE -> string(license);
      case LICENSE_FAMILY -> string(licenseFamily);
      case PYTHON_SITE_PACKAGES_PATH -> string(sitePackages);
      case NOARCH -> noarch();
      case TRACK_FEATURES -> string(trackFeatures);
      case FEATURES -> string(features);
      case FLAGS, EXTRA_DEPENDS -> ordinary = false;
    }
  }

  private boolean isNull() {
    return buffer[at] == 'n'
        && buffer[at + 1] == 'u'
        && buffer[at + 2] == 'l'
        && buffer[at + 3] == 'l';
  }

  private void string(Slice into) {
    if (buffer[at] != '"') {
      ordinary = false;
      return;
    }
    int start = at + 1;
    skipString();
    into.set(start, at - 1 - start);
  }

  private void noarch() {
    string(value);
    if (ordinary && is(PYTHON)) {
      noarch = ChunkWriter.NOARCH_PYTHON;
    } else if (ordinary && is(GENERIC)) {
      noarch = ChunkWriter.NOARCH_GENERIC;
    } else {
      ordinary = false;
    }
  }

  private boolean is(byte[] text) {
    return Arrays.equals(buffer, value.offset, value.offset + value.length, text, 0, text.length);
  }

  private void hex(Slice into, int digits) {
    string(into);
    if (!ordinary || into.length != digits) {
      ordinary = false;
      return;
    }
    for (int i = into.offset; i < into.offset + digits; i++) {
      byte b = buffer[i];
      ordinary &= (b >= '0' && b <= '9') || (b >= 'a' && b <= 'f');
    }
  }

  private long integer() {
    long number = 0;
    int start = at;
    while (buffer[at] >= '0' && buffer[at] <= '9') {
      number = number * 10 + (buffer[at++] - '0');
    }
    int digits = at - start;
    byte end = buffer[at];
    boolean leadingZero = digits > 1 && buffer[start] == '0';
    boolean ended = end == ',' || end == '}' || end <= ' ';
    ordinary &= digits > 0 && digits < 18 && ended && !leadingZero;
    return number;
  }

  private int stringList() {
    if (buffer[at] != '[') {
      ordinary = false;
      return NONE;
    }
    at++;
    list.clear();
    while (next() != ']') {
      if (buffer[at] == ',') {
        at++;
        next();
      }
      string(value);
      if (!ordinary) {
        return NONE;
      }
      list.add(texts.number(buffer, value.offset, value.length));
    }
    at++;
    return lists.number(list.bytes(), 0, list.size());
  }

  /** Goes over a string; one with a backslash is out of the ordinary. */
  private void skipString() {
    at++;
    while (buffer[at] != '"') {
      if (buffer[at] == '\\') {
        ordinary = false;
        at++;
      }
      at++;
    }
    at++;
  }

  private void skipValue() {
    boolean before = ordinary;
    int depth = 0;
    do {
      byte b = next();
      if (b == '"') {
        skipString();
      } else {
        if (b == '{' || b == '[') {
          depth++;
        } else if (b == '}' || b == ']') {
          depth--;
        }
        at++;
      }
    } while (depth > 0);
    while (buffer[at] != ',' && buffer[at] != '}') {
      at++;
    }
    ordinary = before;
  }

  /** Says where in a buffer something is; a length of -1 means nowhere. */
  static final class Slice {
    int offset;
    int length;

    void set(int newOffset, int newLength) {
      offset = newOffset;
      length = newLength;
    }
  }

  /** Names the fields that a record is made of; others are passed over. */
  private enum Key {
    NAME,
    VERSION,
    BUILD,
    BUILD_NUMBER,
    DEPENDS,
    CONSTRAINS,
    EXTRA_DEPENDS,
    FLAGS,
    TRACK_FEATURES,
    FEATURES,
    SHA256,
    MD5,
    SIZE,
    TIMESTAMP,
    INDEXED_TIMESTAMP,
    NOARCH,
    LICENSE,
    LICENSE_FAMILY,
    PYTHON_SITE_PACKAGES_PATH;

    private static final int SLOTS = 256;
    private static final byte[][] TEXTS = new byte[SLOTS][];
    private static final Key[] BY_SLOT = new Key[SLOTS];

    static {
      for (Key key : values()) {
        byte[] text = key.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        int slot = slot(text, 0, text.length);
        while (BY_SLOT[slot] != null) {
          slot = (slot + 1) % SLOTS;
        }
        BY_SLOT[slot] = key;
        TEXTS[slot] = text;
      }
    }

    private static int slot(byte[] text, int offset, int length) {
      return length == 0
          ? 0
          : (length * 31 + text[offset] * 7 + text[offset + length - 1]) & (SLOTS - 1);
    }

    /** Returns the key that a text is, or null. */
    static @Nullable Key of(byte[] buffer, int offset, int length) {
      int slot = slot(buffer, offset, length);
      while (BY_SLOT[slot] != null) {
        Key key = BY_SLOT[slot];
        byte[] text = TEXTS[slot];
        if (Arrays.equals(buffer, offset, offset + length, text, 0, text.length)) {
          return key;
        }
        slot = (slot + 1) % SLOTS;
      }
      return null;
    }
  }
}
