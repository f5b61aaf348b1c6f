package io.jconda.core.install;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.jconda.LinkMode;
import io.jconda.build.PackageBuilder;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.host.Disk;
import io.jconda.core.link.Launchers;
import io.jconda.core.link.LinkTarget;
import io.jconda.core.link.LinkedPackage;
import io.jconda.core.link.Linker;
import io.jconda.core.link.PackageLayout;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Packages are linked as they come: whatever the order, the prefix is the one that linking them all
 * in their own order makes.
 */
class ArrivalTest {
  private static final OperationContext SILENT = OperationContext.silent();

  @TempDir Path folder;
  private Workbench bench;
  private PackageCache cache;

  @BeforeEach
  void open() {
    bench = new Workbench(folder);
    cache = bench.cache(Disk.real());
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private PackageRecord plain(String name, String... paths) {
    PackageBuilder builder = PackageBuilder.of(name, "1").platform(Platform.current());
    for (String path : paths) {
      builder.file(path, "of " + name + " at " + path);
    }
    return bench.build(builder);
  }

  private PackageRecord link(String name, String path, String target) {
    return bench.build(
        PackageBuilder.of(name, "1").platform(Platform.current()).symbolicLink(path, target));
  }

  private LinkTarget target(String name) {
    Path root = folder.resolve(name);
    return LinkTarget.of(root, folder.resolve("prefix"), Platform.current(), LinkMode.HARD);
  }

  private PackageLayout layout(PackageRecord record, int rank, LinkTarget target) {
    return PackageLayout.of(cache.fetch(record, SILENT), target, Launchers.NONE, rank);
  }

  /** Links batches and returns what lies there, and what each package says it has there. */
  private Optional<SortedMap<String, String>> link(
      String name, List<PackageRecord> solution, List<List<PackageRecord>> batches)
      throws Exception {
    LinkTarget target = target(name);
    Files.createDirectories(target.root());
    Linker linker = new Linker(target, true, cache, Disk.real());
    Set<PackageRecord> there = new HashSet<>();
    SortedMap<String, String> picture = new TreeMap<>();
    for (List<PackageRecord> batch : batches) {
      there.addAll(batch);
      List<PackageLayout> layouts = new ArrayList<>();
      batch.stream()
          .sorted((one, other) -> Integer.compare(solution.indexOf(one), solution.indexOf(other)))
          .forEach(one -> layouts.add(layout(one, solution.indexOf(one), target)));
      boolean inOrder = there.containsAll(solution.subList(0, there.size()));
      Optional<List<LinkedPackage>> linked = linker.link(layouts, inOrder, SILENT);
      if (linked.isEmpty()) {
        return Optional.empty();
      }
      for (int i = 0; i < layouts.size(); i++) {
        for (PrefixPath path : linked.get().get(i).paths()) {
          picture.put(layouts.get(i).owner() + " " + path.path(), path.type().word());
        }
      }
    }
    picture.putAll(Workbench.picture(target.root()));
    return Optional.of(picture);
  }

  @Test
  void ofPackagesWithOnePathTheLastInOrderWinsWhicheverComesFirst() throws Exception {
    List<PackageRecord> solution =
        List.of(
            plain("a", "share/x", "share/y", "bin/a"),
            plain("b", "share/y", "lib/deep/er/b"),
            plain("c", "share/x", "share/z", "bin/a"),
            plain("d", "share/z", "share/x"),
            plain("e", "share/e"));
    var model = link("model", solution, List.of(solution)).orElseThrow();
    assertThat(Files.readString(folder.resolve("model/share/x"))).isEqualTo("of d at share/x");
    long seed = 20260803;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int attempt = 0; attempt < 30; attempt++) {
      List<PackageRecord> shuffled = new ArrayList<>(solution);
      Collections.shuffle(shuffled, random);
      List<List<PackageRecord>> batches = new ArrayList<>();
      for (PackageRecord record : shuffled) {
        if (batches.isEmpty() || random.nextBoolean()) {
          batches.add(new ArrayList<>());
        }
        batches.get(batches.size() - 1).add(record);
      }

      assertThat(link("attempt-" + attempt, solution, batches))
          .describedAs("%s", batches)
          .contains(model);
    }
  }

  @Test
  void filesBehindALinkOfAnotherPackageMeetThoseThatLieThere() throws Exception {
    List<PackageRecord> solution =
        List.of(link("linking", "lib64", "lib"), plain("one", "lib/x"), plain("two", "lib64/x"));
    assertThat(link("model", solution, List.of(solution))).isPresent();

    assertThat(Files.readString(folder.resolve("model/lib/x"))).isEqualTo("of two at lib64/x");
    assertThat(Files.readSymbolicLink(folder.resolve("model/lib64"))).isEqualTo(Path.of("lib"));
    List<PackageRecord> otherWay = List.of(solution.get(0), solution.get(2), solution.get(1));
    assertThat(link("other", otherWay, List.of(otherWay))).isPresent();
    assertThat(Files.readString(folder.resolve("other/lib/x"))).isEqualTo("of one at lib/x");
  }

