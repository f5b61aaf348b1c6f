package io.jconda;

import io.jconda.spec.PackageRecord;

/** States what a {@link Plan} does with one package. Immutable. */
public sealed interface Change {
  /** Returns the package's name. */
  String name();

  /**
   * A package comes that was not there.
   *
   * @param after the package
   */
  record Added(PackageRecord after) implements Change {
    @Override
    public String name() {
      return after.name();
    }
  }

  /**
   * A package goes.
   *
   * @param before the package
   */
  record Removed(PackageRecord before) implements Change {
    @Override
    public String name() {
      return before.name();
    }
  }

  /**
   * Another version, build or source of a package takes the place of the one that is there.
   *
   * @param before the package that is there
   * @param after the package that comes
   */
  record Replaced(PackageRecord before, PackageRecord after) implements Change {
    @Override
    public String name() {
      return after.name();
    }

    /** Tells whether the version goes down. */
    public boolean isDowngrade() {
      return after.version().compareTo(before.version()) < 0;
    }
  }

  /**
   * The same package is linked again, because Python's minor version or its site-packages folder
   * changes.
   *
   * @param record the package
   */
  record Relinked(PackageRecord record) implements Change {
    @Override
    public String name() {
      return record.name();
    }
  }
}
