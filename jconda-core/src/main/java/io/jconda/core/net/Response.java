package io.jconda.core.net;

import io.jconda.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Holds what a server or a folder answered; whoever asked closes it.
 *
 * <p>For one thread at a time.
 */
public interface Response extends AutoCloseable {
  /**
   * Returns the HTTP status; a file that is there has 200, one that is not has 404.
   *
   * <p>304 and 404 are answers like others: the caller decides what they mean.
   */
  int status();

  /**
   * Returns the body; the same stream at each call, empty for 304.
   *
   * <p>Reading blocks. A body that ends too soon or breaks throws an {@link IOException} that names
   * the URL without secrets; asking anew may help. A cancelled operation throws {@link
   * io.jconda.OperationCancelledException} from the read.
   */
  InputStream body();

  /** Returns the length of the body in bytes, or -1 if the server did not say. */
  long contentLength();

  /**
   * Returns the value of a header.
   *
   * @param name the header's name, in any case
   */
  Optional<String> header(String name);

  /**
   * Says that what came is not what it should be, so that a repetition asks another mirror of the
   * channel, if there is one.
   *
   * @param why what was wrong, without secrets; for the log
   * @return whether this came from a mirror, so that asking anew may give something else
   */
  @CanIgnoreReturnValue
  default boolean reject(String why) {
    return false;
  }

  /** Gives the connection back; the rest of the body is lost. */
  @Override
  void close();
}
