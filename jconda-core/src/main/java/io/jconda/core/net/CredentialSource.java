package io.jconda.core.net;

import io.jconda.Credential;
import java.nio.file.Path;
import java.util.List;

/**
 * Is a file with credentials.
 *
 * @param file the file
 * @param kind its form
 */
record CredentialSource(Path file, Kind kind) {
  /** The forms of such files. */
  enum Kind {
    /** JSON that has to be there. */
    REQUIRED_JSON,
    /** JSON that may be there. */
    OPTIONAL_JSON,
    /** A netrc file, which may be there. */
    NETRC
  }

  /** Reads the file. */
  List<Credential> read() {
    return kind == Kind.NETRC
        ? Netrc.read(file)
        : CredentialsFile.read(file, kind == Kind.REQUIRED_JSON);
  }
}
