package io.jconda;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signals that another process or thread is changing the environment and did not finish within the
 * time allowed.
 */
public final class EnvironmentBusyException extends CondaException {
  private final transient Path prefix;
  private final long pid;
  private final String host;
  private final @Nullable Instant since;

  /**
   * Creates an exception.
   *
   * @param prefix the environment that is held
   * @param pid the holder's process id, or -1 if it is not known
   * @param host the holder's host name, or an empty string if it is not known
   * @param since when the holder took it, or null if that is not known
   */
  public EnvironmentBusyException(Path prefix, long pid, String host, @Nullable Instant since) {
    super(
        "The environment %s is being changed by process %s%s%s."
            .formatted(
                prefix,
                pid < 0 ? "(unknown)" : String.valueOf(pid),
                host.isEmpty() ? "" : " on " + host,
                since == null ? "" : " since " + since),
        "Wait until it has finished, or end that process, and try again.");
    this.prefix = prefix;
    this.pid = pid;
    this.host = host;
    this.since = since;
  }

  /** Returns the environment that is held. */
  public Path prefix() {
    return prefix;
  }

  /** Returns the holder's process id, or -1 if it is not known. */
  public long pid() {
    return pid;
  }

  /** Returns the holder's host name, or an empty string if it is not known. */
  public String host() {
    return host;
  }

  /** Returns when the holder took the environment, if that is known. */
  public Optional<Instant> since() {
    return Optional.ofNullable(since);
  }
}
