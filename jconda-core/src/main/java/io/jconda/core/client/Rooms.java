package io.jconda.core.client;

import io.jconda.core.cache.PackageCache;
import io.jconda.core.install.Installer;
import io.jconda.core.repodata.Repodata;

/**
 * Holds the rooms that differ between work that may use the network and work that may not.
 *
 * @param repodata loads indexes
 * @param cache fetches packages
 * @param installer applies plans
 */
record Rooms(Repodata repodata, PackageCache cache, Installer installer) {}
