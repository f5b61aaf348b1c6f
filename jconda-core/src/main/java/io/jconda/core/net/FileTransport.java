package io.jconda.core.net;

import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads files in place; ranges and conditions are not looked at. */
final class FileTransport implements Transport {
  @Override
  public Response get(URI uri, Map<String, String> headers, OperationContext context)
      throws IOException {
    context.checkpoint();
    Path file;
    try {
      file = Path.of(uri);
    } catch (IllegalArgumentException e) {
      throw new RefusedException("the URL is no path: " + e.getMessage());
    }
    if (Files.isDirectory(file)) {
      return new FileResponse(404, InputStream.nullInputStream(), 0);
    }
    try {
      InputStream in = Files.newInputStream(file);
      return new FileResponse(
          200, new Body(in, uri, context.token(), Speed.any()), Files.size(file));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return new FileResponse(404, InputStream.nullInputStream(), 0);
    }
  }

  @Override
  public void close() {}

  private record FileResponse(int status, InputStream body, long contentLength)
      implements Response {
    @Override
    public Optional<String> header(String name) {
      return Optional.empty();
    }

    @Override
    public void close() {
      Body.closeQuietly(body);
    }
  }
}
