package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.IntegrityException;
import io.jconda.StorageException;
import io.jconda.cache.CacheSize;
import io.jconda.cache.CachedPackage;
import io.jconda.cache.CleanOptions;
import io.jconda.cache.CleanReport;
import io.jconda.cache.VerifyReport;
import io.jconda.core.host.Disk;
import io.jconda.core.host.Locks.Held;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent.Warning;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CareTest {
  private static final OperationContext QUIET = OperationContext.silent();
  private static final CleanOptions ALL = CleanOptions.defaults();

  @TempDir Path root;
  @TempDir Path channel;
  private final Network network = new Network(NetworkSettings.defaults());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final TestPackage first =
      TestPackage.named("first").file("LICENSE", "free").file("share/first", "first");
  private final TestPackage second =
      TestPackage.named("second").file("COPYING", "free").file("share/second", "second!");
  private PackageCache cache;

  @BeforeEach
  void open() {
    cache = new PackageCache(root, Disk.real(), network, true);
  }

  @AfterEach
  void close() throws IOException {
    threads.shutdownNow();
    network.close();
    StoreCheck.assertSound(root);
  }

  private StoredPackage fetch(TestPackage made) throws IOException {
    return cache.fetch(made.in(channel), QUIET);
  }

  private Path content(StoredPackage stored, String path) {
    StoredFile file =
        stored.files().stream().filter(one -> one.path().equals(path)).findFirst().orElseThrow();
    return cache.usable(stored, file, QUIET);
  }

  private CleanReport clean(CleanOptions options) {
    return cache.care().clean(options, Set.of(), QUIET);
  }

  private void usedAt(StoredPackage stored, Instant time) throws IOException {
    Files.setLastModifiedTime(
        StoreLayout.of(root).manifest(stored.sha256OfArchive()), FileTime.from(time));
  }

  @Test
  void sizesTellSharedAndLinkedBytesApart() throws Exception {
    StoredPackage one = fetch(first);
    fetch(second);
    Files.createLink(channel.resolve("linked"), content(one, "share/first"));
    Files.createDirectories(root.resolve("store/v1/tmp/gone"));
    Files.writeString(root.resolve("store/v1/tmp/gone/0"), "rest");

    CacheSize size = cache.care().size(QUIET);

    assertThat(size)
        .isEqualTo(
            new CacheSize(2, 3, 16, 4, 5, 20, 2, first.bytes().length + second.bytes().length, 4));
    assertThat(size.savedBytes()).isEqualTo(4);
    assertThat(size.totalBytes()).isEqualTo(20 + size.archiveBytes());
  }

  @Test
  void anEmptyCacheHasNoSizeAndNothingToClean() {
    assertThat(cache.care().size(QUIET)).isEqualTo(new CacheSize(0, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(clean(ALL).isEmpty()).isTrue();
    assertThat(cache.care().verify(record -> true, QUIET).isSound()).isTrue();
  }

  @Test
  void packagesAreListedWithWhatIsTheirOwnAndWhetherAnEnvironmentHasThem() throws Exception {
    StoredPackage one = fetch(first);
    StoredPackage two = fetch(second);
    Files.createLink(channel.resolve("linked"), content(one, "share/first"));

    List<CachedPackage> packages = cache.care().packages(Set.of(), QUIET);

    assertThat(packages)
        .extracting(each -> each.record().name())
        .containsExactly("first", "second");
    assertThat(packages).extracting(CachedPackage::bytes).containsExactly(9L, 11L);
    assertThat(packages).extracting(CachedPackage::ownBytes).containsExactly(5L, 7L);
    assertThat(packages).extracting(CachedPackage::used).containsExactly(true, false);
    assertThat(packages.get(0).record().url()).isEqualTo(one.record().url());
    assertThat(packages.get(0).record().sha256()).contains(one.sha256OfArchive());
    assertThat(cache.care().packages(Set.of(two.record().url()), QUIET))
        .extracting(CachedPackage::used)
        .containsExactly(true, true);
  }

  @Test
  void verifyingFindsAFlippedByteThatSizeAndTimeDoNotTellAndRepairsIt() throws Exception {
    StoredPackage stored = fetch(first);
    fetch(second);
    Path content = content(stored, "share/first");
    Files.writeString(content, "fIrst");
    Files.setLastModifiedTime(content, FileTime.from(TestPackage.TIME));

    VerifyReport report = cache.care().verify(record -> true, QUIET);

    assertThat(report.packages()).isEqualTo(2);
    assertThat(report.files()).isEqualTo(3);
    assertThat(report.bytes()).isEqualTo(16);
    assertThat(report.isSound()).isTrue();
    assertThat(report.damages())
        .singleElement()
        .satisfies(
            damage -> {
              assertThat(damage.fileName()).isEqualTo(first.fileName());
              assertThat(damage.path()).isEqualTo("share/first");
              assertThat(damage.repaired()).isTrue();
            });
    assertThat(content).hasContent("first");
    assertThat(cache.care().verify(record -> true, QUIET).damages()).isEmpty();
  }

  @Test
  void verifyingOnePackageLeavesTheOthersAlone() throws Exception {
    Path damaged = content(fetch(first), "share/first");
    fetch(second);
    Files.delete(damaged);

    assertThat(cache.care().verify(record -> record.name().equals("second"), QUIET))
        .isEqualTo(new VerifyReport(1, 2, 11, List.of()));
    assertThat(cache.care().verify(record -> record.name().equals("first"), QUIET).damages())
        .singleElement()
        .satisfies(damage -> assertThat(damage.problem()).contains("missing"));
    assertThat(damaged).hasContent("first");
  }

  @Test
  void aDamagedFileThatCannotBeHadAgainIsReportedAndNeverHandedOut() throws Exception {
    StoredPackage stored = fetch(first);
    Path content = content(stored, "share/first");
    Files.writeString(content, "fIrst");
    Files.setLastModifiedTime(content, FileTime.from(TestPackage.TIME));
    clean(ALL.packages(false).archives(true));
    Files.delete(channel.resolve(first.fileName()));

    VerifyReport report = cache.care().verify(record -> true, QUIET);

    assertThat(report.isSound()).isFalse();
    assertThat(report.damages().get(0).problem()).contains(first.fileName());
    PackageCache other = new PackageCache(root, Disk.real(), network);
    StoredPackage again = other.fetch(stored.record(), QUIET);
    assertThatThrownBy(() -> other.usable(again, again.files().get(1), QUIET))
        .hasMessageContaining(first.fileName());
    first.in(channel);
    assertThat(cache.care().verify(record -> true, QUIET).isSound()).isTrue();
  }

  @Test
  void aDamagedArchiveIsDropped() throws Exception {
    StoredPackage stored = fetch(first);
    Path archive = StoreLayout.of(root).archive(stored.sha256OfArchive());
    Files.writeString(archive, "no archive");
    assertThat(cache.care().verify(record -> true, QUIET).damages()).hasSize(1);
    assertThat(archive).doesNotExist();
  }

  @Test
  void aLostExecutableBitIsSetAgain() throws Exception {
    StoredPackage stored =
        fetch(TestPackage.named("a").file("bin/a", "run", 0755, TestPackage.TIME));
    Path content = content(stored, "bin/a");
    Disk.real().setExecutable(content, false);
    cache.care().verify(record -> true, QUIET);
    assertThat(content).isExecutable();
  }

  @Test
  void cleaningRemovesWhatNoEnvironmentHasAndKeepsWhatIsShared() throws Exception {
    StoredPackage one = fetch(first);
    StoredPackage two = fetch(second);
    Files.createLink(channel.resolve("linked"), content(two, "share/second"));

    CleanReport report = clean(ALL);

    assertThat(report.packages()).extracting(PackageRecord::name).containsExactly("first");
    assertThat(report.files()).isEqualTo(1);
    assertThat(report.archives()).isEqualTo(1);
    assertThat(report.bytes()).isEqualTo(5 + first.bytes().length);
    assertThat(report.freedBytes()).isEqualTo(report.bytes());
    assertThat(cache.has(one.record())).isFalse();
    assertThat(cache.has(two.record())).isTrue();
    assertThat(content(two, "COPYING")).hasContent("free");
    assertThat(clean(ALL).isEmpty()).isTrue();
  }

  @Test
  void aDryRunSaysTheSameAndRemovesNothing() throws Exception {
    fetch(first);
    fetch(second);
    Files.createDirectories(root.resolve("store/v1/tmp/gone"));
    Files.writeString(root.resolve("store/v1/tmp/gone/0"), "rest");
    List<Path> before = StoreCheck.filesBelow(root.resolve("store/v1"));

    CleanReport planned = clean(ALL.dryRun(true));

    assertThat(planned.dryRun()).isTrue();
    assertThat(StoreCheck.filesBelow(root.resolve("store/v1"))).containsAll(before);
    CleanReport done = clean(ALL);
    assertThat(done.packages()).isEqualTo(planned.packages()).hasSize(2);
    assertThat(done.bytes()).isEqualTo(planned.bytes());
    assertThat(done.files()).isEqualTo(planned.files()).isEqualTo(3);
    assertThat(done.leftovers()).isEqualTo(planned.leftovers()).isEqualTo(1);
  }

  @Test
  void whatAnEnvironmentHasAsCopiesStaysBecauseItsRecordSaysSo() throws Exception {
    StoredPackage one = fetch(first);
    fetch(second);
    CleanReport report =
        cache.care().clean(ALL, Set.of(one.record().sha256().orElseThrow()), QUIET);
    assertThat(report.packages()).extracting(PackageRecord::name).containsExactly("second");
  }

  @Test
  void packagesThatWereAskedForNotLongAgoAreSpared() throws Exception {
    StoredPackage one = fetch(first);
    fetch(second);
    usedAt(one, Instant.now().minus(Duration.ofDays(40)));
    assertThat(clean(ALL.unusedFor(Duration.ofDays(30))).packages())
        .extracting(PackageRecord::name)
        .containsExactly("first");
  }

  @Test
  void askingForAPackageIsNoted() throws Exception {
    StoredPackage one = fetch(first);
    usedAt(one, Instant.now().minus(Duration.ofDays(40)));
    cache.fetch(one.record(), QUIET);
    assertThat(clean(ALL.unusedFor(Duration.ofDays(30))).isEmpty()).isTrue();
  }

  @Test
  void aTimeInTheFutureDoesNotMakeAPackageStayForEver() throws Exception {
    StoredPackage one = fetch(first);
    usedAt(one, Instant.now().plus(Duration.ofDays(4000)));
    assertThat(clean(ALL.unusedFor(Duration.ofDays(30))).isEmpty()).isTrue();
    cache.fetch(one.record(), QUIET);
    assertThat(cache.care().packages(Set.of(), QUIET).get(0).lastUsed())
        .isBeforeOrEqualTo(Instant.now());
    usedAt(one, Instant.now().minus(Duration.ofDays(31)));
    assertThat(clean(ALL.unusedFor(Duration.ofDays(30))).packages()).hasSize(1);
  }

  @Test
  void toFitASizeThoseGoFirstThatNobodyAskedForTheLongest() throws Exception {
    StoredPackage one = fetch(first);
    StoredPackage two = fetch(second);
    usedAt(one, Instant.now().minus(Duration.ofDays(2)));
    usedAt(two, Instant.now().minus(Duration.ofDays(3)));

    assertThat(clean(ALL.maxBytes(16)).isEmpty()).isTrue();
    assertThat(clean(ALL.maxBytes(15)).packages())
        .extracting(PackageRecord::name)
        .containsExactly("second");
    assertThat(cache.care().size(QUIET).bytes()).isEqualTo(9);
    assertThat(clean(ALL.maxBytes(0)).packages()).hasSize(1);
    assertThat(cache.care().size(QUIET).bytes()).isZero();
  }

  @Test
  void remainsOfKilledProcessesAndBrokenManifestsAreLeftovers() throws Exception {
    StoredPackage one = fetch(first);
    fetch(second);
    Path manifest = StoreLayout.of(root).manifest(one.sha256OfArchive());
    Files.write(manifest, new byte[] {1, 2, 3});
    Files.writeString(manifest.resolveSibling("x.123.tmp"), "half a manifest");
    Files.createDirectories(root.resolve("store/v1/tmp/1-2-3"));
    Files.writeString(root.resolve("store/v1/tmp/1-2-3/0"), "half a file");

    CleanReport report = clean(ALL.packages(false));

    assertThat(report.packages()).isEmpty();
    assertThat(report.leftovers()).isEqualTo(3);
    assertThat(report.files()).isEqualTo(1);
    assertThat(report.archives()).isEqualTo(1);
    assertThat(StoreCheck.leftOvers(root)).isEmpty();
    assertThat(cache.care().size(QUIET).leftoverBytes()).isZero();
    assertThat(fetch(first).files()).hasSize(2);
  }

  @Test
  void notesOnRecordsWithoutSha256GoWithTheirPackage() throws Exception {
    PackageRecord full = first.in(channel);
    PackageRecord byMd5 = first.recordAt(full.url()).md5(TestPackage.md5(first.bytes())).build();
    cache.fetch(byMd5, QUIET);
    clean(ALL);
    assertThat(StoreCheck.filesBelow(root.resolve("store/v1/packages"))).isEmpty();
    assertThat(cache.has(byMd5)).isFalse();
  }

  @Test
  void cleaningWaitsUntilNobodyUsesTheStore() throws Exception {
    fetch(first);
    Held use = cache.inUse(QUIET);
    RecordingListener listener = new RecordingListener();
    PackageCache other = new PackageCache(root, Disk.real(), network);
    Future<CleanReport> cleaning =
        threads.submit(() -> other.care().clean(ALL, Set.of(), listener.context()));

    assertThatThrownBy(() -> cleaning.get(2500, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(listener.events(Warning.class))
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.message())
                    .contains("package cache", "process " + ProcessHandle.current().pid())
                    .containsPattern("since \\d{4}-"));
    use.close();
    assertThat(cleaning.get().packages()).hasSize(1);
  }

  @Test
  void whatCannotBeRemovedIsReportedAndTheRestIsRemoved() throws Exception {
    fetch(first);
    fetch(second);
    Path stubborn = StoreLayout.of(root).manifest(first.in(channel).sha256().orElseThrow());
    Disk refusing =
        new Disk() {
          @Override
          public boolean deleteIfExists(Path path) throws IOException {
            if (path.equals(stubborn)) {
              throw new java.nio.file.AccessDeniedException(path.toString());
            }
            return super.deleteIfExists(path);
          }
        };
    CleanReport report =
        new PackageCache(root, refusing, network).care().clean(ALL, Set.of(), QUIET);
    assertThat(report.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains(stubborn.toString()));
    assertThat(report.packages()).extracting(PackageRecord::name).containsExactly("second");
    assertThat(cache.fetch(first.in(channel), QUIET).files()).hasSize(2);
    StoreCheck.assertSound(root);
  }

  @Test
  void aBatchOfArchivesIsBroughtInAndServesRecordsWithAnyHash() throws Exception {
    PackageRecord full = first.in(channel);
    PackageRecord imported =
        cache.care().importArchive(channel.resolve(first.fileName()), QUIET).record();
    Files.delete(channel.resolve(first.fileName()));

    assertThat(imported.distName()).isEqualTo("first-1.0-0");
    assertThat(imported.sha256()).isEqualTo(full.sha256());
    assertThat(imported.md5()).contains(TestPackage.md5(first.bytes()));
    assertThat(imported.size()).isEqualTo(full.size());
    PackageRecord elsewhere = full.toBuilder().url("https://nowhere.invalid/first").build();
    assertThat(cache.fetch(elsewhere, QUIET).files()).hasSize(2);
    PackageRecord byMd5 =
        first.recordAt("https://nowhere.invalid/first").md5(TestPackage.md5(first.bytes())).build();
    assertThat(cache.fetch(byMd5, QUIET).files()).hasSize(2);
  }

  @Test
  void whatIsNoPackageIsNotBroughtIn() throws Exception {
    Path text = Files.writeString(channel.resolve("a-1.0-0.conda"), "text");
    assertThatThrownBy(() -> cache.care().importArchive(text, QUIET))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("a-1.0-0.conda");
    assertThatThrownBy(() -> cache.care().importArchive(channel.resolve("a.zip"), QUIET))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("a.zip");
    assertThatThrownBy(() -> cache.care().importArchive(channel.resolve("no-1-0.conda"), QUIET))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no-1-0.conda");
    Path misnamed = Files.write(channel.resolve("other-1.0-0.tar.bz2"), first.bytes());
    assertThatThrownBy(() -> cache.care().importArchive(misnamed, QUIET))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("first-1.0-0");
    assertThat(StoreCheck.leftOvers(root)).isEmpty();
  }
}
