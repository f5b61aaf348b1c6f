package io.jconda.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Builds a small wheel on the spot, so that pip has something to install where no index answers.
 */
final class SentimentWheel {
  private static final String MODULE =
      """
      import re

      import numpy as np

      WEIGHTS = {"love": 2.0, "great": 1.5, "nice": 1.0, "slow": -1.0, "awful": -2.0, "hate": -2.0}


      def analyse(text):
          weights = np.array([WEIGHTS.get(word, 0.0) for word in re.findall(r"[a-z]+", text.lower())])
          score = 1 / (1 + np.exp(-weights.sum()))
          return {"label": "POSITIVE" if score >= 0.5 else "NEGATIVE", "score": round(float(max(score, 1 - score)), 4)}
      """;

  private SentimentWheel() {}

  /** Writes {@code jconda_sentiment-1.0-py3-none-any.whl} into a folder. */
  static Path build(Path folder) throws IOException {
    String info = "jconda_sentiment-1.0.dist-info/";
    Map<String, String> files = new LinkedHashMap<>();
    files.put("jconda_sentiment.py", MODULE);
    files.put(info + "METADATA", "Metadata-Version: 2.1\nName: jconda-sentiment\nVersion: 1.0\n");
    files.put(
        info + "WHEEL",
        "Wheel-Version: 1.0\nGenerator: jconda\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
    StringBuilder record = new StringBuilder();
    files.keySet().forEach(name -> record.append(name).append(",,\n"));
    files.put(info + "RECORD", record.append(info).append("RECORD,,\n").toString());

    Path wheel = folder.resolve("jconda_sentiment-1.0-py3-none-any.whl");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return wheel;
  }

  /** Deletes the folder that the wheel was built in. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }
}
