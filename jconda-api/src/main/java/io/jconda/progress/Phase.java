package io.jconda.progress;

/** Names the parts that an operation is made of. */
public enum Phase {
  /** Indexes of channels are loaded. */
  INDEX,
  /** The set of packages is chosen. */
  SOLVE,
  /** Archives are downloaded, checked and stored. */
  FETCH,
  /** Packages leave the prefix. */
  UNLINK,
  /** Packages enter the prefix. */
  LINK,
  /** Python modules are compiled to byte code. */
  COMPILE,
  /** pip installs or removes distributions. */
  PIP
}
