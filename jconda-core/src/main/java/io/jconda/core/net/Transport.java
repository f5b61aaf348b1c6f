package io.jconda.core.net;

import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Knows how to ask for the URLs of some schemes, once; {@link Network} does the rest. */
interface Transport extends AutoCloseable {
  /**
   * Asks once, and blocks until the head of the answer is there.
   *
   * @throws IOException if there was no answer; asking anew may help unless it is a {@link
   *     RefusedException}
   */
  Response get(URI uri, Map<String, String> headers, OperationContext context) throws IOException;

  @Override
  void close();

  /** Says that asking anew cannot help. */
  final class RefusedException extends IOException {
    RefusedException(String message) {
      super(message);
    }
  }
}
