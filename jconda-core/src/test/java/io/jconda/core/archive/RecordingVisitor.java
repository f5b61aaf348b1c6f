package io.jconda.core.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Keeps all that it hears of an archive. */
final class RecordingVisitor implements EntryVisitor {
  final List<String> paths = new ArrayList<>();
  final Map<String, FileEntry> entries = new TreeMap<>();
  final Map<String, byte[]> files = new TreeMap<>();
  final Map<String, String> symbolicLinks = new TreeMap<>();
  final Map<String, String> hardLinks = new TreeMap<>();
  final List<String> folders = new ArrayList<>();

  FileEntry entry(String path) {
    return Objects.requireNonNull(entries.get(path), path);
  }

  byte[] content(String path) {
    return Objects.requireNonNull(files.get(path), path);
  }

  @Override
  public void directory(String path) {
    folders.add(path);
  }

  @Override
  public void file(FileEntry entry, InputStream content) throws IOException {
    paths.add(entry.path());
    entries.put(entry.path(), entry);
    files.put(entry.path(), content.readAllBytes());
  }

  @Override
  public void symbolicLink(String path, String target) {
    paths.add(path);
    symbolicLinks.put(path, target);
  }

  @Override
  public void hardLink(String path, String existingPath) {
    paths.add(path);
    hardLinks.put(path, existingPath);
  }
}
