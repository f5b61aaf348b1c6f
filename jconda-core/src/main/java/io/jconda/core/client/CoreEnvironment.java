package io.jconda.core.client;

import io.jconda.Environment;
import io.jconda.InstallReport;
import io.jconda.Operation;
import io.jconda.Pip;
import io.jconda.Plan;
import io.jconda.Revision;
import io.jconda.Verification;
import io.jconda.core.env.Export;
import io.jconda.core.env.Locking;
import io.jconda.core.pip.Distributions;
import io.jconda.core.pip.PipOrigins;
import io.jconda.core.pip.PipTarget;
import io.jconda.core.prefix.EnvironmentState;
import io.jconda.core.prefix.History;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.process.Interpreter;
import io.jconda.file.EnvironmentFile;
import io.jconda.file.ExportDetail;
import io.jconda.file.LockFile;
import io.jconda.process.Activation;
import io.jconda.process.ActivationOptions;
import io.jconda.process.Command;
import io.jconda.process.CommandResult;
import io.jconda.process.PythonWorker;
import io.jconda.process.PythonWorkerPool;
import io.jconda.process.Shell;
import io.jconda.process.WorkerOptions;
import io.jconda.query.PackageQuery;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Is the handle on an environment: it remembers the options that it was made with, and no state.
 */
final class CoreEnvironment implements Environment {
  private final CoreClient client;
  private final Wanted wanted;
  private final InstallReport report;

  CoreEnvironment(CoreClient client, Wanted wanted, InstallReport report) {
    this.client = client;
    this.wanted = wanted;
    this.report = report;
  }

  @Override
  public String name() {
    return client.name(prefix()).orElseGet(prefix()::toString);
  }

  @Override
  public Path prefix() {
    return wanted.prefix();
  }

  @Override
  public Platform platform() {
    return platform(records());
  }

  private Platform platform(List<PackageRecord> records) {
    return wanted.platform().orElseGet(() -> PrefixRecords.platformOf(records));
  }

  @Override
  public List<PackageRecord> packages() {
    client.requireReadable(prefix());
    PrefixRecords installed = PrefixRecords.read(prefix());
    return PipPackages.withThem(installed, platform(records(installed)));
  }

  private List<PackageRecord> records() {
    client.requireReadable(prefix());
    return records(PrefixRecords.read(prefix()));
  }

  private static List<PackageRecord> records(PrefixRecords installed) {
    return installed.packages().stream().map(InstalledPackage::record).toList();
  }

  @Override
  public List<MatchSpec> requestedSpecs() {
    client.requireReadable(prefix());
    return History.read(prefix()).requestedSpecs(PrefixRecords.read(prefix())).values().stream()
        .map(MatchSpec::parseLenient)
        .toList();
  }

  @Override
  public InstallReport report() {
    return report;
  }

  private Wanted wanting(String... specs) {
    return wanted.withSpecs(CoreClient.parse(specs));
  }

  @Override
  public Environment install(String... specs) {
    return installAsync(specs).await();
  }

  @Override
  public Operation<Environment> installAsync(String... specs) {
    return client.work().add(wanting(specs));
  }

  @Override
  public Environment update(String... names) {
    return updateAsync(names).await();
  }

