package io.jconda.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.EnvironmentNotFoundException;
import io.jconda.PackageNotFoundException;
import io.jconda.UnsatisfiableException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.Fixtures;
import io.jconda.query.PackageNode;
import io.jconda.query.PackageNode.Kind;
import io.jconda.query.PackageQuery;
import io.jconda.query.PackageTree;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DependsTest {
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
    PackageBuilder.of(name, version)
        .noarch(NoarchType.GENERIC)
        .depends(depends)
        .file("share/" + name + ".txt", version)
        .build(folder.resolve("channel"));
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

  @Test
  void theTreeShowsTheBestOfWhatEachDependencyAccepts() {
    make("app", "1.0", "lib >=1,<2", "tool");
    make("lib", "1.0");
    make("lib", "1.5", "base");
    make("lib", "2.0");
    make("tool", "3.0", "base >=1");
    make("base", "1.0");

    assertThat(lines(query().depends("app")))
        .containsExactly(
            "app 1.0 0  channel/noarch",
            "├─ lib 1.5 0  (>=1,<2)",
            "│  └─ base 1.0 0  (any)",
            "└─ tool 3.0 0  (any)",
            "   └─ base 1.0 0  (>=1)");
  }

  @Test
  void aCircleIsShownOnceAndMarked() {
    make("python", "3.13", "pip");
    make("pip", "25.0", "python >=3.9", "wheel");
    make("wheel", "1.0", "python");

    PackageTree tree = query().depends("python");

    assertThat(lines(tree))
        .containsExactly(
            "python 3.13 0  channel/noarch",
            "└─ pip 25.0 0  (any)",
            "   ├─ python 3.13 0  (>=3.9) [cycle]",
            "   └─ wheel 1.0 0  (any)",
            "      └─ python 3.13 0  (any) [cycle]");
    assertThat(tree.records()).extracting(PackageRecord::name).containsOnlyOnce("python");
  }

  @Test
  void whatIsExpandedElsewhereIsMarkedAndStandsNearestToTheRoot() {
    make("app", "1.0", "far", "near");
    make("far", "1.0", "middle");
    make("middle", "1.0", "near");
    make("near", "1.0", "base");
    make("base", "1.0");

    assertThat(lines(query().depends("app")))
        .containsExactly(
            "app 1.0 0  channel/noarch",
            "├─ far 1.0 0  (any)",
            "│  └─ middle 1.0 0  (any)",
            "│     └─ near 1.0 0  (any) *",
            "└─ near 1.0 0  (any)",
            "   └─ base 1.0 0  (any)");
  }

  @Test
  void whatATreeHasChosenStaysWhereItFits() {
    make("app", "1.0", "lib <2", "plugin", "other");
    make("plugin", "1.0", "lib");
    make("other", "1.0", "lib >=2");
    make("lib", "1.0");
    make("lib", "2.0");

    assertThat(lines(query().depends("app")))
        .contains("│  └─ lib 1.0 0  (any)", "   └─ lib 2.0 0  (>=2)");
  }

  @Test
  void severalConstraintsOnOneNameAreInForceTogether() {
    make("ext", "1.0", "python", "python >=3.13,<3.14");
    make("python", "3.13");
    make("python", "3.14");

    assertThat(lines(query().depends("ext")))
        .containsExactly(
            "ext 1.0 0  channel/noarch",
            "├─ python 3.13 0  (any)",
            "└─ python 3.13 0  (>=3.13,<3.14)");
  }

  @Test
  void virtualPackagesAndMissingNamesAreLeaves() {
    make("app", "1.0", "__glibc >=2.17", "ghost >=1", "old >=2");
    make("old", "1.0");

    PackageTree tree = query().depends("app");

    assertThat(lines(tree))
        .contains(
            "├─ __glibc  (>=2.17) [virtual]",
            "├─ ghost  (>=1) [missing]",
            "└─ old  (>=2) [missing]");
    assertThat(tree.roots().get(0).children())
        .extracting(PackageNode::kind)
        .containsExactly(Kind.VIRTUAL, Kind.MISSING, Kind.MISSING);
  }

  @Test
  void depthOneIsWhatIsDirectAndSaysWhereMoreWouldBe() {
    make("app", "1.0", "lib", "leaf");
    make("lib", "1.0", "base");
    make("base", "1.0");
    make("leaf", "1.0");

    assertThat(lines(query().depth(1).depends("app")))
        .containsExactly(
            "app 1.0 0  channel/noarch", "├─ lib 1.0 0  (any) …", "└─ leaf 1.0 0  (any)");
  }

  @Test
  void aTreeEndsAtItsLimitAndSaysSo() {
    make("app", "1.0", "lib", "leaf");
    make("lib", "1.0", "base");
    make("base", "1.0");
    make("leaf", "1.0");

    PackageTree whole = query().limit(4).depends("app");
    PackageTree cut = query().limit(3).depends("app");

    assertThat(whole.isTruncated()).isFalse();
    assertThat(whole.nodes()).hasSize(4);
    assertThat(cut.isTruncated()).isTrue();
    assertThat(cut.nodes()).hasSize(3);
    assertThat(cut.toString()).endsWith("There is more; this tree ends at the limit of its query.");
  }

  @Test
  void aSolvedTreeShowsASetThatHoldsTogether() {
    make("app", "1.0", "lib", "plugin");
    make("lib", "1.0");
    make("lib", "2.0");
    make("plugin", "1.0", "lib <2");

    assertThat(lines(query().depends("app"))).contains("├─ lib 2.0 0  (any)");
    assertThat(lines(query().solved(true).depends("app")))
        .containsExactly(
            "app 1.0 0  channel/noarch",
            "├─ lib 1.0 0  (any)",
            "└─ plugin 1.0 0  (any)",
            "   └─ lib 1.0 0  (<2)");
  }

  @Test
  void whatCannotBeSolvedIsShownAllTheSameUnlessASolveIsAskedFor() {
    make("app", "1.0", "lib <2", "plugin");
    make("plugin", "1.0", "lib >=2");
    make("lib", "1.0");
    make("lib", "2.0");

    assertThat(query().depends("app").records()).hasSize(4);
    assertThatThrownBy(() -> query().solved(true).depends("app"))
        .isInstanceOf(UnsatisfiableException.class);
  }

  @Test
  void strictPriorityHoldsInATree() {
    make("app", "1.0", "lib");
    make("lib", "1.0");
    Path second = folder.resolve("second");
    PackageBuilder.of("lib", "9.0").noarch(NoarchType.GENERIC).file("x", "x").build(second);
    ChannelIndexer.index(second);

    assertThat(lines(query().channel(second.toString()).depends("app")))
        .contains("└─ lib 1.0 0  (any)");
    assertThat(lines(query().channel(second.toString()).depends(second.toUri() + "::lib")))
        .containsExactly("lib 9.0 0  second/noarch");
  }

  @Test
  void eachPlatformHasATreeOfItsOwn() {
    for (Platform platform : List.of(Platform.LINUX_64, Platform.WIN_64)) {
      PackageBuilder.of("app", "1.0")
          .platform(platform)
          .depends(platform == Platform.WIN_64 ? "__win" : "__unix")
          .file("x", "x")
          .build(folder.resolve("channel"));
    }

    assertThat(lines(query().platform(Platform.WIN_64).depends("app")))
        .containsExactly(
            "app 1.0 0  channel/linux-64",
            "└─ __unix  (any) [virtual]",
            "app 1.0 0  channel/win-64",
            "└─ __win  (any) [virtual]");
  }

  @Test
  void whatNothingFitsIsRefusedWithNamesLikeIt() {
    assertThatThrownBy(() -> real().depends("nunpy"))
        .isInstanceOfSatisfying(
            PackageNotFoundException.class, e -> assertThat(e.nearNames()).contains("numpy"))
        .hasMessageContaining("'nunpy'")
        .hasMessageContaining("linux-64");
    assertThatThrownBy(() -> real().depends("numpy>=999"))
        .isInstanceOf(PackageNotFoundException.class)
        .hasMessageContaining("Search for 'numpy'");
  }

  @Test
  void theTreeOfARealPackageHoldsWhatItsRecordsSay() {
    PackageTree tree = real().depends("jupyterlab");

    Set<PackageRecord> expanded = new HashSet<>();
    List<PackageNode> nodes = tree.nodes();
    assertThat(nodes.size()).isGreaterThan(300);
    assertThat(tree.isTruncated()).isFalse();
    for (PackageNode node : nodes) {
      if (!node.dependency().isEmpty() && node.record().isPresent()) {
        assertThat(MatchSpec.parseLenient(node.dependency()).matches(node.record().get())).isTrue();
      }
      if (node.kind() == Kind.PACKAGE) {
        PackageRecord record = node.record().orElseThrow();
        assertThat(node.children())
            .extracting(PackageNode::dependency)
            .containsExactlyElementsOf(record.depends());
        assertThat(record.depends().isEmpty() || expanded.add(record)).isTrue();
      }
    }
    // everything that is marked as shown elsewhere is
    assertThat(nodes)
        .filteredOn(node -> node.kind() == Kind.REPEATED || node.kind() == Kind.CYCLE)
        .allSatisfy(node -> assertThat(expanded).contains(node.record().orElseThrow()));
    assertThat(tree.records()).extracting(PackageRecord::name).contains("python", "openssl");
  }

  @Test
  void anEnvironmentTellsWhatItsPackagesNeed() {
    make("app", "1.0", "lib");
    make("lib", "1.0");
    make("lib", "2.0");
    query();
    Environment env =
        client
            .env(folder.resolve("env"))
            .channel(folder.resolve("channel").toString())
            .install("app", "lib=1.0");

    assertThat(lines(env.query().depends("app")))
        .containsExactly("app 1.0 0  channel/noarch", "└─ lib 1.0 0  (any)");
    assertThat(lines(env.query().whoNeeds("lib")))
        .containsExactly("lib 1.0 0  channel/noarch", "└─ app 1.0 0  (lib)");
    assertThat(env.query().search("lib").records()).hasSize(1);
    assertThatThrownBy(() -> env.query().depends("lib>=2"))
        .isInstanceOf(PackageNotFoundException.class)
        .hasMessageContaining(env.prefix().toString());
  }

  @Test
  void anEnvironmentThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> client.query().installedIn(folder.resolve("none")).depends("x"))
        .isInstanceOf(EnvironmentNotFoundException.class)
        .hasMessageContaining("none");
  }

  @Test
  void depthAndLimitMustBePositive() {
    assertThatThrownBy(() -> client.query().depth(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.query().limit(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theTextOfATreeFitsItsColumns() {
    List<String> wide = new ArrayList<>(lines(real().depth(2).depends("pandas")));
    wide.removeIf(line -> line.length() <= 100);
    assertThat(wide).isEmpty();
  }
}
