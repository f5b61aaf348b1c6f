package io.jconda.core.solver;

import java.util.Comparator;

/**
 * Says that choices of one name ask something of another: the unit of which an explanation is made,
 * whatever number of versions do so.
 *
 * @param from the name that asks
 * @param to the name that is asked for
 */
record Link(String from, String to) implements Comparable<Link> {
  private static final Comparator<Link> ORDER =
      Comparator.comparing(Link::from).thenComparing(Link::to);

  @Override
  public int compareTo(Link other) {
    return ORDER.compare(this, other);
  }
}
