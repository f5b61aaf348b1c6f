package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.ChannelException;
import io.jconda.IntegrityException;
import io.jconda.core.cache.StoredFile.FileMode;
import io.jconda.core.cache.StoredFile.Kind;
import io.jconda.core.host.Disk;
import io.jconda.core.util.Hashes;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageCacheTest extends FreshStore {
  @Test
  void aPackageThatIsThereNeedsNoArchive() throws Exception {
    TestPackage made = TestPackage.named("a").file("bin/a", "content");
    PackageRecord record = made.in(channel);
    assertThat(cache.has(record)).isFalse();
    cache.fetch(record, QUIET);
    withdraw(made);

    assertThat(cache.has(record)).isTrue();
    StoredPackage again = new PackageCache(root, Disk.real(), network).fetch(record, QUIET);
    assertThat(usable(again, "bin/a")).hasContent("content");
  }

  @Test
  void thePathsTellWhatLinkingNeeds() throws Exception {
    TestPackage made =
        TestPackage.named("a")
            .index("noarch", "python")
            .index("python_site_packages_path", "lib/python3.13t/site-packages")
            .file("bin/a", "#!/old/prefix/bin/python", 0755, TestPackage.TIME);
    made.lastClaim().put("prefix_placeholder", "/old/prefix").put("file_mode", "text");
    made.file("lib/liba.so", "\0/old/prefix\0");
    made.lastClaim().put("prefix_placeholder", "/old/prefix").put("file_mode", "binary");
    made.file("share/a", "a");
    made.lastClaim().put("no_link", true);
    made.symbolicLink("lib/liba.so.1", "liba.so");
    made.hardLink("share/b", "share/a");
    made.claim("share/empty").put("path_type", "directory");
    made.unlisted(
        "info/link.json",
        "{\"noarch\": {\"type\": \"python\", \"entry_points\": [\"a = a.b:main\"]}}");
    made.unlisted("share/unlisted", "nobody knows of it");

    StoredPackage stored = fetch(made);

    assertThat(stored.noarch()).contains(NoarchType.PYTHON);
    assertThat(stored.entryPoints()).containsExactly("a = a.b:main");
    assertThat(stored.pythonSitePackagesPath()).contains("lib/python3.13t/site-packages");
    assertThat(stored.indexJson()).contains("\"name\":\"a\"");
    assertThat(stored.files())
        .extracting(StoredFile::path)
        .containsExactly(
            "bin/a", "lib/liba.so", "share/a", "lib/liba.so.1", "share/b", "share/empty");
    StoredFile script = file(stored, "bin/a");
    assertThat(script.executable()).isTrue();
    assertThat(script.placeholder()).contains("/old/prefix");
    assertThat(script.fileMode()).contains(FileMode.TEXT);
    assertThat(file(stored, "lib/liba.so").fileMode()).contains(FileMode.BINARY);
    assertThat(file(stored, "share/a").noLink()).isTrue();
    assertThat(file(stored, "lib/liba.so.1").target()).contains("liba.so");
    assertThat(file(stored, "share/empty").kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(usable(stored, "share/b")).hasContent("a");
    assertThat(cache.fetch(stored.record(), QUIET).files()).isEqualTo(stored.files());
  }

  @Test
  void packagesWithoutPathsJsonHaveTheOlderLists() throws Exception {
    TestPackage made =
        TestPackage.named("a")
            .withoutPathsJson()
            .file("bin/a", "/opt/anaconda1anaconda2anaconda3")
            .file("bin/b b", "/old")
            .file("bin/c", "c")
            .file("bin/unlisted", "")
            .unlisted("info/files", "bin/a\nbin/b b\nbin/c\n")
            .unlisted("info/has_prefix", "bin/a\n\"/old\" binary \"bin/b b\"\n")
            .unlisted("info/no_link", "bin/c\n");

    StoredPackage stored = fetch(made);

    assertThat(stored.files())
        .extracting(StoredFile::path)
        .containsExactly("bin/a", "bin/b b", "bin/c");
    assertThat(file(stored, "bin/a").placeholder()).contains("/opt/anaconda1anaconda2anaconda3");
    assertThat(file(stored, "bin/a").fileMode()).contains(FileMode.TEXT);
    assertThat(file(stored, "bin/b b").placeholder()).contains("/old");
    assertThat(file(stored, "bin/b b").fileMode()).contains(FileMode.BINARY);
    assertThat(file(stored, "bin/c").noLink()).isTrue();
    assertThat(file(stored, "bin/c").placeholder()).isEmpty();
  }

  @Test
  void equalContentIsKeptOnceWhateverPackageItIsFrom() throws Exception {
    StoredPackage first = fetch(TestPackage.named("a").file("LICENSE", "free"));
    StoredPackage second =
        fetch(
            TestPackage.named("b")
                .file("COPYING", "free", 0644, TestPackage.TIME.plusSeconds(9))
                .file("bin/free", "free", 0755, TestPackage.TIME));

    assertThat(usable(second, "COPYING")).isEqualTo(usable(first, "LICENSE"));
    assertThat(usable(second, "bin/free")).isNotEqualTo(usable(first, "LICENSE")).isExecutable();
    assertThat(file(second, "COPYING").modified()).isEqualTo(TestPackage.TIME);
    assertThat(Files.getLastModifiedTime(usable(second, "COPYING")).toInstant())
        .isEqualTo(TestPackage.TIME);
  }

  @Test
  void aSourceKeepsItsTimeWhereCompiledPythonShipsBesideIt() throws Exception {
    Instant later = TestPackage.TIME.plusSeconds(60);
    StoredPackage first =
        fetch(
            TestPackage.named("a")
                .file("lib/m.py", "x = 1")
                .file("lib/__pycache__/m.cpython-313.opt-1.pyc", "compiled"));
    StoredPackage second =
        fetch(
            TestPackage.named("b")
                .file("lib/m.py", "x = 1", 0644, later)
                .file("lib/m.pyc", "compiled"));

    assertThat(Files.getLastModifiedTime(usable(first, "lib/m.py")).toInstant())
        .isEqualTo(TestPackage.TIME);
    assertThat(Files.getLastModifiedTime(usable(second, "lib/m.py")).toInstant()).isEqualTo(later);
  }

  @Test
  void aRecordThatKnowsOnlyAnMd5FindsItsPackage() throws Exception {
    TestPackage made = TestPackage.named("a").file("share/a", "good");
    PackageRecord full = made.in(channel);
    PackageRecord record = made.recordAt(full.url()).md5(TestPackage.md5(made.bytes())).build();
    cache.fetch(record, QUIET);
    withdraw(made);
    assertThat(cache.fetch(record, QUIET).sha256OfArchive()).isEqualTo(full.sha256().orElseThrow());
    assertThat(cache.has(full)).isTrue();
  }

  @Test
  void aWrongMd5IsRefused() throws Exception {
    TestPackage made = TestPackage.named("a").file("share/a", "good");
    PackageRecord record = made.recordAt(made.in(channel).url()).md5("0".repeat(32)).build();
    assertThatThrownBy(() -> cache.fetch(record, QUIET))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("0".repeat(32))
        .hasMessageContaining(TestPackage.md5(made.bytes()));
  }

  @Test
  void aRecordThatKnowsOnlyUrlAndSizeFindsItsPackageUntilTheSizeChanges() throws Exception {
    TestPackage made = TestPackage.named("a").file("share/a", "good");
    PackageRecord full = made.in(channel);
    PackageRecord record = made.recordAt(full.url()).size(full.size().orElseThrow()).build();
    cache.fetch(record, QUIET);
    assertThat(cache.has(record)).isTrue();
    assertThat(cache.has(record.toBuilder().size(1).build())).isFalse();
    assertThatThrownBy(() -> cache.fetch(record.toBuilder().size(1).build(), QUIET))
        .isInstanceOf(IntegrityException.class);
  }

  @Test
  void whatLiesBehindAUrlAloneIsAlwaysFetched() throws Exception {
    TestPackage made = TestPackage.named("a").file("share/a", "good");
    PackageRecord record = made.recordAt(made.in(channel).url()).build();
    cache.fetch(record, QUIET);
    assertThat(cache.has(record)).isFalse();
    Files.write(
        channel.resolve(made.fileName()), TestPackage.named("a").file("share/a", "better").bytes());
    assertThat(usable(cache.fetch(record, QUIET), "share/a")).hasContent("better");
  }

  @Test
  void whatPathsJsonClaimsMustBeSo() throws Exception {
    TestPackage wrongHash = TestPackage.named("a").file("share/a", "good");
    wrongHash.lastClaim().put("sha256", "0".repeat(64));
    assertThatThrownBy(() -> fetch(wrongHash))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContainingAll("share/a", "0".repeat(64), wrongHash.fileName());

    TestPackage wrongSize = TestPackage.named("b").file("share/a", "good");
    wrongSize.lastClaim().put("size_in_bytes", 5);
    assertThatThrownBy(() -> fetch(wrongSize))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("5 bytes");

    TestPackage missing = TestPackage.named("c");
    missing.claim("share/a");
    assertThatThrownBy(() -> fetch(missing))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("lacks 'share/a'");

    TestPackage twice = TestPackage.named("d").file("share/a", "good");
    twice.claim("share/a");
    assertThatThrownBy(() -> fetch(twice))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/x", "a/../../x", "a\\..\\x", ""})
  void pathsJsonNamesNothingOutsideThePackage(String path) {
    TestPackage made = TestPackage.named("a");
    made.claim(path).put("path_type", "directory");
    assertThatThrownBy(() -> fetch(made)).isInstanceOf(IntegrityException.class);
  }

  @Test
  void anArchiveWithoutIndexOrOfAnotherKindIsRefused() throws Exception {
    Path archive = Files.writeString(channel.resolve("a-1.0-0.tar.bz2"), "no archive");
    PackageRecord record =
        TestPackage.named("a")
            .recordAt(archive.toUri().toString())
            .sha256(Hashes.sha256(archive))
            .build();
    assertThatThrownBy(() -> cache.fetch(record, QUIET)).isInstanceOf(IntegrityException.class);
    PackageRecord text =
        record.toBuilder()
            .fileName("a.txt")
            .url(channel.resolve("a.txt").toUri().toString())
            .build();
    Files.writeString(channel.resolve("a.txt"), "text");
    assertThatThrownBy(() -> cache.fetch(text, QUIET))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(".conda");
  }

  @Test
  void aRecordWithoutAUrlIsAnError() {
    PackageRecord record = TestPackage.named("a").recordAt("").build();
    assertThatThrownBy(() -> cache.fetch(record, QUIET)).isInstanceOf(ChannelException.class);
  }

  @Test
  void filesThatPeopleEditAndEmptyOnesAreNeverLinked() throws Exception {
    TestPackage made = TestPackage.named("a");
    for (String path :
        new String[] {
          "etc/a.conf", "lib/x.pth", "ssl/Cert.PEM", "lib/setup.cfg", "a.ini", "pyvenv.cfg"
        }) {
      made.file(path, path);
    }
    made.file("share/empty", "");
    made.file("share/no_link", "content");
    made.lastClaim().put("no_link", true);
    made.file("share/prefix", "/old");
    made.lastClaim().put("prefix_placeholder", "/old").put("file_mode", "text");
    made.symbolicLink("share/link", "empty");
    made.file("share/linked", "content");
    made.file("share/etc/linked", "content");

    StoredPackage stored = fetch(made);
    assertThat(stored.files().stream().filter(cache::mayLink))
        .extracting(StoredFile::path)
        .containsExactly("share/linked", "share/etc/linked");
    assertThat(usable(stored, "share/empty")).isEmptyFile();
  }

  @Test
  void whatIsNoFileHasNoContent() throws Exception {
    StoredPackage stored = fetch(TestPackage.named("a").symbolicLink("share/link", "nowhere"));
    assertThatThrownBy(() -> usable(stored, "share/link"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPackageThatIsThereIsFoundInLessThanAMillisecond() throws Exception {
    TestPackage made = TestPackage.named("large");
    for (int i = 0; i < 3000; i++) {
      made.file("lib/python3.13/site-packages/large/module_" + i + ".py", "content " + i % 7);
    }
    PackageRecord record = fetch(made).record();
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 300; i++) {
      long begin = System.nanoTime();
      cache.fetch(record, QUIET);
      fastest = Math.min(fastest, System.nanoTime() - begin);
    }
    assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(1));
  }

  @Test
  void namesThatNoMachineHasAreKeptInTheManifest() throws Exception {
    StoredPackage stored =
        fetch(TestPackage.named("a").file("share/\u00e4\u65e5\ud83d\ude00:*?", "content"));
    StoredPackage again = cache.fetch(stored.record(), QUIET);
    assertThat(again.files())
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.path()).isEqualTo("share/\u00e4\u65e5\ud83d\ude00:*?");
              assertThat(Optional.of(cache.usable(again, file, QUIET))).isPresent();
            });
  }

  @Test
  void namesThatDifferByCaseAloneAndNamesThatWindowsCannotHoldAreKeptApart() throws Exception {
    TestPackage made =
        TestPackage.named("a")
            .file("share/Readme", "upper")
            .file("share/README", "most upper")
            .file("share/CON", "device")
            .file("share/a:b. ", "stream");
    StoredPackage stored = fetch(made);
    assertThat(usable(stored, "share/Readme")).hasContent("upper");
    assertThat(usable(stored, "share/README")).hasContent("most upper");
    assertThat(usable(stored, "share/CON")).hasContent("device");
    assertThat(usable(stored, "share/a:b. ")).hasContent("stream");
    assertThat(StoreCheck.filesBelow(root.resolve("store")))
        .extracting(file -> file.getFileName().toString())
        .allMatch(name -> name.matches("[0-9a-f]{62}|locks"));
  }
}
