package io.jconda.core.archive;

import io.jconda.build.PackageDescription;
import io.jconda.core.host.Disk;
import io.jconda.core.util.OperationContext;
import io.jconda.spi.PackageBuilding;
import java.nio.file.Path;

/** Builds packages and indexes channels for the API, on the real disk. Thread-safe. */
public final class ArchiveBuilding implements PackageBuilding {
  @Override
  public Path build(PackageDescription description, Path channelFolder) {
    return new PackageWriter(Disk.real(), OperationContext.silent())
        .write(description, channelFolder);
  }

  @Override
  public void index(Path channelFolder) {
    new ChannelIndexWriter(Disk.real(), OperationContext.silent()).write(channelFolder);
  }
}
