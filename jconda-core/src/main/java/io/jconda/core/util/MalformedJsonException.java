package io.jconda.core.util;

import java.io.IOException;

/** Says that a text is no JSON, or not what it should be. */
public final class MalformedJsonException extends IOException {
  MalformedJsonException(String message) {
    super(message);
  }
}
