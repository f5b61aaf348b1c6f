package io.jconda.core.host;

import io.jconda.core.host.Locks.Held;
import io.jconda.core.host.Locks.Holder;
import io.jconda.core.util.OperationContext;
import java.util.Optional;

/** Is a lock that one holds and nobody beside it. Thread-safe. */
public interface ExclusiveLock {
  /**
   * Takes the lock, and blocks until it is free.
   *
   * @throws io.jconda.OperationCancelledException if the operation was cancelled, its time was up,
   *     or the thread was interrupted while it waited
   * @throws io.jconda.StorageException if its file cannot be made or opened
   */
  Held acquire(OperationContext context);

  /**
   * Takes the lock if it is free now.
   *
   * @return the lock, or nothing if somebody else holds it
   * @throws io.jconda.OperationCancelledException if the thread is interrupted
   * @throws io.jconda.StorageException if its file cannot be made or opened
   */
  Optional<Held> tryAcquire(OperationContext context);

  /** Returns who holds the lock, as far as it is known; for messages only. */
  Optional<Holder> holder();
}
