package io.jconda;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Tells what a client's settings are and where each came from; see {@link CondaClient#explain()}.
 *
 * <p>Values are texts for people: as they were written, variables such as {@code $TOKEN} not
 * replaced, and without passwords and tokens. Immutable.
 *
 * @param entries the settings, by key
 */
public record Configuration(List<Entry> entries) {
  /** Copies the list. */
  public Configuration {
    entries = List.copyOf(entries);
  }

  /**
   * Returns a setting.
   *
   * @param key its name in {@code .condarc}, or {@code root}
   */
  public Optional<Entry> entry(String key) {
    return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
  }

  /** Returns one line per setting, and one per element of those that were put together. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries) {
      if (entry.elements().isEmpty()) {
        text.append("%s: %s  # %s%n".formatted(entry.key(), entry.value(), entry.origin()));
        continue;
      }
      text.append("%s:%n".formatted(entry.key()));
      for (Element element : entry.elements()) {
        String name = element.name().isEmpty() ? "-" : element.name() + ":";
        text.append("  %s %s  # %s%n".formatted(name, element.value(), element.origin()));
      }
    }
    return text.toString();
  }

  /**
   * Is one setting.
   *
   * @param key its name in {@code .condarc}, or {@code root}
   * @param value what counts
   * @param origin where it came from; of a list or map, the strongest place that took part
   * @param elements the elements of a list or map, in the order that counts; empty for others
   */
  public record Entry(String key, String value, Origin origin, List<Element> elements) {
    /** Copies the list. */
    public Entry {
      elements = List.copyOf(elements);
    }
  }

  /**
   * Is one element of a list or map.
   *
   * @param name the name in a map; empty in a list
   * @param value what counts
   * @param origin where it came from
   */
  public record Element(String name, String value, Origin origin) {}

  /** Is a place that settings come from. Each prints as a person would name it. */
  public sealed interface Origin {}

  /** Is the application, by way of a builder. */
  public record Code() implements Origin {
    @Override
    public String toString() {
      return "code";
    }
  }

  /**
   * Is a system property of the JVM.
   *
   * @param name its name
   */
  public record SystemProperty(String name) implements Origin {
    @Override
    public String toString() {
      return "system property " + name;
    }
  }

  /**
   * Is a variable of the environment.
   *
   * @param name its name
   */
  public record Variable(String name) implements Origin {
    @Override
    public String toString() {
      return "variable " + name;
    }
  }

  /**
   * Is a line of a file.
   *
   * @param file the file, absolute
   * @param line the line, from 1
   */
  public record FileLine(Path file, int line) implements Origin {
    @Override
    public String toString() {
      return file + " line " + line;
    }
  }

  /** Is what counts where nothing is said. */
  public record Default() implements Origin {
    @Override
    public String toString() {
      return "default";
    }
  }
}
