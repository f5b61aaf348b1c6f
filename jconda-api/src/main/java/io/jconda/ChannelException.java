package io.jconda;

import org.jspecify.annotations.Nullable;

/**
 * Signals that a channel could not be reached, or that what it served is no conda index or package.
 *
 * <p>The message names the channel and the URL, without secrets.
 */
public final class ChannelException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   */
  public ChannelException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   * @param cause what brought it about, or null where nothing else did
   */
  public ChannelException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}
