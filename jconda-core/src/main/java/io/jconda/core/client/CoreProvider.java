package io.jconda.core.client;

import io.jconda.CondaClient;
import io.jconda.core.archive.ArchiveBuilding;
import io.jconda.core.env.FilesOfUsers;
import io.jconda.core.host.Disk;
import io.jconda.spi.ClientOptions;
import io.jconda.spi.CondaProvider;
import io.jconda.spi.PackageBuilding;
import io.jconda.spi.UserFiles;

/** Is what {@link java.util.ServiceLoader} finds: the way into core. */
public final class CoreProvider implements CondaProvider {
  /** For the service loader. */
  public CoreProvider() {}

  @Override
  public CondaClient newClient(ClientOptions options) {
    return new CoreClient(options, Disk.real());
  }

  @Override
  public PackageBuilding packageBuilding() {
    return new ArchiveBuilding();
  }

  @Override
  public UserFiles userFiles() {
    return new FilesOfUsers();
  }
}
