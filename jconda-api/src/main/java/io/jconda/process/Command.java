package io.jconda.process;

import io.jconda.CheckReturnValue;
import io.jconda.Operation;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Describes a program to run in an activated environment. Immutable and safe to share: each method
 * that sets something returns a new command, and one command can be run many times.
 *
 * <p>The program is looked for in the environment first and in the {@code PATH} after it, and is
 * started directly, by no shell: arguments arrive as they are given, and {@code *}, {@code |} or
 * {@code $NAME} mean nothing. Its environment is the JVM's own, activated ({@link Activation} says
 * what does not pass), plus {@code PYTHONIOENCODING} with the command's charset and, where somebody
 * listens while it runs, {@code PYTHONUNBUFFERED}, each unless the caller sets it.
 *
 * <p>No process outlives its purpose: the program and all that it started end with its time limit,
 * with the cancellation, with {@link RunningCommand#close}, with the client and with the JVM, even
 * one that was killed. On Linux that holds for what detached itself from the program too (unless it
 * cleared its environment); on macOS what detached itself ends with the JVM; on Windows only what
 * is still below the program in the process tree ends, and not with a JVM that was killed. What a
 * program that ends by itself leaves running in the background goes on until its client is closed;
 * {@link #run} does not wait for it.
 *
 * <pre>{@code
 * CommandResult result =
 *     environment.command("python", "train.py").directory(project).timeout(Duration.ofHours(1)).run();
 * }</pre>
 */
public interface Command {
  /** Returns the program and its arguments. */
  List<String> line();

  /** Sets the folder that the program starts in; the JVM's own unless set. */
  @CheckReturnValue
  Command directory(Path directory);

  /** Sets an environment variable of the program, over whatever activation says. */
  @CheckReturnValue
  Command variable(String name, String value);

  /** Takes an environment variable from the program, whoever set it. */
  @CheckReturnValue
  Command withoutVariable(String name);

  /** Gives the program text to read, in the command's charset; nothing to read unless set. */
  @CheckReturnValue
  Command stdin(String text);

  /** Gives the program a file to read. */
  @CheckReturnValue
  Command stdin(Path file);

  /**
   * Gives the program what a stream holds, as it comes. The stream is read by the first run alone
   * (a later one finds what is left of it), and is not closed. One that blocks does not hold up the
   * command's end, but keeps a thread until it yields something. If it fails the program is ended,
   * and {@link #run} throws {@link io.jconda.CondaException}.
   */
  @CheckReturnValue
  Command stdin(InputStream stream);

  /**
   * Sets the charset of what the program reads and writes; UTF-8 unless set. Bytes that are invalid
   * in it become U+FFFD.
   */
  @CheckReturnValue
  Command charset(Charset charset);

  /** Sends the standard error where the standard output goes, in the order written. */
  @CheckReturnValue
  Command mergeErrors();

  /**
   * Hears each line of the standard output, without its end, while the program runs. It is called
   * from a thread of the command, one line after the other; a slow listener slows the program down.
   * One that throws ends the program, and {@link #run} throws the same. A line of more than 65,536
   * characters comes in pieces.
   */
  @CheckReturnValue
  Command onLine(Consumer<String> listener);

  /** Hears each line of the standard error as {@link #onLine} does of the standard output. */
  @CheckReturnValue
  Command onErrorLine(Consumer<String> listener);

  /**
   * Copies what the program writes to a file too, the bytes of both outputs as they come, however
   * many there are. The file is replaced when the program starts; its folder must exist. A file
   * that cannot be written ends the program, and {@link #run} throws {@link
   * io.jconda.StorageException}.
   */
  @CheckReturnValue
  Command teeTo(Path file);

  /**
   * Writes each line to an SLF4J logger too: those of the standard output at level {@code INFO},
   * those of the standard error at {@code WARN}.
   *
   * @param logger the name of the logger
   */
  @CheckReturnValue
  Command logTo(String logger);

  /**
   * Connects the program to the JVM's own standard streams (those of the process, not {@code
   * System.out}); the result holds no output.
   */
  @CheckReturnValue
  Command inheritIO();

  /**
   * Bounds the memory for each of the two outputs, 64 MiB unless set. Of what is longer the first
   * and the last half stay; a line between them says how much was left out.
   *
   * @param bytes at least 2
   */
  @CheckReturnValue
  Command maxOutput(long bytes);

  /** Limits how long the program may run; for ever unless set. */
  @CheckReturnValue
  Command timeout(Duration limit);

  /**
   * Runs the program and waits for its end; an exit code other than 0 is a result.
   *
   * @throws io.jconda.CommandFailedException if it could not be started
   * @throws io.jconda.OperationCancelledException if it was cancelled, its time was up, or the
   *     calling thread was interrupted (whose flag is set again); the program and all that it
   *     started have ended then
   */
  CommandResult run();

  /**
   * Starts the program and returns, its streams in the caller's hands.
   *
   * @throws io.jconda.CommandFailedException if it could not be started
   * @throws IllegalStateException if lines are listened to or copied: with {@code start} the caller
   *     reads
   */
  RunningCommand start();

  /** Does what {@link #run} does, on a thread of the client. */
  Operation<CommandResult> runAsync();
}
