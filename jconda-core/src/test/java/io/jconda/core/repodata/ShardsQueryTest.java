package io.jconda.core.repodata;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.CondaClient;
import io.jconda.query.PackageNode;
import io.jconda.query.PackageQuery;
import io.jconda.query.PackageTree;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Which of a channel's forms questions ask for, where it has both. */
class ShardsQueryTest extends ServedShards {
  private CondaClient client;

  @BeforeEach
  void open() {
    client = CondaClient.builder().root(root).build();
    serveChain();
  }

  @AfterEach
  void closeClient() {
    client.close();
  }

  private PackageQuery query() {
    return client.query().channel(channel()).platform(Platform.LINUX_64);
  }

  /** The whole index says what the shards say not, so that it shows which was read. */
  private void serveWhole() {
    String needs = record("whole", "1.0").replace("\"depends\":[]", "\"depends\":[\"alpha\"]");
    serve(NATIVE, index(record("alpha", "9.0"), needs));
    serve(NOARCH, index());
  }

  private int shardsAsked() {
    return shards.keySet().stream().mapToInt(name -> requests(path(name))).sum();
  }

  /** What would be fetched ahead may come too late to be seen, so that once is not enough. */
  @RepeatedTest(30)
  void aSearchForANameFetchesItsShardAlone() {
    serveWhole();

    assertThat(query().search("alpha").records())
        .extracting(record -> record.version().toString())
        .containsExactlyInAnyOrder("1.0", "2.0");

    assertThat(shardsAsked()).isEqualTo(1);
    assertThat(requests(NATIVE)).isZero();
  }

  @Test
  void aSearchByGlobReadsTheWholeIndex() {
    serveWhole();

    assertThat(query().search("*").records())
        .extracting(PackageRecord::name)
        .containsExactlyInAnyOrder("alpha", "whole");

    assertThat(shardsAsked() + requests(TABLE)).isZero();
  }

  @Test
  void whatAPackageNeedsFetchesTheShardsOfThoseNamesAlone() {
    serveWhole();

    PackageTree tree = query().depends("alpha");

    assertThat(tree.nodes())
        .extracting(PackageNode::name)
        .containsExactly("alpha", "beta", "gamma");
    assertThat(shardsAsked()).isEqualTo(3);
    assertThat(requests(path("delta")) + requests(NATIVE)).isZero();
  }

  @Test
  void whoNeedsAPackageReadsTheWholeIndex() {
    serveWhole();

    PackageTree tree = query().whoNeeds("alpha");

    assertThat(tree.nodes()).extracting(PackageNode::name).containsExactly("alpha", "whole");
    assertThat(shardsAsked() + requests(TABLE)).isZero();
  }

  @Test
  void whoNeedsAPackageReadsEveryShardOfAChannelThatHasNothingElse() {
    PackageTree tree = query().whoNeeds("gamma");

    assertThat(tree.nodes()).extracting(PackageNode::name).containsExactly("gamma", "beta");
    assertThat(shardsAsked()).isEqualTo(4);
  }
}
