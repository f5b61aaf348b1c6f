package io.jconda.core.net;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Is a real proxy on loopback: it makes tunnels, over HTTP with a password if it wants one, or over
 * SOCKS 5. Every name leads to loopback.
 */
final class TestProxy implements AutoCloseable {
  private static final Pattern TARGET = Pattern.compile("CONNECT (\\S+):([0-9]+) HTTP/1.1");

  private final StrangeServer server;
  private final List<String> tunnels = new CopyOnWriteArrayList<>();

  private TestProxy(StrangeServer server) {
    this.server = server;
  }

  /** Starts an HTTP proxy; an empty user info wants no password. */
  static TestProxy http(String userInfo) throws IOException {
    TestProxy[] self = new TestProxy[1];
    self[0] = new TestProxy(new StrangeServer((s, socket) -> self[0].connect(socket, userInfo)));
    return self[0];
  }

  /** Starts a SOCKS proxy. */
  static TestProxy socks() throws IOException {
    TestProxy[] self = new TestProxy[1];
    self[0] = new TestProxy(new StrangeServer((s, socket) -> self[0].socks(socket)));
    return self[0];
  }

  private void connect(Socket socket, String userInfo) throws IOException, InterruptedException {
    while (true) {
      String head = StrangeServer.head(socket);
      String login =
          "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
      if (!userInfo.isEmpty() && !head.contains("Proxy-Authorization: " + login + "\r\n")) {
        StrangeServer.say(
            socket,
            """
            HTTP/1.1 407 Proxy Authentication Required
            Proxy-Authenticate: Basic realm="test"
            Content-Length: 0

            """);
        continue;
      }
      Matcher target = TARGET.matcher(head);
      if (!target.lookingAt()) {
        throw new IOException("That is no request for a tunnel: " + head);
      }
      StrangeServer.say(socket, "HTTP/1.1 200 OK\r\n\r\n");
      tunnel(socket, target.group(1), Integer.parseInt(target.group(2)));
      return;
    }
  }

  private void socks(Socket socket) throws IOException, InterruptedException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    in.readByte();
    in.readNBytes(in.readUnsignedByte());
    socket.getOutputStream().write(new byte[] {5, 0});
    in.readNBytes(3);
    byte kind = in.readByte();
    String host =
        kind == 3
            ? new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII)
            : InetAddress.getByAddress(in.readNBytes(kind == 1 ? 4 : 16)).getHostAddress();
    int port = in.readUnsignedShort();
    socket.getOutputStream().write(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 0});
    tunnel(socket, host, port);
  }

  private void tunnel(Socket client, String host, int port)
      throws IOException, InterruptedException {
    tunnels.add(host + ":" + port);
    try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Thread back = new Thread(() -> pump(target, client), "tunnel");
      back.setDaemon(true);
      back.start();
      pump(client, target);
      back.join();
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      // one of them went away, and with it the tunnel
      try {
        to.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
    }
  }

  int port() {
    return server.port();
  }

  /** Returns where tunnels led, in order. */
  List<String> tunnels() {
    return tunnels;
  }

  int connections() {
    return server.connections();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
