package io.jconda.file;

/** Says how exactly an exported file names packages (conda: {@code cli/main_env_export.py}). */
public enum ExportDetail {
  /** Name, version and build of every package: the same again, on the same platform. */
  BUILDS,

  /** Name and version of every package. */
  VERSIONS,

  /** What was asked for, as the environment's history has it: for other platforms and for years. */
  REQUESTED
}
