package io.jconda.core.net;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Is the answer of a mirror: a body that breaks off, or that the caller rejects, tells against the
 * mirror, and one that comes whole tells for it.
 */
final class MirroredResponse implements Response {
  private final Response response;
  private final Mirrors.Place place;
  private final Mirrors mirrors;
  private final InputStream body;

  MirroredResponse(Response response, Mirrors.Place place, Mirrors mirrors) {
    this.response = response;
    this.place = place;
    this.mirrors = mirrors;
    this.body = new Watched(response.body());
  }

  private final class Watched extends FilterInputStream {
    private boolean failed;

    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        int read = super.read(buffer, offset, length);
        if (read < 0 && !failed) {
          mirrors.succeeded(place);
        }
        return read;
      } catch (IOException e) {
        failed = true;
        mirrors.failed(place, String.valueOf(e.getMessage()));
        throw e;
      }
    }
  }

  @Override
  public int status() {
    return response.status();
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public long contentLength() {
    return response.contentLength();
  }

  @Override
  public Optional<String> header(String name) {
    return response.header(name);
  }

  @Override
  public boolean reject(String why) {
    mirrors.failed(place, why);
    return true;
  }

  @Override
  public void close() {
    response.close();
  }
}
