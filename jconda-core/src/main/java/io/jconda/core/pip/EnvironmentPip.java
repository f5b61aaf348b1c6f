package io.jconda.core.pip;

import io.jconda.CondaException;
import io.jconda.InstalledDistribution;
import io.jconda.Operation;
import io.jconda.Pip;
import io.jconda.core.host.Locks;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.core.util.WorkOperation;
import io.jconda.process.CommandResult;
import io.jconda.progress.ProgressEvent;
import io.jconda.progress.ProgressListener;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** Is the pip of one environment, as users see it. */
public final class EnvironmentPip implements Pip {
  private final PipRunner runner;
  private final PipTarget target;
  private final PipOptions options;
  private final ProgressListener listener;
  private final Executor executor;

  /**
   * Makes the pip of an environment; nothing is looked for yet.
   *
   * @param runner what runs it
   * @param target the environment
   * @param options what the client says
   * @param listener what hears its operations, unless the user says otherwise
   * @param executor what the asynchronous ones run on
   */
  public EnvironmentPip(
      PipRunner runner,
      PipTarget target,
      PipOptions options,
      ProgressListener listener,
      Executor executor) {
    this.runner = runner;
    this.target = target;
    this.options = options;
    this.listener = listener;
    this.executor = executor;
  }

  private Pip with(PipOptions changed) {
    return new EnvironmentPip(runner, target, changed, listener, executor);
  }

  @Override
  public Pip noIndex() {
    return with(options.withNoIndex());
  }

  @Override
  public Pip findLinks(Path folder) {
    return with(options.withFindLinks(folder));
  }

  @Override
  public Pip indexUrl(URI index) {
    return with(options.withIndexUrl(index));
  }

  @Override
  public Pip extraIndexUrl(URI index) {
    return with(options.withExtraIndexUrl(index));
  }

  @Override
  public Pip requirements(Path file) {
    return with(options.withRequirements(file));
  }

  @Override
  public Pip constraints(Path file) {
    return with(options.withConstraints(file));
  }

  @Override
  public Pip editable(Path project) {
    return with(options.withEditable(project));
  }

  @Override
  public Pip arguments(String... arguments) {
    return with(options.withArguments(List.of(arguments)));
  }

  @Override
  public Pip onProgress(ProgressListener listener) {
    return new EnvironmentPip(runner, target, options, Objects.requireNonNull(listener), executor);
  }

  @Override
  public CommandResult install(String... requirements) {
    return now(installing(requirements));
  }

  @Override
  public Operation<CommandResult> installAsync(String... requirements) {
    return later(installing(requirements));
  }

  @Override
  public CommandResult uninstall(String... names) {
    return now(uninstalling(names));
  }

  @Override
  public Operation<CommandResult> uninstallAsync(String... names) {
    return later(uninstalling(names));
  }

  @Override
  public List<InstalledDistribution> list() {
    return Distributions.of(PrefixRecords.read(target.prefix()), target.platform());
  }

  @Override
  public List<String> check() {
    return runner.check(target, options, new OperationContext(token(), Events.silent()));
  }

  @Override
  public List<String> freeze() {
    return runner.freeze(target, options, new OperationContext(token(), Events.silent()));
  }

  private Function<OperationContext, CommandResult> installing(String... requirements) {
    List<String> wanted = List.of(requirements);
    return told(
        "pip install",
        context -> {
          runner.bringPip(target, context);
          return alone(context, () -> runner.install(target, options, wanted, context));
        });
  }

  private Function<OperationContext, CommandResult> uninstalling(String... names) {
    List<String> unwanted = List.of(names);
    return told(
        "pip uninstall",
        context -> alone(context, () -> runner.uninstall(target, options, unwanted, context)));
  }

  private CommandResult alone(OperationContext context, Supplier<CommandResult> work) {
    Locks.Held writer = target.alone().apply(context);
    try {
      return work.get();
    } finally {
      writer.close();
    }
  }

  private CommandResult now(Function<OperationContext, CommandResult> work) {
    return work.apply(new OperationContext(token(), new Events(listener)));
  }

  private CancellationToken token() {
    return options
        .timeout()
        .map(CancellationToken::withTimeout)
        .orElseGet(CancellationToken::create);
  }

  private Operation<CommandResult> later(Function<OperationContext, CommandResult> work) {
    CancellationToken token = token();
    OperationContext context = new OperationContext(token, new Events(listener));
    return WorkOperation.start(executor, token, () -> work.apply(context));
  }

  /** Puts the first and the last event of an operation around work. */
  private Function<OperationContext, CommandResult> told(
      String what, Function<OperationContext, CommandResult> work) {
    return context -> {
      long began = System.nanoTime();
      String where = target.prefix().toString();
      context.events().emit(n -> new ProgressEvent.OperationStarted(n, what, where));
      try {
        CommandResult result = work.apply(context);
        context.events().emit(n -> new ProgressEvent.OperationFinished(n, since(began)));
        return result;
      } catch (RuntimeException e) {
        CondaException failure =
            e instanceof CondaException known
                ? known
                : new CondaException(
                    "%s in %s failed unexpectedly.".formatted(what, where),
                    "Look at the cause.",
                    e);
        context.events().emit(n -> new ProgressEvent.OperationFailed(n, failure, since(began)));
        throw e;
      }
    };
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** Returns one line that names the environment. */
  @Override
  public String toString() {
    return "pip of " + target.prefix();
  }
}
