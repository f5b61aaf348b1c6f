package io.jconda;

import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells what a client works with. Immutable.
 *
 * @param version JConda's version
 * @param root the folder of cache, indexes and named environments
 * @param environmentsFolder the folder of named environments
 * @param cacheFolder the folder of the package cache
 * @param platform the machine's platform
 * @param channels the channels of requests that name none
 * @param virtualPackages what the machine has: {@code __linux}, {@code __glibc}, ...
 * @param offline whether the client is offline
 */
public record ClientInfo(
    String version,
    Path root,
    Path environmentsFolder,
    Path cacheFolder,
    Platform platform,
    List<Channel> channels,
    List<PackageRecord> virtualPackages,
    boolean offline) {
  /** Copies the lists. */
  public ClientInfo {
    channels = List.copyOf(channels);
    virtualPackages = List.copyOf(virtualPackages);
  }
}
