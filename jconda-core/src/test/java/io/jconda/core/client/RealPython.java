package io.jconda.core.client;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.core.host.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Is an environment of the embedded channel with Python 3.13, pip and NumPy, made once in a JVM for
 * all tests that only run things in it.
 */
public final class RealPython {
  private RealPython() {}

  private static final class Once {
    static final CondaClient CLIENT = CondaClient.builder().root(ChannelWorld.root()).build();
    static final Environment ENVIRONMENT = environment();

    private static Environment environment() {
      try {
        Path folder = Files.createTempDirectory("jconda-python");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(folder)));
        return CLIENT
            .env(folder.resolve("env"))
            .channel("embedded:")
            .compileBytecode(false)
            .python("3.13")
            .install("numpy", "pip");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void end(Path folder) {
      CLIENT.close();
      try {
        Disk.real().deleteTree(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Returns the environment; nobody must change what is in it. */
  public static Environment environment() {
    return Once.ENVIRONMENT;
  }

  /** Returns the client that the environment belongs to. */
  public static CondaClient client() {
    return Once.CLIENT;
  }
}
