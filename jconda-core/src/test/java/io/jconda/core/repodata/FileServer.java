package io.jconda.core.repodata;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves a folder on loopback, as a plain web server would. */
public final class FileServer implements AutoCloseable {
  static {
    // else a small answer waits for the peer's acknowledgement
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final AtomicInteger requests = new AtomicInteger();

  /** Starts to serve a folder. */
  public FileServer(Path folder) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(folder, exchange));
    server.start();
  }

  /** Serves a folder until the standard input ends; prints the URL. */
  public static void main(String[] arguments) throws IOException {
    try (FileServer server = new FileServer(Path.of(arguments[0]))) {
      System.out.println(server.url());
      while (System.in.read() >= 0) {
        // whoever started it holds the other end
      }
    }
  }

  /** Returns the folder's URL. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns how many requests there were. */
  public int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }

  private void answer(Path folder, HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1));
      if (!Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] content = Files.readAllBytes(file);
      boolean isShard = file.toString().contains("shards" + File.separator);
      exchange
          .getResponseHeaders()
          .set("Cache-Control", isShard ? "immutable, max-age=31536000" : "public, max-age=3600");
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    }
  }
}
