package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.jconda.CondaClient;
import io.jconda.Plan;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.build.PackageFormat;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.NoarchType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Follows what settings say of how a client works to what it does. */
@Timeout(60)
class ConfiguredWorkTest {
  private static final String EMPTY = "{\"info\":{},\"packages\":{},\"packages.conda\":{}}";

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(wireMockConfig().dynamicPort()).build();

  @TempDir Path folder;
  private final List<ProgressEvent> events = Collections.synchronizedList(new ArrayList<>());

  private CondaClient.Builder client() {
    return CondaClient.builder().root(folder.resolve("root")).onProgress(events::add);
  }

  private Path channel(PackageBuilder... packages) {
    Path channel = folder.resolve("channel");
    for (PackageBuilder one : packages) {
      one.noarch(NoarchType.GENERIC).build(channel);
    }
    ChannelIndexer.index(channel);
    return channel;
  }

  @Test
  void onlyTheOldFormCountsWhereThatIsSaid() {
    Path channel =
        channel(
            PackageBuilder.of("a", "1.0").format(PackageFormat.TAR_BZ2),
            PackageBuilder.of("a", "2.0").format(PackageFormat.CONDA));

    assertThat(versionOfA(client(), channel)).isEqualTo("2.0");
    assertThat(versionOfA(client().setting("use_only_tar_bz2", "true"), channel)).isEqualTo("1.0");
  }

  private String versionOfA(CondaClient.Builder builder, Path channel) {
    try (CondaClient client = builder.build()) {
      Plan plan = client.env("e").channel(channel.toString()).plan("a");
      return plan.toLink().get(0).version().toString();
    }
  }

  @Test
  void packagesAreFetchedOneAfterAnotherWhereThatIsSaid() {
    PackageBuilder[] packages = new PackageBuilder[12];
    for (int i = 0; i < packages.length; i++) {
      packages[i] = PackageBuilder.of("p" + i, "1").file("share/p" + i, "text ".repeat(20_000 + i));
    }
    Path channel = channel(packages);

    try (CondaClient client = client().setting("fetch_threads", "1").build()) {
      client
          .env("e")
          .channel(channel.toString())
          .with(names(packages.length))
          .compileBytecode(false)
          .create();
    }

    assertThat(mostFetchedAtOnce()).isEqualTo(1);
  }

  private static String[] names(int count) {
    String[] names = new String[count];
    for (int i = 0; i < count; i++) {
      names[i] = "p" + i;
    }
    return names;
  }

  private int mostFetchedAtOnce() {
    int now = 0;
    int most = 0;
    for (ProgressEvent event : List.copyOf(events)) {
      if (event instanceof ProgressEvent.DownloadStarted) {
        most = Math.max(most, ++now);
      } else if (event instanceof ProgressEvent.DownloadFinished) {
        now--;
      }
    }
    return most;
  }

  @Test
  void indexesAreLoadedOneAfterAnotherWhereThatIsSaid() {
    SERVER.stubFor(
        get(urlMatching("/slow/.*repodata.json"))
            .willReturn(aResponse().withBody(EMPTY).withFixedDelay(150)));
    SERVER.stubFor(
        get(urlMatching("/quick/.*repodata.json")).willReturn(aResponse().withBody(EMPTY)));
    String slow = SERVER.baseUrl() + "/slow";
    String quick = SERVER.baseUrl() + "/quick";

    assertThat(loaded(client().root(folder.resolve("first")), slow, quick)).startsWith(quick);
    assertThat(loaded(client().setting("repodata_threads", "1"), slow, quick)).startsWith(slow);
  }

  private List<String> loaded(CondaClient.Builder builder, String... channels) {
    events.clear();
    try (CondaClient client = builder.build()) {
      assertThat(client.query().channel(channels).search("nothing").records()).isEmpty();
    }
    return events.stream()
        .filter(ProgressEvent.IndexLoaded.class::isInstance)
        .map(event -> ((ProgressEvent.IndexLoaded) event).channel())
        .toList();
  }
}
