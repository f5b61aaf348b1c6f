package io.jconda.solve;

/**
 * Tells what is known of a solution: no other one is better for one requested package and worse for
 * none. "Better" counts tracked features, channel, version and build number, in this order.
 */
public enum Optimality {
  /** There is no better solution. */
  PROVED,
  /** None was found within the budget of the search; there may be one. */
  BEST_FOUND
}