  @Test
  void whereALinkLiesInTheWayThePackagesBeforeItAreWaitedFor() throws Exception {
    List<PackageRecord> solution =
        List.of(
            plain("zero", "share/zero"), link("linking", "lib64", "lib"), plain("two", "lib64/x"));
    List<PackageRecord> early = solution.subList(1, 3);

    assertThat(link("early", solution, List.of(early, solution.subList(0, 1)))).isEmpty();
    assertThat(link("inOrder", solution, List.of(solution.subList(0, 1), early))).isPresent();
  }

  @Test
  void aPrefixIsBegunAnewWhenTheOrderCounts() throws Exception {
    PackageRecord slow = plain("slow", "share/slow");
    PackageRecord linking = link("linking", "lib64", "lib");
    PackageRecord two = plain("two", "lib64/x");
    List<String> linked = apply(List.of(slow, linking, two), slow);

    assertThat(folder.resolve("prefix/lib/x")).exists();
    assertThat(folder.resolve("prefix/share/slow")).exists();
    assertThat(linked.subList(linked.size() - 3, linked.size()))
        .containsExactly("slow-1-0", "linking-1-0", "two-1-0");
  }

  @Test
  void whatDoesNotNeedPythonIsLinkedWhileItStillArrives() throws Exception {
    PackageRecord module =
        bench.build(
            PackageBuilder.of("module", "1")
                .noarch(NoarchType.PYTHON)
                .file("site-packages/module.py", ""));
    PackageRecord library = plain("library", "lib/library");

    PackageRecord python =
        bench.build(
            PackageBuilder.of("python", "3.11")
                .platform(Platform.current())
                .file("bin/python3.11", "no real one"));
    List<String> linked = apply(List.of(python, module, library), python);

    assertThat(linked).containsExactly("library-1-0", "python-3.11-0", "module-1-py_0");
  }

  /** Makes the prefix from a server that is slow with one package; returns the order of linking. */
  private List<String> apply(List<PackageRecord> solution, PackageRecord slow) throws Exception {
    WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
    server.start();
    try {
      List<PackageRecord> served = new ArrayList<>();
      for (PackageRecord record : solution) {
        byte[] body = Files.readAllBytes(Path.of(URI.create(record.url())));
        String path = "/" + record.fileName();
        server.stubFor(
            get(urlEqualTo(path))
                .willReturn(
                    aResponse().withBody(body).withFixedDelay(record.equals(slow) ? 700 : 0)));
        served.add(record.toBuilder().url(server.baseUrl() + path).build());
      }
      List<String> linked = Collections.synchronizedList(new ArrayList<>());
      Events events =
          new Events(
              event -> {
                if (event instanceof ProgressEvent.PackageLinked one) {
                  linked.add(one.distName());
                }
              });
      bench
          .installer()
          .apply(
              Workbench.create(folder.resolve("prefix"), served.toArray(PackageRecord[]::new))
                  .compileBytecode(false)
                  .build(),
              new OperationContext(CancellationToken.create(), events));
      return linked;
    } finally {
      server.stop();
    }
  }

  @Test
  void namesThatDifferInCaseAreOneOnWindowsAndTwoOnLinux() throws Exception {
    PackageRecord one = plain("one", "share/Name");
    PackageRecord two = plain("two", "share/name", "Share/other");
    Map<Platform, List<String>> expected =
        Map.of(
            Platform.LINUX_64, List.of("Share/other", "share/Name", "share/name"),
            Platform.WIN_64, List.of("share/name", "share/other"),
            Platform.OSX_ARM64, List.of("share/name", "share/other"));
    for (Map.Entry<Platform, List<String>> entry : expected.entrySet()) {
      Path root = folder.resolve("case-" + entry.getKey());
      Files.createDirectories(root);
      LinkTarget target = LinkTarget.of(root, root, entry.getKey(), LinkMode.HARD);
      Linker linker = new Linker(target, true, cache, Disk.real());
      // one after the other: what lies there already goes as well
      assertThat(linker.link(List.of(layout(one, 0, target)), true, SILENT).orElseThrow())
          .isNotEmpty();
      assertThat(linker.link(List.of(layout(two, 1, target)), true, SILENT).orElseThrow())
          .isNotEmpty();

      assertThat(
              Workbench.picture(root).entrySet().stream()
                  .filter(path -> path.getValue().startsWith("file"))
                  .map(Map.Entry::getKey))
          .describedAs("%s", entry.getKey())
          .containsExactlyElementsOf(entry.getValue());
    }
  }
}
