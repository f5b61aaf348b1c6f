package io.jconda.file;

import io.jconda.CanIgnoreReturnValue;
import io.jconda.InvalidFileException;
import io.jconda.InvalidSpecException;
import io.jconda.StorageException;
import io.jconda.spec.Channel;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.Platform;
import io.jconda.spi.CondaProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Is what an {@code environment.yml} says (CEP-24): channels, match specs, requirements for pip,
 * variables. Immutable. {@code EnvironmentRequest.from(file)} asks for it, {@code
 * Environment.export()} makes one.
 *
 * <p>Where lines have selectors, {@code # [win]} as conda-lock reads them or {@code sel(win):} as
 * micromamba does, those of one platform are kept when the file is read.
 */
public final class EnvironmentFile {
  private final @Nullable String name;
  private final List<Channel> channels;
  private final boolean defaultChannels;
  private final List<MatchSpec> dependencies;
  private final List<String> pip;
  private final Map<String, String> variables;
  private final List<Platform> platforms;
  private final @Nullable Path folder;
  private final List<String> warnings;

  private EnvironmentFile(Builder builder) {
    this.name = builder.name;
    this.channels = List.copyOf(builder.channels);
    this.defaultChannels = builder.defaultChannels;
    this.dependencies = List.copyOf(builder.dependencies);
    this.pip = List.copyOf(builder.pip);
    this.variables = new LinkedHashMap<>(builder.variables);
    this.platforms = List.copyOf(builder.platforms);
    this.folder = builder.folder;
    this.warnings = List.copyOf(builder.warnings);
  }

  /** Begins an empty one. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads a file, for this machine's platform. A file whose name ends in {@code .txt} is a list of
   * match specs, one on a line (CEP-23).
   *
   * @throws InvalidFileException if it is no such file, or a dependency cannot be read
   * @throws StorageException if the disk refuses
   */
  public static EnvironmentFile read(Path file) {
    return read(file, Platform.current());
  }

  /**
   * Reads a file, for a platform; otherwise as {@link #read(Path)} does.
   *
   * @param platform what selectors are about
   * @throws InvalidFileException if it is no such file, or a dependency cannot be read
   * @throws StorageException if the disk refuses
   */
  public static EnvironmentFile read(Path file, Platform platform) {
    return CondaProvider.load().userFiles().readEnvironment(file, platform);
  }

  /**
   * Reads the text of an {@code environment.yml}, for this machine's platform.
   *
   * @throws InvalidFileException if it is none, or a dependency cannot be read
   */
  public static EnvironmentFile parse(String text) {
    return CondaProvider.load().userFiles().parseEnvironment(text, Platform.current());
  }

  /** Returns the name that it proposes for the environment. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** Returns its channels, highest priority first. */
  public List<Channel> channels() {
    return channels;
  }

  /** Tells whether the client's channels come after its own: unless it says {@code nodefaults}. */
  public boolean defaultChannels() {
    return defaultChannels;
  }

  /** Returns what conda shall install. */
  public List<MatchSpec> dependencies() {
    return dependencies;
  }

  /** Returns what pip shall install after that: lines of a file of requirements. */
  public List<String> pip() {
    return pip;
  }

  /** Returns the variables that activating the environment shall set, in the file's order. */
  public Map<String, String> variables() {
    return java.util.Collections.unmodifiableMap(variables);
  }

  /** Returns the platforms that it says it is for; empty for any. JConda makes nothing of them. */
  public List<Platform> platforms() {
    return platforms;
  }

  /** Returns the folder that relative paths in {@link #pip()} count from: where it was read. */
  public Optional<Path> folder() {
    return Optional.ofNullable(folder);
  }

  /** Returns what reading it left aside, a sentence each: keys that nobody knows. */
  public List<String> warnings() {
    return warnings;
  }

  /** Returns the text of an {@code environment.yml} that says the same, without secrets. */
  public String toYaml() {
    return CondaProvider.load().userFiles().toYaml(this);
  }

  /**
   * Writes it to a file, which is replaced in one step if it is there.
   *
   * @param file its folder must exist
   * @return the file, absolute
   * @throws StorageException if the disk refuses
   */
  @CanIgnoreReturnValue
  public Path write(Path file) {
    return CondaProvider.load().userFiles().write(file, toYaml());
  }

  /** Returns what it is called and how much it asks for, on one line. */
  @Override
  public String toString() {
    return "EnvironmentFile[%s, channels=%s, %d dependencies, %d of pip]"
        .formatted(name().orElse("without a name"), channels, dependencies.size(), pip.size());
  }

  /** Collects what a file says. Not safe to share between threads. */
  public static final class Builder {
    private @Nullable String name;
    private final List<Channel> channels = new ArrayList<>();
    private boolean defaultChannels = true;
    private final List<MatchSpec> dependencies = new ArrayList<>();
    private final List<String> pip = new ArrayList<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final List<Platform> platforms = new ArrayList<>();
    private @Nullable Path folder;
    private final List<String> warnings = new ArrayList<>();

    private Builder() {}

    /** Sets the name that it proposes. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Adds channels, each of lower priority than those before it. */
    public Builder channels(List<Channel> more) {
      channels.addAll(more);
      return this;
    }

    /** Sets whether the client's channels come after its own; they do if this is not called. */
    public Builder defaultChannels(boolean defaultChannels) {
      this.defaultChannels = defaultChannels;
      return this;
    }

    /** Adds what conda shall install. */
    public Builder dependencies(List<MatchSpec> more) {
      dependencies.addAll(more);
      return this;
    }

    /**
     * Adds what conda shall install.
     *
     * @throws InvalidSpecException if one cannot be read
     */
    public Builder dependencies(String... more) {
      return dependencies(Arrays.stream(more).map(MatchSpec::parse).toList());
    }

    /** Adds what pip shall install. */
    public Builder pip(List<String> more) {
      pip.addAll(more);
      return this;
    }

    /** Adds what pip shall install. */
    public Builder pip(String... more) {
      return pip(List.of(more));
    }

    /** Sets a variable of the environment. */
    public Builder variable(String name, String value) {
      variables.put(name, value);
      return this;
    }

    /** Adds platforms that it is for. */
    public Builder platforms(List<Platform> more) {
      platforms.addAll(more);
      return this;
    }

    /** Sets what relative paths for pip count from. */
    public Builder folder(Path folder) {
      this.folder = folder;
      return this;
    }

    /** Adds a sentence about what was left aside. */
    public Builder warning(String warning) {
      warnings.add(warning);
      return this;
    }

    /** Returns the file. */
    public EnvironmentFile build() {
      return new EnvironmentFile(this);
    }
  }
}
