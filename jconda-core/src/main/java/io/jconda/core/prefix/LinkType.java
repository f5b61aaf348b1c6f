package io.jconda.core.prefix;

/** Tells how a package came into a prefix: {@code link.type} of its record (CEP-32). */
public enum LinkType {
  /** By hard links to a package cache. */
  HARD(1),
  /** By symbolic links to a package cache. */
  SOFT(2),
  /** By copies, or by anything else that shares no file with a cache. */
  COPY(3),
  /** As a folder; no tool writes it for a package. */
  DIRECTORY(4);

  private final int code;

  LinkType(int code) {
    this.code = code;
  }

  /** Returns the number that stands in records. */
  public int code() {
    return code;
  }

  /** Returns the type of a number, {@link #COPY} for one that nobody defined. */
  public static LinkType ofCode(int code) {
    for (LinkType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return COPY;
  }
}
