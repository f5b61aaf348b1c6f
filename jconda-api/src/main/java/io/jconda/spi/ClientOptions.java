package io.jconda.spi;

import io.jconda.CondaClient;
import io.jconda.progress.ProgressListener;
import io.jconda.spec.Channel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Holds the options of a client, as {@link CondaClient.Builder} collected them. Immutable.
 *
 * @param root where everything lies; empty for the default
 * @param channels the channels of requests that name none
 * @param offline whether no request may use the network
 * @param readEnvironment whether {@code CONDA_*} variables are honoured
 * @param registerEnvironments whether {@code ~/.conda/environments.txt} is kept
 * @param progress who hears of requests that name no listener
 * @param origin the client whose connections and threads are shared; empty for new ones
 * @param permanent whether closing the client has no effect, as for the one that {@link
 *     io.jconda.Conda} shares
 */
public record ClientOptions(
    Optional<Path> root,
    List<Channel> channels,
    boolean offline,
    boolean readEnvironment,
    boolean registerEnvironments,
    ProgressListener progress,
    Optional<CondaClient> origin,
    boolean permanent) {
  /** What a client has of which nothing is said. */
  public static final ClientOptions DEFAULTS =
      new ClientOptions(
          Optional.empty(),
          List.of(Channel.CONDA_FORGE),
          false,
          false,
          false,
          event -> {},
          Optional.empty(),
          false);

  /** Copies the list. */
  public ClientOptions {
    channels = List.copyOf(channels);
  }

  /** Returns these options with another {@link #root()}. */
  public ClientOptions withRoot(Optional<Path> newRoot) {
    return new ClientOptions(
        newRoot,
        channels,
        offline,
        readEnvironment,
        registerEnvironments,
        progress,
        origin,
        permanent);
  }

  /** Returns these options with other {@link #channels()}. */
  public ClientOptions withChannels(List<Channel> newChannels) {
    return new ClientOptions(
        root,
        newChannels,
        offline,
        readEnvironment,
        registerEnvironments,
        progress,
        origin,
        permanent);
  }

  /** Returns these options with another {@link #offline()}. */
  public ClientOptions withOffline(boolean newOffline) {
    return new ClientOptions(
        root,
        channels,
        newOffline,
        readEnvironment,
        registerEnvironments,
        progress,
        origin,
        permanent);
  }

  /** Returns these options with another {@link #readEnvironment()}. */
  public ClientOptions withReadEnvironment(boolean read) {
    return new ClientOptions(
        root, channels, offline, read, registerEnvironments, progress, origin, permanent);
  }

  /** Returns these options with another {@link #registerEnvironments()}. */
  public ClientOptions withRegisterEnvironments(boolean register) {
    return new ClientOptions(
        root, channels, offline, readEnvironment, register, progress, origin, permanent);
  }

  /** Returns these options with another {@link #progress()}. */
  public ClientOptions withProgress(ProgressListener listener) {
    return new ClientOptions(
        root,
        channels,
        offline,
        readEnvironment,
        registerEnvironments,
        listener,
        origin,
        permanent);
  }

  /** Returns these options with another {@link #origin()}. */
  public ClientOptions withOrigin(CondaClient client) {
    return new ClientOptions(
        root,
        channels,
        offline,
        readEnvironment,
        registerEnvironments,
        progress,
        Optional.of(client),
        false);
  }

  /** Returns these options for a client that is never closed. */
  public ClientOptions asPermanent() {
    return new ClientOptions(
        root, channels, offline, readEnvironment, registerEnvironments, progress, origin, true);
  }
}
