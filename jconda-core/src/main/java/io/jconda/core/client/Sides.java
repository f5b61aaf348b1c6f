package io.jconda.core.client;

import io.jconda.core.cache.CacheFolders;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.install.Installer;
import io.jconda.core.install.PrefixLocks;
import io.jconda.core.net.Network;
import io.jconda.core.repodata.Repodata;
import io.jconda.spi.ClientOptions;

/**
 * Holds a client's rooms twice: for work that may use the network, and for work that may not.
 *
 * @param online may use it
 * @param offline may not
 */
record Sides(Rooms online, Rooms offline) {
  static Sides of(
      ClientOptions options, Settings settings, Disk disk, PrefixLocks locks, Network network) {
    return new Sides(
        rooms(options, settings, disk, locks, network),
        rooms(options, settings, disk, locks, network.offline(true)));
  }

  private static Rooms rooms(
      ClientOptions options, Settings settings, Disk disk, PrefixLocks locks, Network network) {
    CacheFolders folders = new CacheFolders(settings.root(), settings.packageFolders());
    int atOnce = settings.fetchThreads().orElse(PackageCache.MOST_AT_ONCE);
    PackageCache cache = new PackageCache(folders, disk, network, options.keepArchives(), atOnce);
    return new Rooms(
        new Repodata(network, settings, disk),
        cache,
        new Installer(cache, locks, disk, settings.root()));
  }

  Rooms of(boolean withoutNetwork) {
    return withoutNetwork ? offline : online;
  }

  Rooms of(Wanted wanted) {
    return of(wanted.offline());
  }
}
