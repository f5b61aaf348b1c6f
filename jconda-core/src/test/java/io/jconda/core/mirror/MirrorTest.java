package io.jconda.core.mirror;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.ChannelException;
import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.Environment;
import io.jconda.IntegrityException;
import io.jconda.InvalidSpecException;
import io.jconda.OfflineException;
import io.jconda.PackageNotFoundException;
import io.jconda.StorageException;
import io.jconda.UnsatisfiableException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.MirrorPlan;
import io.jconda.build.MirrorReport;
import io.jconda.build.MirrorRequest;
import io.jconda.build.MirrorRequest.Scope;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Mirrors small channels over HTTP, and uses what came of it. */
class MirrorTest extends MirroredChannel {
  @Test
  void whatASolveNeedsForEachPlatformIsThereAndNothingElse() throws IOException {
    MirrorReport report = request().copy("app");

    assertThat(SourceChannel.archives(mirror))
        .containsExactly(
            "linux-64/lib-2.0-0.conda",
            "linux-64/python-3.13-0.conda",
            "noarch/app-2.0-0.conda",
            "win-64/lib-2.0-0.conda",
            "win-64/python-3.13-0.conda");
    assertThat(report.fetched()).isEqualTo(5);
    assertThat(report.kept()).isZero();
    assertThat(report.bytesFetched())
        .isEqualTo(report.plan().bytes())
        .isEqualTo(
            SourceChannel.archives(mirror).stream()
                .mapToLong(path -> mirror.resolve(path).toFile().length())
                .sum());
    assertThat(requestedArchives()).isEqualTo(SourceChannel.archives(mirror));
  }

  @Test
  void aSiteWithoutANetworkMakesAnEnvironmentFromIt() {
    Platform here = Platform.current();
    source.make(here, "lib", "2.0");
    source.make(here, "python", "3.13");
    ChannelIndexer.index(source.folder);
    MirrorReport report = client.mirror(mirror).channel(source.folder.toString()).copy("app");
    assertThat(report.plan().platforms()).containsExactly(here);

    try (CondaClient far =
        CondaClient.builder().root(folder.resolve("far")).offline(true).build()) {
      Environment env = far.env(folder.resolve("env")).channel(mirror.toString()).install("app");
      assertThat(env.packages())
          .extracting(PackageRecord::name)
          .containsExactlyInAnyOrder("app", "lib", "python");
      assertThat(env.prefix().resolve("share/app.txt")).isNotEmptyFile();
    }
  }

  @Test
  void aClosureHasAllThatTheSpecsCanComeToNeed() throws IOException {
    assertThat(request().scope(Scope.CLOSURE).copy("app").fetched()).isEqualTo(8);

    assertThat(SourceChannel.archives(mirror))
        .contains("noarch/app-1.0-0.tar.bz2", "noarch/app-2.0-0.conda", "win-64/lib-1.0-0.tar.bz2")
        .doesNotContain("noarch/other-1.0-0.tar.bz2");
    assertThatThrownBy(() -> request().scope(Scope.CLOSURE).copy("ap"))
        .isInstanceOfSatisfying(
            PackageNotFoundException.class, e -> assertThat(e.nearNames()).contains("app"));
  }

  @Test
  void everythingIsTheWholeChannelForThesePlatforms() throws IOException {
    MirrorReport report =
        client.mirror(mirror).channel(url).platform(Platform.WIN_64).scope(Scope.EVERYTHING).copy();

    assertThat(report.fetched()).isEqualTo(6);
    assertThat(SourceChannel.archives(mirror)).noneMatch(path -> path.startsWith("linux-64"));
    assertThat(SourceChannel.records(mirror, "noarch").keySet())
        .isEqualTo(SourceChannel.records(source.folder, "noarch").keySet());
  }

  @Test
  void whatIsExcludedIsNotCopiedAndASolveLooksForAnotherWay() throws IOException {
    assertThat(request().exclude("app=2").copy("app").fetched()).isEqualTo(3);
    assertThat(SourceChannel.archives(mirror)).contains("noarch/app-1.0-0.tar.bz2");
    assertThat(request().scope(Scope.EVERYTHING).exclude("lib", "python").plan().records())
        .extracting(PackageRecord::name)
        .containsOnly("app", "other");
    assertThatThrownBy(() -> request().exclude("app").copy("app"))
        .isInstanceOf(UnsatisfiableException.class)
        .hasMessageContaining("excluded from the mirror");
  }

