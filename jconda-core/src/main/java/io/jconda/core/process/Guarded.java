package io.jconda.core.process;

import java.util.Map;

/** Lets processes that other rooms start by hand end with the JVM too, however it ends. */
public final class Guarded {
  private Guarded() {}

  /**
   * Makes a process that is about to be started one that the JVM's guard ends when the JVM is gone,
   * with all that it starts; there is no guard on Windows.
   *
   * @param variables the environment that it will have
   */
  public static void prepare(Map<String, String> variables) {
    Guard guard = Guard.ofThisJvm();
    guard.ensureStarted();
    variables.put(Guard.VARIABLE, Guard.value(guard.newRunnerCookie()));
  }
}
