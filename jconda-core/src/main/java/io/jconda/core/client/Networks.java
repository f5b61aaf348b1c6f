package io.jconda.core.client;

import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds the networks of a client and of those derived from it. Clients with equal settings share
 * one, and with it its connections; each network ends with the last client that uses it.
 * Thread-safe.
 */
final class Networks {
  private final Map<NetworkSettings, Shared> networks = new HashMap<>();

  private static final class Shared {
    private final Network network;
    private int users;

    Shared(Network network) {
      this.network = network;
    }
  }

  /** Returns the network with given settings, and counts one more client of it. */
  synchronized Network retain(NetworkSettings settings) {
    Shared shared = networks.computeIfAbsent(settings, key -> new Shared(new Network(key)));
    shared.users++;
    return shared.network;
  }

  /** Counts one client less, and closes the network with the last one. */
  void release(NetworkSettings settings) {
    Network ended;
    synchronized (this) {
      Shared shared = networks.get(settings);
      if (shared == null || --shared.users > 0) {
        return;
      }
      networks.remove(settings);
      ended = shared.network;
    }
    ended.close();
  }
}
