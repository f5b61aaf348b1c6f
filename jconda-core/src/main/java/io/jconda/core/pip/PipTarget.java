package io.jconda.core.pip;

import io.jconda.core.host.Locks;
import io.jconda.core.process.Interpreter;
import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Says which environment's pip is meant.
 *
 * @param prefix the environment's folder, absolute
 * @param platform the platform that it is for
 * @param activation computes what makes it active, when pip is about to start
 * @param alone keeps other writers out while pip changes it
 * @param bringPip lets conda install pip where it is missing
 */
public record PipTarget(
    Path prefix,
    Platform platform,
    Function<OperationContext, Activation> activation,
    Function<OperationContext, Locks.Held> alone,
    Consumer<OperationContext> bringPip) {
  /** Returns the interpreter, whether it is there or not. */
  Path python() {
    return Interpreter.of(prefix, platform);
  }
}
