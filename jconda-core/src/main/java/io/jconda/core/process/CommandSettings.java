package io.jconda.core.process;

import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a command is set to.
 *
 * @param overrides what the caller sets; a variable that they take away has no value
 * @param maxOutput bytes for each output
 * @param teeFile what both outputs are copied to
 * @param logName the logger that hears both outputs
 */
record CommandSettings(
    List<String> line,
    @Nullable Path directory,
    Map<String, Optional<String>> overrides,
    Input input,
    Charset charset,
    boolean mergesErrors,
    @Nullable Consumer<String> onLine,
    @Nullable Consumer<String> onErrorLine,
    boolean inheritsIO,
    long maxOutput,
    @Nullable Duration timeout,
    @Nullable Path teeFile,
    @Nullable String logName) {

  private static final long MAX_OUTPUT = 64L << 20;

  /** Is what the program reads. */
  sealed interface Input {}

  /** An end at once; with {@code start} what the caller writes. */
  record NoInput() implements Input {}

  /** Text, in the command's charset. */
  record TextInput(String text) implements Input {}

  /** A file, opened by the program's own process. */
  record FileInput(Path file) implements Input {}

  /** What a stream of the caller's still holds. */
  record StreamInput(InputStream stream) implements Input {}

  static CommandSettings of(List<String> line) {
    return new Draft(line).settings();
  }

  /** Returns a copy with something changed. */
  CommandSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** Tells whether lines are wanted as they come. */
  boolean isListenedTo() {
    return onLine != null || onErrorLine != null || logName != null;
  }

  /** Tells whether we must read the outputs ourselves. */
  boolean isFollowed() {
    return isListenedTo() || teeFile != null;
  }

  /** Is a copy under change. */
  static final class Draft {
    private final List<String> line;
    @Nullable Path directory;
    Map<String, Optional<String>> overrides = Map.of();
    Input input = new NoInput();
    Charset charset = StandardCharsets.UTF_8;
    boolean mergesErrors;
    @Nullable Consumer<String> onLine;
    @Nullable Consumer<String> onErrorLine;
    boolean inheritsIO;
    long maxOutput = MAX_OUTPUT;
    @Nullable Duration timeout;
    @Nullable Path teeFile;
    @Nullable String logName;

    private Draft(List<String> line) {
      this.line = line;
    }

    private Draft(CommandSettings from) {
      this.line = from.line;
      this.directory = from.directory;
      this.overrides = from.overrides;
      this.input = from.input;
      this.charset = from.charset;
      this.mergesErrors = from.mergesErrors;
      this.onLine = from.onLine;
      this.onErrorLine = from.onErrorLine;
      this.inheritsIO = from.inheritsIO;
      this.maxOutput = from.maxOutput;
      this.timeout = from.timeout;
      this.teeFile = from.teeFile;
      this.logName = from.logName;
    }

    private CommandSettings settings() {
      return new CommandSettings(
          line,
          directory,
          overrides,
          input,
          charset,
          mergesErrors,
          onLine,
          onErrorLine,
          inheritsIO,
          maxOutput,
          timeout,
          teeFile,
          logName);
    }
  }
}
