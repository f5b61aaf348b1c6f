package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.Change;
import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import io.jconda.LinkMode;
import io.jconda.Plan;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans with a channel whose Python is a text file, so that every shape of change is cheap to show.
 */
class PlanTest {
  @TempDir Path folder;
  private CondaClient client;

  @BeforeEach
  void makeChannel() {
    Path channel = folder.resolve("channel");
    for (String version : new String[] {"3.8.1", "3.8.2", "3.9.0"}) {
      PackageBuilder.of("python", version)
          .platform(Platform.current())
          .file("lib/python.txt", version)
          .build(channel);
    }
    PackageBuilder.of("pip", "20.0")
        .noarch(NoarchType.GENERIC)
        .depends("python")
        .file("lib/pip.txt", "pip")
        .build(channel);
    PackageBuilder.of("pure", "1.0")
        .noarch(NoarchType.PYTHON)
        .depends("python")
        .file("site-packages/pure.py", "")
        .build(channel);
    PackageBuilder.of("wants-new", "1.0")
        .noarch(NoarchType.GENERIC)
        .depends("python >=3.9")
        .file("lib/new.txt", "")
        .build(channel);
    ChannelIndexer.index(channel);
    client =
        CondaClient.builder().root(folder.resolve("root")).channels(channel.toString()).build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private EnvironmentRequest request() {
    return client.env("demo").compileBytecode(false);
  }

  @Test
  void pythonBringsPipAsCondaHasItAndItsRecordStaysAsTheChannelServesIt() {
    Environment env = request().python("3.8").create();

    assertThat(env.packages()).extracting(PackageRecord::name).containsExactly("pip", "python");
    assertThat(env.packages().get(1).depends()).isEmpty();
    assertThat(env.uninstall("pip").packages())
        .extracting(PackageRecord::name)
        .containsExactly("python");
  }

  @Test
  void aPythonOfAnyThreeEightIsMeantByThreeEight() {
    Environment env = request().python("3.8").create();

    assertThat(env.packages()).extracting(PackageRecord::distName).contains("python-3.8.2-0");
  }

  @Test
  void installKeepsPythonsMinorVersionUnlessPythonIsNamed() {
    Environment env = request().python("3.8.1").create();

    assertThat(env.updateAll().packages())
        .extracting(PackageRecord::distName)
        .contains("python-3.8.1-0");
    Environment moved = env.install("python=3.9", "wants-new");

    assertThat(moved.packages())
        .extracting(PackageRecord::distName)
        .contains("python-3.9.0-0", "wants-new-1.0-0");
  }

  @Test
  void whenPythonMovesPurePackagesAreLinkedAgain() {
    Environment env = request().python("3.8").with("pure").create();
    assertThat(env.prefix().resolve("lib/python3.8/site-packages/pure.py")).exists();

    Plan plan = request().plan("python=3.9");
    assertThat(plan.changes())
        .hasAtLeastOneElementOfType(Change.Relinked.class)
        .hasAtLeastOneElementOfType(Change.Replaced.class);
    Environment moved = client.apply(plan);

    assertThat(moved.prefix().resolve("lib/python3.8")).doesNotExist();
    assertThat(moved.prefix().resolve("lib/python3.9/site-packages/pure.py")).exists();
  }

  @Test
  void aPlanSaysWhatItCostsAndIsAJsonDocument() throws IOException {
    Plan first = request().python("3.8").with("pure").plan();

    assertThat(first.forecast().orElseThrow().isComplete()).isFalse();
    assertThat(first.forecast().orElseThrow().bytesToFetch()).isEqualTo(first.archiveBytes());
    assertThat(first.toString()).contains("3 packages to fetch");
    client.apply(first);

    Plan second = client.env("again").python("3.8").with("pure").plan();
    var forecast = second.forecast().orElseThrow();
    assertThat(forecast.isComplete()).isTrue();
    assertThat(forecast.bytesToFetch()).isZero();
    assertThat(forecast.packages().get(0).linked()).containsExactly("lib/python.txt");
    // an empty file is everybody's own
    assertThat(forecast.packages())
        .filteredOn(one -> one.distName().startsWith("pure"))
        .singleElement()
        .satisfies(
            one -> assertThat(one.copied()).containsExactly("lib/python3.8/site-packages/pure.py"));
    Environment made = client.apply(second);
    assertThat(made.report().filesLinked()).isEqualTo(forecast.filesToLink());
    assertThat(made.report().filesCopied()).isEqualTo(forecast.filesToCopy());

    JsonNode json = new ObjectMapper().readTree(second.toJson());
    assertThat(json.path("prefix").asText()).isEqualTo(second.prefix().toString());
    assertThat(json.path("creates").asBoolean()).isTrue();
    assertThat(json.path("changes").findValuesAsText("action")).containsOnly("add").hasSize(3);
    assertThat(json.path("changes").get(0).path("after").path("name").asText()).isEqualTo("python");
    assertThat(json.path("update_specs").get(0).asText()).startsWith("python");
    assertThat(json.path("forecast").path("files_to_link").asInt())
        .isEqualTo(forecast.filesToLink());
  }

  @Test
  void whereLinksAreNotWantedEveryFileIsForecastAsACopy() {
    client.apply(request().python("3.8").plan());

    Plan plan = client.env("copy").linkMode(LinkMode.COPY).python("3.8").plan();

    assertThat(plan.forecast().orElseThrow().filesToLink()).isZero();
    assertThat(plan.forecast().orElseThrow().bytesToWrite()).isEqualTo("3.8.2".length() + 3);
  }

  @Test
  void manyWhoEnsureOneEnvironmentAtATimeAllGetIt() throws Exception {
    Path prefix = folder.resolve("shared");
    List<CompletableFuture<Environment>> all = new ArrayList<>();
    List<CondaClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        CondaClient one =
            CondaClient.builder()
                .root(folder.resolve("root-" + i % 3))
                .channels(folder.resolve("channel").toString())
                .build();
        clients.add(one);
        String spec = i % 2 == 0 ? "pure" : "pip";
        all.add(
            one.env(prefix)
                .python("3.8")
                .compileBytecode(false)
                .ensureAsync(spec)
                .toCompletableFuture());
      }
      for (CompletableFuture<Environment> one : all) {
        one.get(1, TimeUnit.MINUTES);
      }
    } finally {
      clients.forEach(CondaClient::close);
    }
    Environment env = client.env(prefix).open();
    assertThat(env.packages())
        .extracting(PackageRecord::name)
        .containsExactly("pip", "pure", "python");
    assertThat(env.verify().isSound()).isTrue();
  }

  @Test
  void anEnvironmentRemembersInItsRecordsWhatWasAskedForLater() throws IOException {
    Environment env = request().with("wants-new").create();
    Path record = env.prefix().resolve("conda-meta/python-3.9.0-0.json");
    assertThat(new ObjectMapper().readTree(record.toFile()).path("requested_specs")).isEmpty();

    env.install("python>=3.9");

    JsonNode json = new ObjectMapper().readTree(record.toFile());
    assertThat(json.path("requested_specs").get(0).asText()).isEqualTo("python[version='>=3.9']");
    assertThat(json.path("requested_spec").asText()).isEqualTo("python[version='>=3.9']");
    assertThat(json.path("files").get(0).asText()).isEqualTo("lib/python.txt");
  }

  @Test
  void whenPythonLooksElsewherePurePackagesAreLinkedAgainToo() {
    Environment env = request().python("3.8.1").with("pure").create();
    Path other = folder.resolve("free-threaded");
    PackageBuilder.of("python", "3.8.9")
        .platform(Platform.current())
        .pythonSitePackagesPath("lib/python3.8t/site-packages")
        .file("lib/python.txt", "free-threaded")
        .build(other);
    PackageBuilder.of("pip", "20.0")
        .noarch(NoarchType.GENERIC)
        .file("lib/pip.txt", "pip")
        .build(other);
    ChannelIndexer.index(other);

    Plan plan =
        request()
            .channel(other.toString())
            .channel(folder.resolve("channel").toString())
            .plan("python=3.8.9");
    assertThat(plan.changes())
        .filteredOn(change -> change.name().equals("pure"))
        .singleElement()
        .isInstanceOf(Change.Relinked.class);
    client.apply(plan);

    assertThat(env.prefix().resolve("lib/python3.8t/site-packages/pure.py")).exists();
    assertThat(env.prefix().resolve("lib/python3.8")).doesNotExist();
  }

  @Test
  void ensureBringsBackWhatWasTakenOut() {
    Environment env = request().python("3.8").with("pure").create();
    Environment without = env.uninstall("pure");
    assertThat(without.packages()).extracting(PackageRecord::name).doesNotContain("pure");

    Environment again = request().ensure("pure");

    assertThat(again.packages()).extracting(PackageRecord::name).contains("pure");
  }

  @Test
  void pinsOfTheEnvironmentHold() throws IOException {
    Environment env = request().python("3.8.1").with("pure").create();
    Files.writeString(env.prefix().resolve("conda-meta/pinned"), "python 3.8.1\n");

    Environment updated = env.update("python");

    assertThat(updated.packages()).extracting(PackageRecord::distName).contains("python-3.8.1-0");
  }

  @Test
  void whatAnEnvironmentForAnotherMachineNeedsCanBeStated() {
    Path channel = folder.resolve("gpu");
    PackageBuilder.of("fast", "1.0")
        .noarch(NoarchType.GENERIC)
        .depends("__cuda >=12")
        .file("fast", "")
        .build(channel);
    ChannelIndexer.index(channel);

    Plan plan =
        client.env("gpu").channel(channel.toString()).virtualPackage("__cuda=12.4").plan("fast");

    assertThat(plan.solution()).extracting(PackageRecord::name).containsExactly("fast");
  }

  @Test
  void aPlanOfAChangeSaysInJsonWhatBecomesOfEachPackageAndOfEachFile() throws IOException {
    PackageBuilder.of("text", "1.0")
        .platform(Platform.current())
        .placeholder("/opt/placeholder")
        .file("bin/text", "#!/opt/placeholder/bin/sh\n")
        .file("share/text", "as it is")
        .build(folder.resolve("channel"));
    ChannelIndexer.index(folder.resolve("channel"));
    client.apply(client.env("stored").with("text").python("3.9").plan());
    request().python("3.8").with("pure").create();

    Plan plan = request().plan("python=3.9", "text", "wants-new");
    JsonNode json = new ObjectMapper().readTree(plan.toJson());

    assertThat(json.path("creates").asBoolean()).isFalse();
    assertThat(json.path("based_on").asText()).isNotEmpty().isEqualTo(plan.basedOn());
    Map<String, String> shown = new TreeMap<>();
    for (JsonNode change : json.path("changes")) {
      String before = change.path("before").path("version").asText();
      String after = change.path("after").path("version").asText();
      String name =
          (change.has("after") ? change.path("after") : change.path("before"))
              .path("name")
              .asText();
      shown.put(name, change.path("action").asText() + " " + before + " " + after);
    }
    assertThat(shown)
        .containsEntry("python", "replace 3.8.2 3.9.0")
        .containsEntry("pure", "relink 1.0 1.0")
        .containsEntry("text", "add  1.0")
        .containsEntry("wants-new", "add  1.0");
    JsonNode forecast = json.path("forecast");
    PackageRecord wantsNew =
        plan.toLink().stream()
            .filter(one -> one.name().equals("wants-new"))
            .findFirst()
            .orElseThrow();
    assertThat(forecast.path("bytes_to_fetch").asLong()).isEqualTo(wantsNew.size().orElseThrow());
    assertThat(forecast.path("bytes_to_write").asLong())
        .isEqualTo(plan.forecast().orElseThrow().bytesToWrite())
        .isPositive();
    JsonNode text =
        StreamSupport.stream(forecast.path("packages").spliterator(), false)
            .filter(one -> one.path("dist_name").asText().equals("text-1.0-0"))
            .findFirst()
            .orElseThrow();
    assertThat(text.path("in_cache").asBoolean()).isTrue();
    assertThat(text.path("linked")).extracting(JsonNode::asText).containsExactly("share/text");
    assertThat(text.path("copied")).extracting(JsonNode::asText).containsExactly("bin/text");
    assertThat(text.path("bytes_to_write").asLong()).isEqualTo(26);
    var made = client.apply(plan).report();
    assertThat(made.filesLinked()).isGreaterThanOrEqualTo(forecast.path("files_to_link").asInt());

    JsonNode removal =
        new ObjectMapper().readTree(client.env("demo").open().planUninstall("text").toJson());
    assertThat(removal.path("changes")).hasSize(1);
    assertThat(removal.path("changes").get(0).path("action").asText()).isEqualTo("remove");
    assertThat(removal.path("changes").get(0).has("after")).isFalse();
    assertThat(removal.path("remove_specs").get(0).asText()).isEqualTo("text");
    assertThat(removal.path("forecast").path("bytes_to_fetch").asLong()).isZero();
    assertThat(removal.path("forecast").path("bytes_to_write").asLong()).isZero();
  }
}
