package io.jconda.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Is a server on loopback that behaves as no server should. */
final class StrangeServer implements AutoCloseable {
  /** Says what happens on a connection, which is closed after it. */
  interface Conduct {
    void on(StrangeServer self, Socket socket) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);

  StrangeServer(Conduct conduct) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(() -> accept(conduct));
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "strange server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(Conduct conduct) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        open.add(socket);
        start(() -> serve(socket, conduct));
      } catch (IOException e) {
        // the test closed the listener
        return;
      }
    }
  }

  private void serve(Socket socket, Conduct conduct) {
    try (socket) {
      conduct.on(this, socket);
    } catch (IOException e) {
      // the other side went away, as it should
      open.remove(socket);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads the head of a request. */
  static String head(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("The request ended: " + head);
      }
      head.append((char) c);
    }
    return head.toString();
  }

  static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Sends a text letter by letter until the other side or the test has enough. */
  void drip(Socket socket, String text, long everyMillis) throws IOException, InterruptedException {
    for (int i = 0; i < text.length(); i++) {
      say(socket, text.substring(i, i + 1));
      if (end.await(everyMillis, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  /** Says nothing until the test is over. */
  void silence() throws InterruptedException {
    end.await();
  }

  /** Ends a connection with a reset. */
  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  URI url(String scheme, String path) {
    return URI.create(scheme + "://localhost:" + listener.getLocalPort() + path);
  }

  int port() {
    return listener.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    end.countDown();
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
