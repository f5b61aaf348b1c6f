package io.jconda.core.prefix;

import java.util.Locale;

/** Tells what a path of a record is, and how it was made (CEP-32: {@code path_type}). */
public enum PathType {
  /** A file of the package, linked or copied. */
  HARDLINK,
  /** A symbolic link of the package. */
  SOFTLINK,
  /** A folder that the package names. */
  DIRECTORY,
  /** Byte code that was compiled here. */
  PYC_FILE,
  /** The script of an entry point. */
  UNIX_PYTHON_ENTRY_POINT,
  /** The script of an entry point that a launcher starts. */
  WINDOWS_PYTHON_ENTRY_POINT_SCRIPT,
  /** The launcher of an entry point. */
  WINDOWS_PYTHON_ENTRY_POINT_EXE,
  /** The record itself. */
  LINKED_PACKAGE_RECORD;

  /** Returns the word that stands in records, such as {@code pyc_file}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the type of a word, {@link #HARDLINK} (CEP-32's default) for one that is not known. */
  public static PathType ofWord(String word) {
    for (PathType type : values()) {
      if (type.word().equals(word)) {
        return type;
      }
    }
    return HARDLINK;
  }
}
