package io.jconda.build;

import io.jconda.spi.CondaProvider;
import java.nio.file.Path;

/** Makes a folder of packages a channel (CEP-36). */
public final class ChannelIndexer {
  private ChannelIndexer() {}

  /**
   * Writes {@code repodata.json} and {@code repodata.json.zst} for every folder of a channel that
   * is named as a platform, and for {@code noarch} in any case. Reads every package; blocks. Each
   * index file is replaced in one step, and none before all packages are read.
   *
   * @param channelFolder the channel's folder, with packages in {@code linux-64}, {@code noarch}
   *     and so on; made if it is missing
   * @throws io.jconda.IntegrityException if a package is torn, or its file name is not what it says
   *     that it is
   * @throws io.jconda.StorageException if a file cannot be read or written
   */
  public static void index(Path channelFolder) {
    CondaProvider.load().packageBuilding().index(channelFolder);
  }
}
