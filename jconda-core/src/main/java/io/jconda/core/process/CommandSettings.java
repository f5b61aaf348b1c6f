package io.jconda.core.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
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
 */
record CommandSettings(
    List<String> line,
    @Nullable Path directory,
    Map<String, Optional<String>> overrides,
    @Nullable String stdinText,
    @Nullable Path stdinFile,
    Charset charset,
    boolean mergesErrors,
    @Nullable Consumer<String> onLine,
    @Nullable Consumer<String> onErrorLine,
    boolean inheritsIO,
    long maxOutput,
    @Nullable Duration timeout) {

  private static final long MAX_OUTPUT = 64L << 20;

  static CommandSettings of(List<String> line) {
    return new CommandSettings(
        line,
        null,
        Map.of(),
        null,
        null,
        StandardCharsets.UTF_8,
        false,
        null,
        null,
        false,
        MAX_OUTPUT,
        null);
  }

  CommandSettings withDirectory(Path directory) {
    return new CommandSettings(
        line,
        directory,
        overrides,
        stdinText,
        stdinFile,
        charset,
        mergesErrors,
        onLine,
        onErrorLine,
        inheritsIO,
        maxOutput,
        timeout);
  }

  CommandSettings withOverride(String name, Optional<String> value) {
    Map<String, Optional<String>> more = new LinkedHashMap<>(overrides);
    more.put(name, value);
    return new CommandSettings(
        line,
        directory,
        more,
        stdinText,
        stdinFile,
        charset,
        mergesErrors,
        onLine,
        onErrorLine,
        inheritsIO,
        maxOutput,
        timeout);
  }

  CommandSettings withStdin(@Nullable String text, @Nullable Path file) {
    return new CommandSettings(
        line,
        directory,
        overrides,
        text,
        file,
        charset,
        mergesErrors,
        onLine,
        onErrorLine,
        inheritsIO,
        maxOutput,
        timeout);
  }

  CommandSettings withCharset(Charset charset) {
    return new CommandSettings(
        line,
        directory,
        overrides,
        stdinText,
        stdinFile,
        charset,
        mergesErrors,
        onLine,
        onErrorLine,
        inheritsIO,
        maxOutput,
        timeout);
  }

  CommandSettings withMergedErrors() {
    return new CommandSettings(
        line,
        directory,
        overrides,
        stdinText,
        stdinFile,
        charset,
        true,
        onLine,
        onErrorLine,
        inheritsIO,
        maxOutput,
        timeout);
  }

  CommandSettings withListeners(
      @Nullable Consumer<String> onLine, @Nullable Consumer<String> onErrorLine) {
    return new CommandSettings(
        line,
        directory,
        overrides,
        stdinText,
        stdinFile,
        charset,
        mergesErrors,
        onLine,
        onErrorLine,
        inheritsIO,
        maxOutput,
        timeout);
  }

  CommandSettings withInheritedIO() {
    return new CommandSettings(
        line,
        directory,
        overrides,
        stdinText,
        stdinFile,
        charset,
        mergesErrors,
        onLine,
        onErrorLine,
        true,
        maxOutput,
        timeout);
  }

  CommandSettings withMaxOutput(long bytes) {
    return new CommandSettings(
        line,
        directory,
        overrides,
        stdinText,
        stdinFile,
        charset,
        mergesErrors,
        onLine,
        onErrorLine,
        inheritsIO,
        bytes,
        timeout);
  }

  CommandSettings withTimeout(Duration limit) {
    return new CommandSettings(
        line,
        directory,
        overrides,
        stdinText,
        stdinFile,
        charset,
        mergesErrors,
        onLine,
        onErrorLine,
        inheritsIO,
        maxOutput,
        limit);
  }

  boolean isListenedTo() {
    return onLine != null || onErrorLine != null;
  }
}
