package io.jconda.core.link;

import io.jconda.spec.Platform;
import java.util.Optional;

/** Brings the program that starts a Python script on Windows; without one a batch file does. */
@FunctionalInterface
public interface Launchers {
  /** Brings none. */
  Launchers NONE = platform -> Optional.empty();

  /** Returns the program's bytes, made for a platform, if there is one. */
  Optional<byte[]> launcher(Platform platform);
}
