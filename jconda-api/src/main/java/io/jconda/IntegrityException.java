package io.jconda;

import org.jspecify.annotations.Nullable;

/**
 * Signals that bytes are not what their record promised: a wrong hash or size, a torn archive, an
 * archive that would write outside its folder.
 *
 * <p>The message names the file and, where hashes differ, both of them. Nothing of the file was
 * used.
 */
public final class IntegrityException extends CondaException {
  /**
   * Creates an exception.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   */
  public IntegrityException(String problem, String remedy) {
    super(problem, remedy);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param problem what happened, and to what
   * @param remedy what the caller can do about it
   * @param cause what brought it about, or null where nothing else did
   */
  public IntegrityException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
  }
}
