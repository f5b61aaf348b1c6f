package io.jconda.process;

/** Names what {@link RunningCommand#signal} can send to a program. */
public enum Signal {
  /** What Ctrl-C sends: a Python program sees {@code KeyboardInterrupt}. */
  INTERRUPT,
  /** Asks a program to end. */
  TERMINATE,
  /** Ends a program that is not asked. */
  KILL,
  /** Says that the terminal is gone; many servers read their configuration anew. */
  HANG_UP,
  /** Asks a program to end and leave a core dump. */
  QUIT,
  /** Halts a program until {@link #CONTINUE}. */
  STOP,
  /** Lets a halted program go on. */
  CONTINUE,
  /** What it means is the program's own affair. */
  USER_1,
  /** What it means is the program's own affair. */
  USER_2
}
