package io.jconda.query;

import io.jconda.spec.PackageRecord;
import java.util.ArrayList;
import java.util.List;

/** Lays out rows such that their columns stand below each other. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  private TextTable(List<String> head) {
    rows.add(head);
  }

  static TextTable of(List<String> head) {
    return new TextTable(head);
  }

  /**
   * Returns channel and subdir as a table has room for them: of a URL the last part, which tells
   * channels apart well enough.
   */
  static String place(PackageRecord record) {
    String channel = record.channel();
    String name =
        channel.contains("://") ? channel.substring(channel.lastIndexOf('/') + 1) : channel;
    return name.isEmpty() ? record.subdir() : name + "/" + record.subdir();
  }

  TextTable rows(List<List<String>> more) {
    rows.addAll(more);
    return this;
  }

  List<String> lines() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
