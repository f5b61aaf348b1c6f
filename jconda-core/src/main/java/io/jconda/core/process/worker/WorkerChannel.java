package io.jconda.core.process.worker;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Is what a worker and Java talk through: the standard input and output of its process, which the
 * loop in Python moves out of the way of everything else before any other code runs. One thread
 * reads, any may write.
 */
final class WorkerChannel {
  /** Without a double quote, which Windows would treat in its own way. */
  static final String BOOTSTRAP =
      "import sys,json;r=sys.stdin.buffer;n,m=map(int,r.readline().split());"
          + "s=json.loads(r.read(n).decode());"
          + "exec(compile(r.read(m),'<jconda worker>','exec'),"
          + "{'__name__':'jconda_worker','START':s})";

  /** Are one program, whose parts are sent one after the other. */
  private static final List<String> LOOP =
      List.of("channel.py", "slabs.py", "values.py", "calls.py", "loop.py");

  private final DataInputStream in;
  private final OutputStream out;
  private final String hello = "JConda " + UUID.randomUUID() + "\n";

  WorkerChannel(InputStream in, OutputStream out) {
    this.in = new DataInputStream(new BufferedInputStream(in, 65_536));
    this.out = out;
  }

  /** Sends the loop. */
  void greet(List<Path> folders) throws IOException {
    byte[] start =
        Frames.json(
            Map.of(
                "hello",
                hello,
                "logs",
                true,
                "folders",
                folders.stream().map(Path::toString).toList()));
    byte[] loop = loop();
    out.write("%d %d\n".formatted(start.length, loop.length).getBytes(StandardCharsets.US_ASCII));
    out.write(start);
    out.write(loop);
    out.flush();
  }

  private static byte[] loop() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String part : LOOP) {
      try (InputStream in = WorkerChannel.class.getResourceAsStream(part)) {
        if (in == null) {
          throw new IllegalStateException(part + " is missing from the jar");
        }
        in.transferTo(all);
      }
    }
    return all.toByteArray();
  }

  /** Skips what was printed before the loop took over, by a {@code .pth} file for instance. */
  void awaitHello() throws IOException {
    byte[] wanted = hello.getBytes(StandardCharsets.US_ASCII);
    int matched = 0;
    while (matched < wanted.length) {
      byte next = in.readByte();
      // no part of the text begins like its beginning: J occurs there once
      matched = next == wanted[matched] ? matched + 1 : next == wanted[0] ? 1 : 0;
    }
  }

  Message read() throws IOException {
    return Frames.read(in);
  }

  /** Writes a frame. Blocks while Python does not read. */
  void write(byte[] frame) throws IOException {
    synchronized (out) {
      out.write(frame);
      out.flush();
    }
  }

  /** Tells Python that nothing more will come. */
  void close() throws IOException {
    out.close();
  }
}
