package io.jconda.solve;

/** Tells what becomes of the packages that are asked for and of what they depend on. */
public enum Dependencies {
  /** Both are installed. */
  INCLUDED,
  /**
   * Only the dependencies are installed: what is asked for stays away, unless it was there or
   * something else needs it (conda: {@code --only-deps}). The dependencies count as asked for.
   */
  ONLY,
  /**
   * Only what is asked for is installed or changed, whatever it depends on (conda: {@code
   * --no-deps}). It is chosen as if the dependencies came too; the environment may be broken.
   */
  LEFT_OUT
}
