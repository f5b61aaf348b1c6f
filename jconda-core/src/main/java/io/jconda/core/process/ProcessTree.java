package io.jconda.core.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a program with all that it started: what lies below it in the process tree and, on Linux,
 * whatever carries its cookie, so that a process that detached itself is found too.
 */
final class ProcessTree {
  /** How long a process may take to end by itself once it is asked to. */
  static final Duration GRACE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(ProcessTree.class);
  private static final String ASSIGNMENT = Guard.VARIABLE + "=";
  private static final Path PROC = Path.of("/proc");
  private static final boolean HAS_ENVIRON = Files.isReadable(PROC.resolve("self/environ"));

  /** Rounds of killing what was started while we looked; a fork bomb is not ours to win. */
  private static final int ROUNDS = 50;

  private final Optional<ProcessHandle> root;
  private final String cookie;

  private ProcessTree(Optional<ProcessHandle> root, String cookie) {
    this.root = root;
    this.cookie = cookie;
  }

  /** Is a program with all that it started and that carries the program's cookie. */
  static ProcessTree of(ProcessHandle root, String cookie) {
    return new ProcessTree(Optional.of(root), cookie);
  }

  /** Is what carries a cookie, or one that is made from it by adding a dot and more. */
  static ProcessTree ofCarriers(String cookie) {
    return new ProcessTree(Optional.empty(), cookie);
  }

  /** Asks all to end, forces those that do not, and waits until they are gone. Blocks. */
  void end() {
    Set<ProcessHandle> known = new LinkedHashSet<>(members());
    known.forEach(ProcessHandle::destroy);
    awaitEnd(known, GRACE);
    for (int round = 0; round < ROUNDS; round++) {
      known.addAll(members());
      List<ProcessHandle> left = known.stream().filter(ProcessTree::isRunning).toList();
      if (left.isEmpty()) {
        return;
      }
      left.forEach(ProcessHandle::destroyForcibly);
      awaitEnd(left, Duration.ofMillis(200));
    }
    LOG.warn(
        "Processes are left that cannot be ended: {}",
        known.stream().filter(ProcessTree::isRunning).toList());
  }

  private List<ProcessHandle> members() {
    List<ProcessHandle> members = new ArrayList<>();
    root.ifPresent(
        program -> {
          members.add(program);
          program.descendants().forEach(members::add);
        });
    if (HAS_ENVIRON) {
      members.addAll(carriers());
    }
    return members;
  }

  private List<ProcessHandle> carriers() {
    List<ProcessHandle> carriers = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (carries(process)) {
          ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
              .ifPresent(carriers::add);
        }
      }
    } catch (IOException e) {
      LOG.debug("Cannot list {}", PROC, e);
    }
    return carriers;
  }

  private boolean carries(Path process) {
    try {
      String environ =
          new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
      for (String variable : environ.split("\0", -1)) {
        if (variable.startsWith(ASSIGNMENT)) {
          String value = variable.substring(ASSIGNMENT.length());
          return Stream.of(value.split(":", -1))
              .anyMatch(part -> part.equals(cookie) || part.startsWith(cookie + "."));
        }
      }
      return false;
    } catch (IOException e) {
      // another user's process, or one that has just ended: neither is ours
      return false;
    }
  }

  private static void awaitEnd(Iterable<ProcessHandle> processes, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    long pause = 500_000;
    // an interrupt would make every pause an empty one; whoever waits for us sees it afterwards
    boolean interrupted = Thread.interrupted();
    for (ProcessHandle process : processes) {
      while (isRunning(process) && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(pause);
        interrupted |= Thread.interrupted();
        pause = Math.min(pause * 2, 20_000_000);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells whether a process can still do something; one that only waits to be reaped cannot. */
  private static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && !isZombie(process);
  }

  private static boolean isZombie(ProcessHandle process) {
    if (!HAS_ENVIRON) {
      return false;
    }
    try {
      String stat =
          new String(
              Files.readAllBytes(PROC.resolve(process.pid() + "/stat")),
              StandardCharsets.ISO_8859_1);
      // "pid (name) state ...": the name may hold anything, blanks and brackets too
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return true;
    }
  }
}
