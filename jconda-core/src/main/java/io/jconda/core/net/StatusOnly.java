package io.jconda.core.net;

import java.io.InputStream;
import java.util.Optional;

/** Is an answer of which only the status matters. */
record StatusOnly(int status) implements Response {
  @Override
  public InputStream body() {
    return InputStream.nullInputStream();
  }

  @Override
  public long contentLength() {
    return 0;
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
