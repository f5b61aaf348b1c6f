package io.jconda.core.process;

import io.jconda.core.host.Disk;
import io.jconda.core.host.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that nothing we started outlives the JVM, however the JVM ends.
 *
 * <p>One small process per JVM, a shell that waits for the end of its standard input, which is a
 * pipe that only the JVM holds. When the JVM is gone, killed perhaps, the shell ends every process
 * whose environment holds the JVM's cookie: it asks first, and forces a second later. Children that
 * detached themselves carry the cookie too; only one that cleared its environment escapes. There is
 * none on Windows, where a command's descendants end with its time limit, its cancellation and
 * {@code close()} alone. Thread-safe.
 */
final class Guard {
  /**
   * The variable that every process of ours carries. Its value is a list, parted by colons: the
   * cookies of the JVMs around us, if we were started by such a command, then our own. So an outer
   * guard finds what an inner JVM started.
   */
  static final String VARIABLE = "JCONDA_GUARD";

  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
  private static final Path SHELL = Path.of("/bin/sh");
  private static final Guard OF_THIS_JVM = new Guard();

  /** What the terminal or an init system sends to all of a group must not end the guard first. */
  private static final String WAIT_FOR_END =
      """
      trap '' INT TERM HUP QUIT
      while read -r _; do :; done
      """;

  /**
   * Asks in round 0, forces from round 2 on, until a look finds nothing; then deletes what workers
   * have left in shared memory.
   */
  private static final String END_ALL =
      """
      round=0
      while [ $round -lt 50 ]; do
        found=$(carriers "$1")
        [ -n "$found" ] || break
        if [ $round -eq 0 ]; then kill -TERM $found 2>/dev/null; fi
        if [ $round -ge 2 ]; then kill -KILL $found 2>/dev/null; fi
        round=$((round + 1))
        sleep 0.5 2>/dev/null || sleep 1
      done
      shift
      rm -rf -- "$@"
      """;

  /** One grep over all: the environment of others' processes, and of the dead, is not readable. */
  private static final String CARRIERS_LINUX =
      """
      carriers() {
        grep -lsF -- "$1" /proc/[0-9]*/environ | sed 's|/proc/||; s|/environ||'
      }
      """;

  /** The blank in the pattern keeps it from finding the grep that looks for it. */
  private static final String CARRIERS_MAC =
      """
      carriers() {
        ps -axwwE -o pid=,command= | grep "JCONDA_GUARD=[^ ]*$1" | awk '{print $1}'
      }
      """;

  private final UUID jvm = UUID.randomUUID();
  private final AtomicLong runners = new AtomicLong();
  private @Nullable Process process;
  private boolean impossible;

  private Guard() {}

  static Guard ofThisJvm() {
    return OF_THIS_JVM;
  }

  /** Returns a cookie for a new runner, made from the JVM's. */
  String newRunnerCookie() {
    return jvm + "." + runners.incrementAndGet();
  }

  /** Names the folders of one process in shared memory; they go with the JVM. */
  SharedFolder sharedFolder(Disk disk, String process) {
    return SharedFolder.of(disk, jvm.toString(), process);
  }

  /** Returns the value of {@link #VARIABLE} for a command with a cookie. */
  static String value(String cookie) {
    String outer = System.getenv(VARIABLE);
    return outer == null || outer.isEmpty() ? cookie : outer + ":" + cookie;
  }

  /** Returns the number of the guard's process, -1 if there is none. */
  synchronized long pid() {
    return process == null ? -1 : process.pid();
  }

  /** Sees to it that the guard is there; to be called before each start of a command. */
  synchronized void ensureStarted() {
    if (impossible || (process != null && process.isAlive())) {
      return;
    }
    String os = System.getProperty("os.name");
    boolean linux = os.equals("Linux");
    if ((!linux && !os.startsWith("Mac")) || !Files.isExecutable(SHELL)) {
      impossible = true;
      LOG.debug("No guard on {}: only what lies below a command in the tree is ended", os);
      return;
    }
    String script = (linux ? CARRIERS_LINUX : CARRIERS_MAC) + WAIT_FOR_END + END_ALL;
    List<String> line =
        new ArrayList<>(List.of(SHELL.toString(), "-c", script, "jconda-guard", jvm.toString()));
    SharedFolder.parents(jvm.toString()).forEach(folder -> line.add(folder.toString()));
    ProcessBuilder builder = new ProcessBuilder(line);
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(Set.of(VARIABLE));
    environment.put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    builder
        .directory(Path.of("/").toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      process = builder.start();
    } catch (IOException e) {
      impossible = true;
      LOG.warn("The guard cannot be started; if this JVM is killed, its commands go on", e);
    }
  }
}
