package io.jconda.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.PackageNotFoundException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.Fixtures;
import io.jconda.core.query.SlowIndex.Entry;
import io.jconda.query.PackageNode;
import io.jconda.query.PackageNode.Kind;
import io.jconda.query.PackageQuery;
import io.jconda.query.PackageTree;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import io.jconda.spec.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhoNeedsTest {
  @TempDir Path folder;
  private CondaClient client;

  @BeforeEach
  void open() {
    client = CondaClient.builder().root(folder.resolve("root")).build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void make(String name, String version, String... depends) {
    make(Platform.NOARCH, name, version, depends);
  }

  private void make(Platform platform, String name, String version, String... depends) {
    PackageBuilder builder =
        PackageBuilder.of(name, version).depends(depends).file("share/" + name + ".txt", version);
    if (platform == Platform.NOARCH) {
      builder.noarch(NoarchType.GENERIC);
    } else {
      builder.platform(platform);
    }
    builder.build(folder.resolve("channel"));
  }

  private PackageQuery query() {
    ChannelIndexer.index(folder.resolve("channel"));
    return client.query().channel(folder.resolve("channel").toString()).platform(Platform.LINUX_64);
  }

  private PackageQuery real() {
    return client
        .query()
        .channel(Fixtures.of("repodata/conda-forge-2026").toString())
        .platform(Platform.LINUX_64);
  }

  private static List<String> lines(PackageTree tree) {
    return tree.toString().lines().toList();
  }

  private static Set<String> children(PackageTree tree) {
    return tree.roots().stream()
        .flatMap(root -> root.children().stream())
        .map(PackageNode::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void aRecordCountsIfItsDependencyAcceptsWhatIsAskedFor() {
    make("lib", "1.0");
    make("lib", "2.0");
    make("old", "1.0", "lib <2");
    make("new", "1.0", "lib >=2");
    make("any", "1.0", "lib");
    make("none", "1.0");

    assertThat(lines(query().whoNeeds("lib=2")))
        .containsExactly(
            "lib 2.0 0  channel/noarch", "├─ any 1.0 0  (lib)", "└─ new 1.0 0  (lib >=2)");
    assertThat(children(query().whoNeeds("lib"))).containsExactly("any", "new", "old");
  }

  @Test
  void onlyTheNewestVersionOfAPackageCountsUnlessAllAreAskedFor() {
    make("lib", "1.0");
    make("app", "1.0", "lib");
    make("app", "2.0", "lib");
    make("app", "3.0");
    make("tool", "1.0", "lib");
    make("tool", "2.0", "lib");

    assertThat(lines(query().whoNeeds("lib")))
        .containsExactly("lib 1.0 0  channel/noarch", "└─ tool 2.0 0  (lib)");
    assertThat(lines(query().allRecords(true).whoNeeds("lib")))
        .containsExactly(
            "lib 1.0 0  channel/noarch",
            "├─ app 2.0 0  (lib), 2 records from 1.0 on",
            "└─ tool 2.0 0  (lib), 2 records from 1.0 on");
  }

  @Test
  void everyBuildOfTheNewestVersionCounts() {
    make("python", "3.12");
    make("python", "3.13");
    for (String python : List.of("3.12", "3.13")) {
      PackageBuilder.of("ext", "1.0")
          .noarch(NoarchType.GENERIC)
          .buildString("py" + python.replace(".", "") + "_0")
          .depends("python " + python + ".*")
          .file("x", python)
          .build(folder.resolve("channel"));
    }

    assertThat(lines(query().whoNeeds("python=3.12")))
        .containsExactly("python 3.12 0  channel/noarch", "└─ ext 1.0 py312_0  (python 3.12.*)");
  }

  @Test
  void recursionGoesLevelByLevelAndMarksCircles() {
    make("base", "1.0");
    make("lib", "1.0", "base");
    make("app", "1.0", "lib", "base");
    make("python", "1.0", "base", "pip");
    make("pip", "1.0", "python");

    assertThat(lines(query().depth(Integer.MAX_VALUE).whoNeeds("base")))
        .containsExactly(
            "base 1.0 0  channel/noarch",
            "├─ app 1.0 0  (base)",
            "├─ lib 1.0 0  (base)",
            "│  └─ app 1.0 0  (lib)",
            "└─ python 1.0 0  (base)",
            "   └─ pip 1.0 0  (python)",
            "      └─ python 1.0 0  (pip) [cycle]");
    assertThat(query().depth(2).whoNeeds("base").nodes()).hasSize(6);
  }

  @Test
  void aVersionFurtherUpCountsForWhatIsFurtherDown() {
    make("base", "1.0");
    make("lib", "1.0", "base");
    make("lib", "2.0");
    make("app", "1.0", "lib >=2");

    // the newest lib does not need base, so neither does app, by way of it
    assertThatThrownBy(() -> children(query().depth(9).whoNeeds("nothing")))
        .isInstanceOf(PackageNotFoundException.class);
    assertThat(query().depth(9).whoNeeds("base").nodes()).hasSize(1);
    assertThat(lines(query().depth(9).allRecords(true).whoNeeds("base")))
        .containsExactly("base 1.0 0  channel/noarch", "└─ lib 1.0 0  (base)");
  }

  @Test
  void aTreeEndsAtItsLimit() {
    make("base", "1.0");
    for (int i = 0; i < 5; i++) {
      make("user" + i, "1.0", "base");
    }

    PackageTree tree = query().limit(4).whoNeeds("base");

    assertThat(tree.isTruncated()).isTrue();
    assertThat(tree.nodes()).hasSize(4);
    assertThat(tree.roots().get(0).kind()).isEqualTo(Kind.CUT);
  }

  @Test
  void eachPlatformsNewestCountsAndTheirSubdirsAreToldTogether() {
    make("lib", "1.0");
    make(Platform.LINUX_64, "app", "2.0", "lib");
    make(Platform.WIN_64, "app", "1.0", "lib");
    make(Platform.OSX_64, "app", "3.0", "lib");

    PackageTree tree = query().platform(Platform.WIN_64).whoNeeds("lib");

    assertThat(tree.roots().get(0).children())
        .singleElement()
        .satisfies(
            app -> {
              assertThat(app.subdirs()).containsExactly("linux-64", "win-64");
              assertThat(app.count()).isEqualTo(2);
              assertThat(app.oldest()).contains(Version.parse("1.0"));
              assertThat(app.record().orElseThrow().version()).hasToString("2.0");
            });
  }

  @Test
  void virtualPackagesAndNamesThatNoChannelHasCanBeAskedFor() {
    make("gpu", "1.0", "__cuda >=12");
    make("lost", "1.0", "ghost");

    assertThat(lines(query().whoNeeds("__cuda")))
        .containsExactly("__cuda [virtual]", "└─ gpu 1.0 0  (__cuda >=12)");
    assertThat(children(query().whoNeeds("__cuda=12.4"))).containsExactly("gpu");
    assertThat(children(query().whoNeeds("__cuda=11.8"))).isEmpty();
    assertThat(children(query().whoNeeds("ghost"))).containsExactly("lost");
    assertThatThrownBy(() -> query().whoNeeds("__cuda>=11,<12"))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("__cuda=1.0");
    assertThatThrownBy(() -> query().whoNeeds("gost"))
        .isInstanceOfSatisfying(
            PackageNotFoundException.class, e -> assertThat(e.nearNames()).contains("lost"));
  }

  @Test
  void theDirectAnswerIsWhatASlowReadOfARealIndexSays() throws IOException {
    assertThat(children(real().whoNeeds("openssl=3"))).isEqualTo(truth("openssl=3", false));
    assertThat(children(real().allRecords(true).whoNeeds("python=3.10")))
        .hasSizeGreaterThan(500)
        .isEqualTo(truth("python=3.10", true));
    assertThat(children(real().whoNeeds("python=3.10"))).isEqualTo(truth("python=3.10", false));
    assertThat(children(real().allRecords(true).whoNeeds("__glibc")))
        .isEqualTo(truth("__glibc", true));
  }

  private static Set<String> truth(String text, boolean all) throws IOException {
    List<Entry> entries = SlowIndex.read("conda-forge-2026");
    MatchSpec wanted = MatchSpec.parse(text);
    List<PackageRecord> targets =
        entries.stream()
            .filter(entry -> entry.name().equals(wanted.name()))
            .map(WhoNeedsTest::record)
            .filter(wanted::matches)
            .toList();
    Map<String, Version> newest = new TreeMap<>();
    entries.forEach(
        entry ->
            newest.merge(
                entry.name(),
                Version.parse(entry.version()),
                (a, b) -> a.compareTo(b) < 0 ? b : a));
    Set<String> needing = new TreeSet<>();
    Set<String> good = new HashSet<>();
    Set<String> bad = new HashSet<>();
    for (Entry entry : entries) {
      if (!all
          && Version.parse(entry.version())
                  .compareTo(newest.getOrDefault(entry.name(), Version.parse("0")))
              != 0) {
        continue;
      }
      for (String dependency : entry.depends()) {
        if (!dependency.split("[ =<>!~\\[]", -1)[0].equals(wanted.name())
            || bad.contains(dependency)) {
          continue;
        }
        MatchSpec spec = MatchSpec.parseLenient(dependency);
        if (good.contains(dependency)
            || targets.isEmpty()
            || targets.stream().anyMatch(spec::matches)) {
          good.add(dependency);
          needing.add(entry.name());
        } else {
          bad.add(dependency);
        }
      }
    }
    return needing;
  }

  private static PackageRecord record(Entry entry) {
    return PackageRecord.builder(entry.name(), entry.version(), entry.build())
        .buildNumber(entry.json().path("build_number").asLong())
        .subdir(entry.subdir())
        .fileName(entry.fileName())
        .build();
  }
}
