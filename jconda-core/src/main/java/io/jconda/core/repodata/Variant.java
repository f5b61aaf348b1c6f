package io.jconda.core.repodata;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** Names the forms that a channel may have its index in, the better one first. */
enum Variant {
  ZST("repodata.json.zst"),
  JSON("repodata.json");

  // what conda's own tools write at most (zstd --ultra, --long=27)
  private static final int LARGEST_WINDOW_LOG = 27;

  private final String fileName;

  Variant(String fileName) {
    this.fileName = fileName;
  }

  String fileName() {
    return fileName;
  }

  /** Returns the JSON in a body; an empty body is empty JSON. */
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
    return new ZstdInputStreamNoFinalizer(peeked).setLongMax(LARGEST_WINDOW_LOG);
  }
}
