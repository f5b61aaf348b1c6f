package io.jconda.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.InstalledDistribution;
import java.util.List;

/** Prints what {@code pip} prints with {@code --format json}, and more. */
final class PipJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private PipJson() {}

  /** Prints how an installation or its removal ended. */
  static String changed(boolean success) {
    return JSON.objectNode().put("success", success).toPrettyString();
  }

  /** Prints lines of pip's. */
  static String lines(List<String> lines) {
    ArrayNode document = JSON.arrayNode();
    lines.forEach(document::add);
    return document.toPrettyString();
  }

  /** Prints what Python sees, with pip's own keys first (pip: {@code commands/list.py}). */
  static String list(List<InstalledDistribution> found) {
    ArrayNode document = JSON.arrayNode();
    for (InstalledDistribution one : found) {
      ObjectNode entry = document.addObject();
      entry.put("name", one.name()).put("version", one.version());
      one.editable()
          .ifPresent(project -> entry.put("editable_project_location", project.toString()));
      entry.put("installer", one.installer()).put("of_conda", one.isOfConda());
      one.source().ifPresent(url -> entry.put("source", url));
    }
    return document.toPrettyString();
  }
}
