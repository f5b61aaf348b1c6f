package io.jconda.spi;

/** Holds what an application says about connections. Immutable. */
public final class NetworkOptions {
  /** What a client has of which nothing is said. */
  public static final NetworkOptions DEFAULTS = new Builder().build();

  private NetworkOptions() {}

  /** Starts other options from these. */
  public Builder toBuilder() {
    return new Builder();
  }

  /** Collects options. Not safe to share between threads. */
  public static final class Builder {
    private Builder() {}

    /** Returns the options. */
    public NetworkOptions build() {
      return new NetworkOptions();
    }
  }
}
