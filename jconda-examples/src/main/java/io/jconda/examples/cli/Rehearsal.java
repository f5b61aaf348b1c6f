package io.jconda.examples.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.build.PackageFormat;
import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Does what people do most, on a channel of three small packages that it serves itself on loopback,
 * so that the JVM sees which classes that takes: {@link ClassArchiveCommand} starts it.
 */
final class Rehearsal {
  /** Looks like the one of conda-build. */
  private static final String PLACEHOLDER = "/opt/placehold_" + "placehold_".repeat(16);

  private final Path folder;

  private Rehearsal(Path folder) {
    this.folder = folder;
  }

  /**
   * Runs it in a new or empty folder, and writes nowhere else; the caller deletes it.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      new Rehearsal(Path.of(arguments[0]).toAbsolutePath()).run();
    } finally {
      System.setOut(out);
    }
  }

  private void run() throws IOException {
    Path channel = folder.resolve("channel");
    write(channel);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(channel, exchange));
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      String prefix = folder.resolve("env").toString();
      jconda("create", "-p", prefix, "-c", url, "--override-channels", "-y", "--no-pyc", "tool");
      jconda("create", "-p", prefix + "2", "-c", url, "--override-channels", "--json", "tool");
      jconda("install", "-p", prefix, "-c", url, "--override-channels", "-y", "library");
      jconda("list", "-p", prefix);
      jconda("run", "-p", prefix, "program");
      jconda("remove", "-p", prefix, "-y", "tool");
    } finally {
      server.stop(0);
    }
  }

  private void jconda(String... arguments) {
    String[] line = new String[arguments.length + 2];
    line[0] = arguments[0];
    line[1] = "--root";
    line[2] = folder.resolve("root").toString();
    System.arraycopy(arguments, 1, line, 3, arguments.length - 1);
    int exitCode = Jconda.run(line);
    if (exitCode != 0) {
      throw new IllegalStateException("'" + String.join(" ", line) + "' ended with " + exitCode);
    }
  }

  private static void write(Path channel) {
    boolean windows = Platform.current().isWindows();
    PackageBuilder.of("python", "3.13.0")
        .platform(Platform.current())
        .executable(windows ? "python.exe" : "bin/python3.13", "is not run")
        .build(channel);
    PackageBuilder.of("library", "1.0")
        .platform(Platform.current())
        .placeholder(PLACEHOLDER)
        .format(PackageFormat.TAR_BZ2)
        .file("lib/library.pc", "prefix=" + PLACEHOLDER + "\n")
        .file("lib/library.so", "\u007fELF" + PLACEHOLDER + "/lib\0")
        .executable("bin/program", "#!/bin/sh\n")
        .executable("program.bat", "@rem\r\n")
        .build(channel);
    PackageBuilder.of("tool", "1.0")
        .noarch(NoarchType.PYTHON)
        .depends("python", "library >=1")
        .file("site-packages/tool.py", "def main(): pass\n")
        .entryPoint("tool = tool:main")
        .build(channel);
    ChannelIndexer.index(channel);
  }

  private static void answer(Path channel, HttpExchange exchange) throws IOException {
    Path file = channel.resolve(exchange.getRequestURI().getPath().substring(1));
    try (exchange) {
      if (!Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] body = Files.readAllBytes(file);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
