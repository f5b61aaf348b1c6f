package io.jconda.core.config;

import io.jconda.Configuration.Code;
import io.jconda.Configuration.Default;
import io.jconda.Configuration.Origin;
import io.jconda.Configuration.SystemProperty;
import io.jconda.Configuration.Variable;
import io.jconda.ConfigurationException;
import io.jconda.spi.ClientOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Collects where settings come from, and resolves them. Not safe to share between threads. */
public final class SettingsBuilder {
  private static final String OVERRIDE = "CONDA_OVERRIDE_";

  private ClientOptions options = ClientOptions.DEFAULTS;
  private Surroundings surroundings = Surroundings.current();

  SettingsBuilder() {}

  /**
   * Is what the sources come to.
   *
   * @param options what code says
   * @param root where everything lies
   * @param rootOrigin who says so
   * @param environment the variables, as far as the client reads them
   * @param overrides the variables that override virtual packages
   * @param values what all sources say, put together
   * @param surroundings the machine
   */
  record Resolved(
      ClientOptions options,
      Path root,
      Origin rootOrigin,
      Map<String, String> environment,
      Map<String, String> overrides,
      Values values,
      Surroundings surroundings) {}

  /** Sets what code says, in the place of what was set. */
  public SettingsBuilder options(ClientOptions options) {
    this.options = options;
    return this;
  }

  /**
   * Sets the root; without it, it is the system property {@code jconda.root}, else the variable
   * {@code JCONDA_ROOT}, else {@code ~/.jconda}.
   */
  public SettingsBuilder root(Path root) {
    return options(options.toBuilder().root(root).build());
  }

  /** Sets how long an index counts as fresh, whatever its server says. */
  public SettingsBuilder indexLifetime(Duration indexLifetime) {
    return options(options.toBuilder().indexLifetime(indexLifetime).build());
  }

  /** Sets whether conda's variables count, and JConda's but for the root's, which always does. */
  public SettingsBuilder readEnvironment(boolean readEnvironment) {
    return options(options.toBuilder().readEnvironment(readEnvironment).build());
  }

  /** Sets the environment to read instead of the JVM's. */
  public SettingsBuilder environment(Map<String, String> environment) {
    return surroundings(surroundings.withEnvironment(environment));
  }

  SettingsBuilder surroundings(Surroundings surroundings) {
    this.surroundings = surroundings;
    return this;
  }

  /**
   * Reads what is to be read, and resolves the settings.
   *
   * @throws ConfigurationException if a source holds something that cannot be used
   */
  public Settings build() {
    boolean variables = options.readEnvironment() && !isSet("no_env");
    Sources sources = new Sources();
    if (options.readConfiguration() && !isSet("no_rc")) {
      SearchPath.files(surroundings).forEach(sources::addFile);
    }
    for (Path file : options.configurationFiles()) {
      if (!Files.exists(file)) {
        throw new ConfigurationException(
            "The configuration file %s does not exist.".formatted(file),
            "Write it, or leave it out.");
      }
      sources.addFile(file);
    }
    if (variables) {
      sources.addVariables("CONDA_", surroundings);
      sources.addVariables("JCONDA_", surroundings);
      sources.addProperties(surroundings);
    }
    Map<Key, RawValue> merged = new EnumMap<>(Key.class);
    for (Key key : Key.values()) {
      if (!sources.of(key).isEmpty()) {
        merged.put(key, Merge.of(sources.of(key)));
      }
    }
    sources.code(options.settings()).forEach((key, value) -> merged.merge(key, value, Merge::code));
    Values values =
        new Values(merged, new Variables(surroundings.environment(), surroundings.windows()));
    Map.Entry<Path, Origin> root = root();
    return new Settings(
        new Resolved(
            options,
            root.getKey(),
            root.getValue(),
            variables ? surroundings.environment() : Map.of(),
            variables ? overrides() : Map.of(),
            values,
            surroundings));
  }

  /** Reads a switch of JConda's own, which has to work where nothing else is read. */
  private boolean isSet(String name) {
    Optional<String> text =
        surroundings
            .property("jconda." + name)
            .or(() -> surroundings.variable("JCONDA_" + Key.variable(name)));
    return text.flatMap(Values::truth).orElse(text.isPresent());
  }

  private Map.Entry<Path, Origin> root() {
    if (options.root().isPresent()) {
      return Map.entry(options.root().get().toAbsolutePath().normalize(), new Code());
    }
    Optional<String> property = surroundings.property("jconda.root");
    if (property.isPresent()) {
      return Map.entry(surroundings.path(property.get()), new SystemProperty("jconda.root"));
    }
    return surroundings
        .variable("JCONDA_ROOT")
        .map(text -> Map.<Path, Origin>entry(surroundings.path(text), new Variable("JCONDA_ROOT")))
        .orElseGet(() -> Map.entry(surroundings.path("~/.jconda"), new Default()));
  }

  private Map<String, String> overrides() {
    Map<String, String> found = new TreeMap<>();
    surroundings
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith(OVERRIDE)) {
                found.put(name, value);
              }
            });
    return Map.copyOf(found);
  }
}
