package io.jconda.core.host;

import io.jconda.core.host.Locks.Held;
import io.jconda.core.host.Locks.Mode;
import io.jconda.core.util.OperationContext;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Takes a lock if it is free, says whether it was, and holds it until its input ends. */
public final class LockingChild {
  private LockingChild() {}

  public static void main(String[] arguments) throws Exception {
    Locks locks = Locks.at(Path.of(arguments[0]), Disk.real());
    Optional<Held> held =
        locks.tryAcquire(arguments[1], Mode.valueOf(arguments[2]), OperationContext.silent());
    System.out.println(held.isPresent() ? "held" : "refused");
    if (held.isPresent()) {
      System.in.transferTo(OutputStream.nullOutputStream());
      held.get().close();
    }
  }
}
