package io.jconda.core.repodata;

import io.jconda.ChannelException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Is a subdir with its index, for one operation.
 *
 * @param archives where its archives lie, with a slash at the end
 * @param fetched what was fetched, by name, and is about to be read
 */
record LoadedSubdir(
    Subdir subdir, SubdirIndex index, String archives, Map<String, byte[]> fetched) {
  /**
   * Finds out where the archives lie.
   *
   * @throws ChannelException if the index says something that cannot be
   */
  static LoadedSubdir of(Subdir subdir, SubdirIndex index) {
    try {
      return new LoadedSubdir(
          subdir, index, subdir.archives(index.baseUrl()), new ConcurrentHashMap<>());
    } catch (MalformedIndexException e) {
      throw new ChannelException(
          "Channel %s: the index for %s is of no use: %s."
              .formatted(subdir.channel(), subdir.platform(), e.getMessage()),
          "Tell the owner of the channel.",
          e);
    }
  }
}
