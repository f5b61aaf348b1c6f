package io.jconda.core.query;

/** Bounds the trees of one answer. For one thread. */
public final class TreeLimits {
  private final int depth;
  private final int nodes;
  private int taken;
  private boolean exceeded;

  /**
   * Makes limits.
   *
   * @param depth how many levels there may be below a root
   * @param nodes how many nodes there may be in all trees together
   */
  public TreeLimits(int depth, int nodes) {
    this.depth = depth;
    this.nodes = nodes;
  }

  int depth() {
    return depth;
  }

  /** Takes room for one node, if there is any. */
  boolean take() {
    if (taken >= nodes) {
      exceeded = true;
      return false;
    }
    taken++;
    return true;
  }

  /** Tells whether a node found no room. */
  public boolean isExceeded() {
    return exceeded;
  }
}
