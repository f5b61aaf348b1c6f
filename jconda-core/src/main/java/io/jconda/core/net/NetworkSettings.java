package io.jconda.core.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Says how a {@link Network} behaves. Immutable. */
public final class NetworkSettings {
  private final boolean offline;
  private final Duration connectTimeout;
  private final Duration readTimeout;
  private final int retries;
  private final Duration backOff;
  private final Duration longestWait;
  private final List<Credential> credentials;

  private NetworkSettings(Builder builder) {
    this.offline = builder.offline;
    this.connectTimeout = builder.connectTimeout;
    this.readTimeout = builder.readTimeout;
    this.retries = builder.retries;
    this.backOff = builder.backOff;
    this.longestWait = builder.longestWait;
    this.credentials = List.copyOf(builder.credentials);
  }

  /** Returns what holds unless something else is said. */
  public static NetworkSettings defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Tells whether http and https are forbidden; folders can be read all the same. */
  public boolean offline() {
    return offline;
  }

  /** Returns how long a connection may take to come about. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** Returns how long a server may be silent within an answer. */
  public Duration readTimeout() {
    return readTimeout;
  }

  /** Returns how often a request is repeated after it failed. */
  public int retries() {
    return retries;
  }

  /** Returns the wait before the first repetition, give or take a half; each next is twice it. */
  public Duration backOff() {
    return backOff;
  }

  /** Returns the longest wait before a repetition, whatever the server asks for. */
  public Duration longestWait() {
    return longestWait;
  }

  /** Returns credentials beside those that channels bring along. */
  public List<Credential> credentials() {
    return credentials;
  }

  /** Collects settings. Not safe to share between threads. */
  public static final class Builder {
    private boolean offline;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration readTimeout = Duration.ofSeconds(60);
    private int retries = 3;
    private Duration backOff = Duration.ofMillis(500);
    private Duration longestWait = Duration.ofSeconds(30);
    private final List<Credential> credentials = new ArrayList<>();

    private Builder() {}

    /** Forbids or allows http and https; allowed by default. */
    public Builder offline(boolean offline) {
      this.offline = offline;
      return this;
    }

    /** Sets how long a connection may take to come about; 10 seconds by default. */
    public Builder connectTimeout(Duration connectTimeout) {
      this.connectTimeout = positive(connectTimeout);
      return this;
    }

    /** Sets how long a server may be silent within an answer; a minute by default. */
    public Builder readTimeout(Duration readTimeout) {
      this.readTimeout = positive(readTimeout);
      return this;
    }

    /**
     * Sets how often a request is repeated after it failed; 3 by default.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder retries(int retries) {
      if (retries < 0) {
        throw new IllegalArgumentException("There cannot be " + retries + " retries.");
      }
      this.retries = retries;
      return this;
    }

    /** Sets the wait before the first repetition; half a second by default. */
    public Builder backOff(Duration backOff) {
      this.backOff = positive(backOff);
      return this;
    }

    /** Sets the longest wait before a repetition; half a minute by default. */
    public Builder longestWait(Duration longestWait) {
      this.longestWait = positive(longestWait);
      return this;
    }

    /** Adds a credential. */
    public Builder credential(Credential credential) {
      credentials.add(credential);
      return this;
    }

    /** Makes the settings. */
    public NetworkSettings build() {
      return new NetworkSettings(this);
    }

    private static Duration positive(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("A time must be longer than " + duration + ".");
      }
      return duration;
    }
  }
}