  @Override
  public Operation<Environment> updateAsync(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("Name what to update, or call updateAll().");
    }
    return client.work().update(wanting(names));
  }

  @Override
  public Environment updateAll() {
    return updateAllAsync().await();
  }

  @Override
  public Operation<Environment> updateAllAsync() {
    return client.work().update(wanted);
  }

  @Override
  public Environment uninstall(String... names) {
    return uninstallAsync(names).await();
  }

  @Override
  public Operation<Environment> uninstallAsync(String... names) {
    return client.work().uninstall(wanting(names));
  }

  @Override
  public Plan planUpdate(String... names) {
    return client.work().planUpdate(wanting(names)).await();
  }

  @Override
  public Plan planUninstall(String... names) {
    return client.work().planUninstall(wanting(names)).await();
  }

  @Override
  public List<Revision> history() {
    client.requireReadable(prefix());
    return Rollback.revisions(History.read(prefix()));
  }

  @Override
  public Environment rollback(int revision) {
    return rollbackAsync(revision).await();
  }

  @Override
  public Operation<Environment> rollbackAsync(int revision) {
    return client.work().rollback(wanted, revision);
  }

  @Override
  public Plan planRollback(int revision) {
    return client.work().planRollback(wanted, revision).await();
  }

  @Override
  public Verification verify() {
    return verifyAsync().await();
  }

  @Override
  public Operation<Verification> verifyAsync() {
    return client.work().verify(wanted);
  }

  @Override
  public Verification repair() {
    return repairAsync().await();
  }

  @Override
  public Operation<Verification> repairAsync() {
    return client.work().repair(wanted);
  }

  @Override
  public PackageQuery query() {
    return client.query().installedIn(prefix());
  }

  @Override
  public Pip pip() {
    return client.programs().pip(wanted, pipTarget());
  }

  /** Says to pip which environment is meant. */
  PipTarget pipTarget() {
    return new PipTarget(
        prefix(),
        platform(),
        context -> client.programs().activation(this, ActivationOptions.defaults(), context),
        context -> client.alone(prefix(), context),
        context -> client.bringPip(wanting("pip"), context));
  }

  @Override
  public EnvironmentFile export(ExportDetail detail) {
    return exported().file(detail);
  }

  private Export exported() {
    client.requireReadable(prefix());
    PrefixRecords installed = PrefixRecords.read(prefix());
    return new Export(
        client.name(prefix()),
        installed,
        Distributions.of(installed, platform(records(installed))),
        requestedSpecs(),
        wanted.channels(),
        EnvironmentState.variables(prefix()),
        client::shownChannel);
  }

  @Override
  public LockFile lockFile() {
    return lockFileAsync().await();
  }

  @Override
  public Operation<LockFile> lockFileAsync() {
    return client
        .work()
        .lock(
            wanted,
            context ->
                Locking.of(
                    exported(),
                    platform(),
                    PipOrigins.of(prefix()),
                    open -> client.programs().ask(wanted, pipTarget(), open, context)));
  }

  @Override
  public CommandResult run(String program, String... arguments) {
    return command(program, arguments).run();
  }

  @Override
  public Command command(String program, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(program);
    line.addAll(List.of(arguments));
    return command(line);
  }

  private Command command(List<String> line) {
    client.requireReadable(prefix());
    return client.programs().command(prefix(), activation(), line);
  }

  @Override
  public Command python(Path script, String... arguments) {
    return pythonCommand(List.of(script.toAbsolutePath().toString()), arguments);
  }

  @Override
  public Command pythonCode(String code, String... arguments) {
    return pythonCommand(List.of("-c", code), arguments);
  }

  @Override
  public Command pythonModule(String module, String... arguments) {
    return pythonCommand(List.of("-m", module), arguments);
  }

  private Command pythonCommand(List<String> what, String... arguments) {
    client.requireReadable(prefix());
    List<String> line = new ArrayList<>();
    line.add(Interpreter.require(prefix(), platform()).toString());
    line.addAll(what);
    line.addAll(List.of(arguments));
    return command(line);
  }

  @Override
  public PythonWorker worker(WorkerOptions options) {
    return client.programs().worker(this, activation(), options);
  }

  @Override
  public PythonWorkerPool workers(int size, WorkerOptions options) {
    return client.programs().workers(this, this::activation, size, options);
  }

  @Override
  public Activation activation() {
    return activation(ActivationOptions.defaults());
  }

  @Override
  public Activation activation(ActivationOptions options) {
    client.requireReadable(prefix());
    return client.activate(this, wanted, options).await();
  }

  @Override
  public String activationScript(Shell shell, ActivationOptions options) {
    client.requireReadable(prefix());
    return client.programs().activationScript(this, shell, options);
  }

  @Override
  public String deactivationScript(Shell shell, ActivationOptions options) {
    client.requireReadable(prefix());
    return client.programs().deactivationScript(this, shell, options);
  }

  @Override
  public void remove() {
    Path gone = removeAsync().await();
    assert gone.equals(prefix());
  }

  @Override
  public Operation<Path> removeAsync() {
    return client.work().remove(wanted);
  }

  @Override
  public String toString() {
    return "Environment[" + name() + " at " + prefix() + "]";
  }
}
