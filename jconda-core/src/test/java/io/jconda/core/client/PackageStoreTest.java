package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.LinkMode;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.cache.CachedPackage;
import io.jconda.cache.CleanOptions;
import io.jconda.cache.CleanReport;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageStoreTest {
  @TempDir Path folder;
  private Path channel;
  private CondaClient client;

  @BeforeEach
  void open() {
    channel = folder.resolve("channel");
    for (String name : new String[] {"one", "two"}) {
      PackageBuilder.of(name, "1.0")
          .noarch(NoarchType.GENERIC)
          .file("share/" + name, name)
          .build(channel);
    }
    ChannelIndexer.index(channel);
    client = builder().build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private CondaClient.Builder builder() {
    return CondaClient.builder().root(folder.resolve("root")).channels(channel.toString());
  }

  @Test
  void whatNoEnvironmentHasAnyMoreIsCleanedAway() {
    client.env("kept").install("one");
    client.env("gone").install("two").remove();

    assertThat(client.cache().packages())
        .extracting(CachedPackage::used)
        .containsExactly(true, false);
    CleanReport report = client.cache().clean(CleanOptions.defaults());

    assertThat(report.packages()).extracting(PackageRecord::name).containsExactly("two");
    assertThat(client.cache().size().packages()).isEqualTo(1);
    assertThat(client.cache().verify().isSound()).isTrue();
  }

  @Test
  void anEnvironmentOfCopiesCountsTooByItsRecords() {
    client.env("copies").linkMode(LinkMode.COPY).install("one");
    assertThat(client.cache().clean(CleanOptions.defaults()).packages()).isEmpty();
  }

  @Test
  void anEnvironmentKeepsWhatIsCleanedAway() throws Exception {
    Environment env = client.env(folder.resolve("elsewhere")).install("one");
    Path file = env.prefix().resolve("share/one");
    client.env("copies").linkMode(LinkMode.COPY).install("two").remove();
    client.cache().clean(CleanOptions.defaults().maxBytes(0));
    assertThat(file).hasContent("one");
    assertThat(client.cache().packages())
        .as("it is linked, though no list names the environment")
        .extracting(each -> each.record().name())
        .containsExactly("one");
    Files.delete(file);
    assertThat(client.cache().clean(CleanOptions.defaults()).packages()).hasSize(1);
  }

  @Test
  void importedArchivesNeedNoNetworkAndNoChannelFolder() throws Exception {
    PackageRecord record = client.cache().importArchive(channel.resolve("noarch/one-1.0-0.conda"));
    assertThat(record.distName()).isEqualTo("one-1.0-0");
    Files.delete(channel.resolve("noarch/one-1.0-0.conda"));
    assertThat(client.env("a").install("one").prefix().resolve("share/one")).hasContent("one");
  }

  @Test
  void verifyingTakesSpecs() throws Exception {
    Environment env = client.env("a").install("one", "two");
    Files.writeString(env.prefix().resolve("share/two"), "TWO");
    assertThat(client.cache().verify("one").damages()).isEmpty();
    assertThat(client.cache().verify("two=1.0").damages()).hasSize(1);
    assertThat(client.cache().verify().damages()).isEmpty();
  }

  @Test
  void archivesAreKeptOnDemand() throws Exception {
    try (CondaClient keeping = builder().keepArchives(true).build()) {
      keeping.env("a").install("one");
      assertThat(keeping.cache().size().archives()).isEqualTo(1);
      Files.delete(channel.resolve("noarch/one-1.0-0.conda"));
      Files.delete(keeping.env("a").open().prefix().resolve("share/one"));
      try (Stream<Path> files = Files.walk(folder.resolve("root/store/v1/files"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
      assertThat(keeping.cache().verify().isSound()).isTrue();
    }
  }

  @Test
  void anotherRootServesAClientInPlace() throws Exception {
    client.env("a").install("one");
    Files.delete(channel.resolve("noarch/one-1.0-0.conda"));
    try (CondaClient other =
        CondaClient.builder()
            .root(folder.resolve("other"))
            .channels(channel.toString())
            .packageFolders(folder.resolve("root"), folder.resolve("nowhere"))
            .build()) {
      Environment env = other.env("b").install("one");
      assertThat(env.prefix().resolve("share/one")).hasContent("one");
      assertThat(other.cache().size().packages()).isZero();
    }
  }
}
