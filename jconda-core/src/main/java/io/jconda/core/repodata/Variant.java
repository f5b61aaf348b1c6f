package io.jconda.core.repodata;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** Names the forms that a channel may have its index in, the better one first. */
enum Variant {
  SHARDS("repodata_shards.msgpack.zst"),
  ZST("repodata.json.zst"),
  JSON("repodata.json");

  private final String fileName;

  Variant(String fileName) {
    this.fileName = fileName;
  }

  String fileName() {
    return fileName;
  }

  /** Returns the form of a file name; a name that is none is that of the plain form. */
  static Variant of(String fileName) {
    for (Variant variant : values()) {
      if (variant.fileName.equals(fileName)) {
        return variant;
      }
    }
    return JSON;
  }

  /** Returns the JSON in the body of a whole index; an empty body is empty JSON. */
  InputStream decode(InputStream body) throws IOException {
    if (this == JSON) {
      return body;
    }
    PushbackInputStream peeked = new PushbackInputStream(body, 1 << 16);
    byte[] head = peeked.readNBytes(1);
    if (head.length == 0) {
      return InputStream.nullInputStream();
    }
    peeked.unread(head);
    return Zstandard.stream(peeked);
  }
}
