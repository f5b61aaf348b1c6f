package io.jconda.solve;

/** Tells how the order of channels counts when packages are chosen. */
public enum ChannelPriority {
  /**
   * A package comes only from the highest channel that has its name; all lower ones are shut for
   * that name.
   */
  STRICT,
  /** A lower channel serves where no candidate of a higher one fits. */
  FLEXIBLE,
  /** The order counts only between candidates that are otherwise equal. */
  DISABLED
}
