package io.jconda.core.repodata;

import io.jconda.core.util.MalformedJsonException;
import java.io.IOException;

/** Says that what was served is no index of conda; asking anew would give the same. */
final class MalformedIndexException extends IOException {
  MalformedIndexException(String message) {
    super(message);
  }

  MalformedIndexException(MalformedJsonException cause) {
    super(cause.getMessage(), cause);
  }
}
