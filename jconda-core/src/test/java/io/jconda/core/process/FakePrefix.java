package io.jconda.core.process;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import io.jconda.process.Command;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Is a folder that looks like an environment, with shell scripts for programs. */
public final class FakePrefix {
  private final Path path;

  private FakePrefix(Path path) {
    this.path = path;
  }

  /** Makes one, or skips the test where there is no shell. */
  public static FakePrefix in(Path folder) throws IOException {
    assumeFalse(
        System.getProperty("os.name").startsWith("Windows"),
        "SKIPPED: the programs of this test are shell scripts, and Windows runs none");
    Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(folder.resolve("conda-meta"));
    return new FakePrefix(folder);
  }

  public Path path() {
    return path;
  }

  public FakePrefix program(String name, String script) throws IOException {
    Path file = path.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return this;
  }

  public FakePrefix file(String name, String content) throws IOException {
    Path file = path.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    return this;
  }

  public Activation activation(CommandRunner runner) {
    return Activator.activate(path, "fake", Platform.current(), runner.parentEnvironment());
  }

  public Command command(CommandRunner runner, String... line) {
    return command(runner, OperationContext.silent(), line);
  }

  public Command command(CommandRunner runner, OperationContext context, String... line) {
    return runner.command(path, activation(runner), List.of(line), context);
  }
}
