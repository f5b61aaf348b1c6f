package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.Fixtures;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent.Warning;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeveralCachesTest {
  private static final OperationContext QUIET = OperationContext.silent();

  @TempDir Path folder;
  private final Network none = new Network(NetworkSettings.builder().offline(true).build());
  private final TestPackage made =
      TestPackage.named("a")
          .file("bin/a", "run", 0755, TestPackage.TIME)
          .file("lib/m.py", "x = 1")
          .file("lib/m.pyc", "compiled")
          .symbolicLink("bin/b", "a");
  private Path channel;
  private Path own;
  private Path other;
  private Path pkgs;

  @BeforeEach
  void makeFolders() throws IOException {
    channel = Files.createDirectories(folder.resolve("channel"));
    own = folder.resolve("own");
    other = folder.resolve("other");
    pkgs = Files.createDirectories(folder.resolve("pkgs"));
  }

  @AfterEach
  void close() throws IOException {
    none.close();
    StoreCheck.assertSound(own);
    assertThat(StoreCheck.leftOvers(own)).isEmpty();
  }

  private PackageCache cache(Path... others) {
    return new PackageCache(
        new CacheFolders(own, List.of(others)), new ReadOnlyBelow(other, pkgs), none, false);
  }

  /** Fills the other root with a package, and takes the archive away. */
  private PackageRecord fillOther() throws IOException {
    PackageRecord record = made.in(channel);
    new PackageCache(other, Disk.real(), none).fetch(record, QUIET);
    Files.delete(channel.resolve(made.fileName()));
    return record;
  }

  private static StoredFile file(StoredPackage stored, String path) {
    return stored.files().stream().filter(one -> one.path().equals(path)).findFirst().orElseThrow();
  }

  /** Returns everything below a folder with its time and content. */
  private static Map<String, String> picture(Path folder) throws IOException {
    Map<String, String> picture = new TreeMap<>();
    for (Path file : StoreCheck.filesBelow(folder)) {
      picture.put(
          folder.relativize(file).toString(),
          Files.getLastModifiedTime(file) + " " + Hashes.sha256(file));
    }
    return picture;
  }

  /** Is a disk on which nothing may be written below some folders. */
  private static final class ReadOnlyBelow extends WatchedDisk {
    ReadOnlyBelow(Path... folders) {
      super(
          path -> {
            for (Path folder : folders) {
              if (path.startsWith(folder)) {
                throw new AssertionError("Something is written to " + path);
              }
            }
          });
    }
  }

  @Test
  void aPackageOfAnotherRootIsUsedInPlaceWithoutWritingThere() throws Exception {
    PackageRecord record = fillOther();
    Map<String, String> before = picture(other);
    PackageCache cache = cache(other);

    assertThat(cache.has(record)).isTrue();
    StoredPackage stored = cache.fetch(record, QUIET);

    Path content = cache.usable(stored, file(stored, "bin/a"), QUIET);
    assertThat(content).startsWith(other).hasContent("run");
    assertThat(picture(other)).isEqualTo(before);
    assertThat(StoreCheck.filesBelow(own.resolve("store/v1/files"))).isEmpty();
  }

  @Test
  void aDamagedFileOfAnotherRootIsFetchedIntoTheOwn() throws Exception {
    PackageRecord record = fillOther();
    made.in(channel);
    PackageCache cache = cache(other);
    StoredPackage stored = cache.fetch(record, QUIET);
    Path damaged = cache.usable(stored, file(stored, "bin/a"), QUIET);
    Files.writeString(damaged, "evil");
    Map<String, String> before = picture(other);

    RecordingListener listener = new RecordingListener();
    Path content = cache.usable(stored, file(stored, "bin/a"), listener.context());

    assertThat(content).startsWith(own).hasContent("run").isExecutable();
    assertThat(listener.events(Warning.class)).hasSize(1);
    assertThat(cache.usable(stored, file(stored, "bin/a"), QUIET)).isEqualTo(content);
    assertThat(picture(other)).isEqualTo(before);
  }

  @Test
  void aPackageOfAnotherMachineIsReadOnceBeforeItIsBelieved() throws Exception {
    PackageRecord record = fillOther();
    Store store = Store.at(other, Disk.real(), false);
    Manifest manifest = store.manifests().find(record).orElseThrow();
    store.manifests().publish(manifest.withBoot("another machine"));
    Path content = store.path(manifest.files().get(0));
    Files.writeString(content, "eek");
    Files.setLastModifiedTime(content, FileTime.from(TestPackage.TIME));
    made.in(channel);

    PackageCache cache = cache(other);
    StoredPackage stored = cache.fetch(record, QUIET);
    assertThat(cache.usable(stored, file(stored, "bin/a"), QUIET))
        .startsWith(own)
        .hasContent("run");
  }

  @Test
  void aFileOfAnotherRootGetsItsNewInodeInTheOwn() throws Exception {
    PackageRecord record = fillOther();
    PackageCache cache = cache(other);
    StoredPackage stored = cache.fetch(record, QUIET);
    assertThat(cache.renewed(stored, file(stored, "bin/a"), QUIET))
        .startsWith(own)
        .hasContent("run")
        .isExecutable();
  }

  @Test
  void aSourceThatLostItsTimeIsNotTakenFromAnotherRoot() throws Exception {
    PackageRecord record = fillOther();
    made.in(channel);
    PackageCache cache = cache(other);
    StoredPackage stored = cache.fetch(record, QUIET);
    Files.setLastModifiedTime(
        cache.usable(stored, file(stored, "lib/m.py"), QUIET),
        FileTime.from(TestPackage.TIME.plusSeconds(5)));
    Path content = cache.usable(stored, file(stored, "lib/m.py"), QUIET);
    assertThat(content).startsWith(own);
    assertThat(Files.getLastModifiedTime(content).toInstant()).isEqualTo(TestPackage.TIME);
  }

  @Test
  void whatIsNewGoesIntoTheFirstRootThatCanBeWritten() throws Exception {
    Files.writeString(own, "no folder");
    Files.createDirectories(StoreLayout.of(other).store());
    PackageRecord record = made.in(channel);
    PackageCache cache =
        new PackageCache(new CacheFolders(own, List.of(other)), Disk.real(), none, false);
    StoredPackage stored = cache.fetch(record, QUIET);
    assertThat(cache.usable(stored, file(stored, "bin/a"), QUIET)).startsWith(other);
    StoreCheck.assertSound(other);
    Files.delete(own);
  }

  private PackageRecord away(PackageRecord record) {
    return record.toBuilder().url("https://nowhere.invalid/" + record.fileName()).build();
  }

  @Test
  void anArchiveInAnotherToolsFolderIsReadInsteadOfTheNetwork() throws Exception {
    PackageRecord record = away(made.in(pkgs));
    Map<String, String> before = picture(pkgs);
    assertThat(cache(pkgs).fetch(record, QUIET).files()).hasSize(4);
    assertThat(picture(pkgs)).isEqualTo(before);
  }

  @Test
  void anArchiveOfTheSameNameWithAnotherHashIsNotTaken() throws Exception {
    TestPackage.named("a").file("share/a", "another channel's build").in(pkgs);
    PackageRecord record = made.in(channel);
    assertThat(cache(pkgs).fetch(record, QUIET).files()).hasSize(4);
  }

  /** Extracts the package as conda does, and notes where it came from. */
  private PackageRecord extract() throws IOException {
    PackageRecord record = made.in(channel);
    Path place = Files.createDirectories(pkgs.resolve("a-1.0-0"));
    Process tar =
        new ProcessBuilder("tar", "-xjf", channel.resolve(made.fileName()).toString())
            .directory(place.toFile())
            .inheritIO()
            .start();
    try {
      assertThat(tar.waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    note(place, record);
    Files.delete(channel.resolve(made.fileName()));
    return away(record);
  }

  private static void note(Path place, PackageRecord record) throws IOException {
    Files.writeString(
        place.resolve("info/repodata_record.json"),
        "{\"fn\": \"%s\", \"sha256\": \"%s\", \"md5\": \"%s\", \"size\": %d}"
            .formatted(
                record.fileName(),
                record.sha256().orElseThrow(),
                "0".repeat(32),
                record.size().orElseThrow()));
  }

  @Test
  void aPackageThatAnotherToolExtractedIsCopied() throws Exception {
    PackageRecord record = extract();
    Map<String, String> before = picture(pkgs);

    PackageCache cache = cache(pkgs);
    StoredPackage stored = cache.fetch(record, QUIET);

    assertThat(stored.sha256OfArchive()).isEqualTo(record.sha256().orElseThrow());
    assertThat(stored.files())
        .extracting(StoredFile::path)
        .containsExactly("bin/a", "lib/m.py", "lib/m.pyc", "bin/b");
    assertThat(file(stored, "bin/b").target()).contains("a");
    Path content = cache.usable(stored, file(stored, "bin/a"), QUIET);
    assertThat(content).startsWith(own).hasContent("run").isExecutable();
    assertThat(Files.getAttribute(content, "unix:nlink")).isEqualTo(1);
    assertThat(
            Files.getLastModifiedTime(cache.usable(stored, file(stored, "lib/m.py"), QUIET))
                .toInstant())
        .isEqualTo(TestPackage.TIME);
    assertThat(picture(pkgs)).isEqualTo(before);
  }

  @Test
  void itIsFoundByItsMd5WhereTheRecordHasNoMore() throws Exception {
    PackageRecord record = extract();
    PackageRecord byMd5 = made.recordAt(record.url()).md5("0".repeat(32)).build();
    PackageCache cache = cache(pkgs);
    assertThat(cache.fetch(byMd5, QUIET).sha256OfArchive())
        .isEqualTo(record.sha256().orElseThrow());
    assertThat(cache.has(byMd5)).isTrue();
  }

  @Test
  void anExtractedPackageWithAChangedFileIsNotTaken() throws Exception {
    PackageRecord record = extract();
    Files.writeString(pkgs.resolve("a-1.0-0/lib/m.py"), "x = 2");
    made.in(channel);
    assertThat(fetchFromChannel(record).files()).hasSize(4);
  }

  @Test
  void anExtractedPackageOfAnotherBuildIsNotTaken() throws Exception {
    PackageRecord record = extract();
    note(pkgs.resolve("a-1.0-0"), record.toBuilder().sha256("1".repeat(64)).build());
    made.in(channel);
    assertThat(fetchFromChannel(record).sha256OfArchive()).isEqualTo(record.sha256().orElseThrow());
  }

  @Test
  void anExtractedPackageWithoutARecordIsNotTaken() throws Exception {
    PackageRecord record = extract();
    Files.delete(pkgs.resolve("a-1.0-0/info/repodata_record.json"));
    made.in(channel);
    assertThat(fetchFromChannel(record).files()).hasSize(4);
  }

  @Test
  void anExtractedPackageWithALinkOutOfItIsNotTaken() throws Exception {
    PackageRecord record = extract();
    Files.delete(pkgs.resolve("a-1.0-0/bin/b"));
    Files.createSymbolicLink(pkgs.resolve("a-1.0-0/bin/b"), Path.of("/etc/passwd"));
    made.in(channel);
    StoredPackage stored = fetchFromChannel(record);
    assertThat(file(stored, "bin/b").target()).contains("a");
  }

  /** Only the channel has it in the end, so that what it returns shows that it was asked. */
  private StoredPackage fetchFromChannel(PackageRecord record) {
    PackageRecord there =
        record.toBuilder().url(channel.resolve(made.fileName()).toUri().toString()).build();
    return cache(pkgs).fetch(there, QUIET);
  }

  @Test
  void realPackagesOfAnotherToolsFolderAreTakenByTheirHash() throws Exception {
    Path fixtures = Fixtures.of("packages");
    PackageCache cache = cache(fixtures);
    for (String name : List.of("zip64-test-1.0.0-0.conda", "clobber-1-0.1.0-h4616a5c_0.tar.bz2")) {
      PackageRecord record =
          PackageRecord.builder("any", "1", "0")
              .fileName(name)
              .url("https://nowhere.invalid/" + name)
              .sha256(Hashes.sha256(fixtures.resolve(name)))
              .build();
      assertThat(cache.fetch(record, QUIET).files()).isNotEmpty();
    }
  }
}
