package io.jconda.core.repodata;

/**
 * Is one record, not parsed.
 *
 * @param fileName the archive's name
 * @param buffer holds the record's JSON
 * @param offset where it begins
 * @param length how long it is
 */
record IndexEntry(String fileName, byte[] buffer, int offset, int length) {}
