package io.jconda.core.client;

import io.jconda.CondaException;
import io.jconda.Operation;
import io.jconda.cache.CacheSize;
import io.jconda.cache.CachedPackage;
import io.jconda.cache.CleanOptions;
import io.jconda.cache.CleanReport;
import io.jconda.cache.PackageStore;
import io.jconda.cache.VerifyReport;
import io.jconda.core.cache.CacheCare;
import io.jconda.core.env.EnvironmentRegistry;
import io.jconda.core.prefix.InstalledPackage;
import io.jconda.core.prefix.PrefixRecords;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressListener;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.PackageRecord;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Begins the operations that take care of a client's package cache. */
final class CorePackageStore implements PackageStore {
  private final CacheCare care;
  private final Path root;
  private final EnvironmentRegistry environments;
  private final Operations operations;
  private final ProgressListener progress;

  CorePackageStore(
      CacheCare care,
      Path root,
      EnvironmentRegistry environments,
      Operations operations,
      ProgressListener progress) {
    this.care = care;
    this.root = root;
    this.environments = environments;
    this.operations = operations;
    this.progress = progress;
  }

  private <T> Operation<T> start(String what, Function<OperationContext, T> work) {
    return operations.start(what, root.toString(), Optional.empty(), progress, work);
  }

  @Override
  public List<CachedPackage> packages() {
    return packagesAsync().await();
  }

  @Override
  public Operation<List<CachedPackage>> packagesAsync() {
    return start("list the cache", context -> care.packages(installed(context), context));
  }

  @Override
  public CacheSize size() {
    return sizeAsync().await();
  }

  @Override
  public Operation<CacheSize> sizeAsync() {
    return start("measure the cache", care::size);
  }

  @Override
  public VerifyReport verify(String... specs) {
    return verifyAsync(specs).await();
  }

  @Override
  public Operation<VerifyReport> verifyAsync(String... specs) {
    List<MatchSpec> wanted = CoreClient.parse(specs);
    return start(
        "verify the cache",
        context ->
            care.verify(
                record ->
                    wanted.isEmpty() || wanted.stream().anyMatch(spec -> spec.matches(record)),
                context));
  }

  @Override
  public CleanReport clean(CleanOptions options) {
    return cleanAsync(options).await();
  }

  @Override
  public Operation<CleanReport> cleanAsync(CleanOptions options) {
    return start("clean the cache", context -> care.clean(options, installed(context), context));
  }

  @Override
  public PackageRecord importArchive(Path archive) {
    return importArchiveAsync(archive).await();
  }

  @Override
  public Operation<PackageRecord> importArchiveAsync(Path archive) {
    return start("import", context -> care.importArchive(archive, context).record());
  }

  /** Returns by hash and URL what the environments have that are known. */
  private Set<String> installed(OperationContext context) {
    Set<String> archives = new HashSet<>();
    for (Path prefix : environments.list()) {
      context.checkpoint();
      try {
        for (InstalledPackage installed : PrefixRecords.read(prefix).packages()) {
          installed.record().sha256().ifPresent(archives::add);
          if (!installed.record().url().isEmpty()) {
            archives.add(installed.record().url());
          }
        }
      } catch (CondaException e) {
        context
            .events()
            .warn(
                "What %s has is not known; packages whose files it links stay in the cache all the same. %s"
                    .formatted(prefix, e.getMessage()));
      }
    }
    return archives;
  }
}
