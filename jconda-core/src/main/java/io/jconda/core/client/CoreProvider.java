package io.jconda.core.client;

import io.jconda.CondaClient;
import io.jconda.core.archive.ArchiveBuilding;
import io.jconda.core.host.Disk;
import io.jconda.spi.ClientOptions;
import io.jconda.spi.CondaProvider;
import io.jconda.spi.PackageBuilding;

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
}