  @Test
  void aPlanSaysWhatWouldBeDoneAndDoesNothing() {
    MirrorPlan plan = request().plan("app");

    assertThat(mirror).doesNotExist();
    assertThat(requestedArchives()).isEmpty();
    assertThat(plan.records()).hasSize(5);
    assertThat(plan.toFetch()).hasSize(5);
    assertThat(plan.bytesToFetch()).isEqualTo(plan.bytes()).isPositive();
    assertThat(plan.toString().lines())
        .hasSize(4)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100))
        .anySatisfy(line -> assertThat(line).contains("win-64", "2 packages", "to fetch"));
  }

  @Test
  void aSecondCopyFetchesAndWritesNothing() throws IOException {
    assertThat(request().copy("app").fetched()).isEqualTo(5);
    FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    try (Stream<Path> tree = Files.walk(mirror)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, old);
      }
    }
    SERVER.resetRequests();

    MirrorReport again = request().copy("app");

    assertThat(again.fetched()).isZero();
    assertThat(again.kept()).isEqualTo(5);
    assertThat(again.bytesFetched()).isZero();
    assertThat(requestedArchives()).isEmpty();
    for (String path : SourceChannel.picture(mirror).keySet()) {
      assertThat(Files.getLastModifiedTime(mirror.resolve(path))).as(path).isEqualTo(old);
    }
  }

  @Test
  void whatIsWrongInTheFolderIsFetchedAnew() throws IOException {
    assertThat(request().copy("app").fetched()).isEqualTo(5);
    SortedMap<String, String> right = SourceChannel.picture(mirror);
    Path changed = mirror.resolve("noarch/app-2.0-0.conda");
    byte[] bytes = Files.readAllBytes(changed);
    bytes[bytes.length / 2] ^= 1;
    Files.write(changed, bytes);
    Path cut = mirror.resolve("win-64/lib-2.0-0.conda");
    Files.write(cut, new byte[10]);
    Files.delete(mirror.resolve("linux-64/lib-2.0-0.conda"));

    MirrorReport again = request().copy("app");

    assertThat(again.fetched()).isEqualTo(3);
    assertThat(SourceChannel.picture(mirror)).isEqualTo(right);
  }

  @Test
  void anotherSetOfSpecsIsAddedAndPruningTakesTheRestAway() throws IOException {
    assertThat(request().copy("app=1").fetched()).isEqualTo(3);
    assertThat(request().copy("other").fetched()).isEqualTo(1);
    assertThat(SourceChannel.records(mirror, "noarch").keySet())
        .containsExactly("app-1.0-0.tar.bz2", "other-1.0-0.tar.bz2");

    MirrorPlan plan = request().prune(true).plan("app");
    assertThat(plan.toRemove())
        .containsExactly(
            "linux-64/lib-1.0-0.tar.bz2",
            "noarch/app-1.0-0.tar.bz2",
            "noarch/other-1.0-0.tar.bz2",
            "win-64/lib-1.0-0.tar.bz2")
        .hasSize(4);
    MirrorReport pruned = request().prune(true).copy("app");

    assertThat(pruned.removed()).isEqualTo(4);
    assertThat(SourceChannel.archives(mirror))
        .hasSize(5)
        .doesNotContainAnyElementsOf(plan.toRemove());
    assertThat(SourceChannel.records(mirror, "noarch").keySet()).containsExactly("app-2.0-0.conda");
  }

  @Test
  void pruningForOnePlatformLeavesTheOthersAlone() throws IOException {
    assertThat(request().copy("app").fetched()).isEqualTo(5);

    MirrorReport report =
        client.mirror(mirror).channel(url).platform(Platform.LINUX_64).prune(true).copy("app=1");

    assertThat(report.removed()).isEqualTo(3);
    assertThat(SourceChannel.archives(mirror))
        .contains("win-64/lib-2.0-0.conda")
        .doesNotContain("linux-64/lib-2.0-0.conda");
  }

  @Test
  void ofANameOnlyTheFirstChannelThatHasItIsCopied() throws IOException {
    SourceChannel second = new SourceChannel(folder.resolve("second"));
    second.make(Platform.NOARCH, "app", "9.0");
    second.make(Platform.NOARCH, "extra", "1.0");
    ChannelIndexer.index(second.folder);

    MirrorPlan plan = request().channel(second.folder.toString()).scope(Scope.EVERYTHING).plan();

    assertThat(plan.records()).extracting(PackageRecord::name).contains("extra", "app");
    assertThat(plan.records())
        .filteredOn(record -> record.name().equals("app"))
        .allSatisfy(record -> assertThat(record.channel()).isEqualTo(url));
  }

  @Test
  void twoArchivesOfOneNameAreRefusedAndBothChannelsNamed() throws IOException {
    SourceChannel second = new SourceChannel(folder.resolve("second"));
    second.make(Platform.NOARCH, "app", "2.0", "other");
    ChannelIndexer.index(second.folder);
    String secondChannel = "file://" + second.folder;

    assertThatThrownBy(
            () ->
                request()
                    .channel(secondChannel)
                    .scope(Scope.CLOSURE)
                    .copy(url + "::app", secondChannel + "::app"))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("noarch/app-2.0-0.conda")
        .hasMessageContaining(url)
        .hasMessageContaining(second.folder.toString());
    assertThat(mirror.resolve("noarch")).doesNotExist();

    // and also where the first one was copied earlier
    assertThat(request().copy("app").fetched()).isEqualTo(5);
    SortedMap<String, String> before = SourceChannel.picture(mirror);
    assertThatThrownBy(
            () -> client.mirror(mirror).channel(secondChannel).channel(url).copy("app=2"))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(mirror.toString())
        .hasMessageContaining(second.folder.toString());
    assertThat(SourceChannel.picture(mirror)).isEqualTo(before);
  }

  @Test
  void machinesOfTheSiteAreNotTakenForThisOne() throws IOException {
    source.make(Platform.LINUX_64, "modern", "1.0", "__glibc >=2.28");
    ChannelIndexer.index(source.folder);
    url = source.serve(SERVER);
    MirrorRequest linux = client.mirror(mirror).channel(url).platform(Platform.LINUX_64);

    assertThatThrownBy(() -> linux.copy("modern"))
        .isInstanceOf(UnsatisfiableException.class)
        .hasMessageContaining("__glibc");
    assertThat(linux.virtualPackage("__glibc=2.34").copy("modern").fetched()).isEqualTo(1);
    assertThatThrownBy(() -> linux.virtualPackage("glibc=2"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFolderWithSomebodysFilesIsRefused() throws IOException {
    Files.createDirectories(mirror);
    Path precious = Files.writeString(mirror.resolve("thesis.tex"), "mine");

    assertThatThrownBy(() -> request().prune(true).copy("app"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(mirror.toString());
    assertThat(mirror.toFile().list()).containsExactly(precious.getFileName().toString());

    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> client.mirror(file).channel(url).copy("app"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("is a file");
  }

  @Test
  void badRequestsAreRefusedBeforeAnythingIsWritten() {
    assertThatThrownBy(() -> request().copy("app>=")).isInstanceOf(InvalidSpecException.class);
    assertThatThrownBy(() -> request().copy()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> request().copy("nothing")).isInstanceOf(CondaException.class);
    assertThatThrownBy(() -> client.mirror(mirror).channel(mirror.toString()).copy("app"))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("itself");
    assertThatThrownBy(
            () -> client.mirror(mirror).channel(folder.resolve("none").toString()).copy("app"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("none");
    assertThat(mirror).doesNotExist();
  }

  @Test
  void offlineCopiesFromFoldersAndAsksNoServer() throws IOException {
    assertThatThrownBy(() -> request().offline(true).copy("app"))
        .isInstanceOf(OfflineException.class);
    assertThat(SERVER.getAllServeEvents()).isEmpty();
    assertThat(
            client
                .mirror(mirror)
                .channel(source.folder.toString())
                .platform(Platform.WIN_64)
                .offline(true)
                .copy("app")
                .fetched())
        .isEqualTo(3);
  }

  @Test
  void noSecretOfASourceIsInTheFolder() throws IOException {
    String secret = "s3cr3t-t0ken";
    String host = url.substring("http://".length());
    String withToken = "http://user:pa55word@" + host.replaceFirst("/ch$", "/t/" + secret + "/ch");
    // the server does not look at the token; what counts is where it goes
    for (String path : SourceChannel.picture(source.folder).keySet()) {
      SERVER.stubFor(
          get("/t/" + secret + "/ch/" + path)
              .atPriority(1)
              .willReturn(ok().withBody(Files.readAllBytes(source.folder.resolve(path)))));
    }

    MirrorReport report =
        client.mirror(mirror).channel(withToken).platform(Platform.WIN_64).copy("app");

    assertThat(report.fetched()).isEqualTo(3);
    try (Stream<Path> tree = Files.walk(mirror)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain(secret, "pa55word");
      }
    }
    assertThat(report.toString()).doesNotContain(secret);
  }
}
