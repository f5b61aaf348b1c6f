package io.jconda.core.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import io.jconda.ChannelException;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the index of a mirror says of its packages. */
class MirrorIndexTest extends MirroredChannel {
  @Test
  void theIndexIsInCondasFormAndItsTwoFilesSayTheSame() throws IOException {
    assertThat(request().copy("app").fetched()).isEqualTo(5);

    for (String subdir : List.of("linux-64", "noarch", "win-64")) {
      byte[] json = Files.readAllBytes(mirror.resolve(subdir).resolve("repodata.json"));
      byte[] zst = Files.readAllBytes(mirror.resolve(subdir).resolve("repodata.json.zst"));
      assertThat(Zstd.decompress(zst, json.length)).isEqualTo(json);
      ObjectNode index = (ObjectNode) JSON.readTree(json);
      assertThat(index.path("info").path("subdir").asText()).isEqualTo(subdir);
      assertThat(index.path("repodata_version").asInt()).isEqualTo(1);
      assertThat(index.path("removed").isArray()).isTrue();
      assertThat(index.path("packages").isObject()).isTrue();
      for (Map.Entry<String, ObjectNode> record :
          SourceChannel.records(mirror, subdir).entrySet()) {
        ObjectNode before = SourceChannel.record(source.folder, subdir, record.getKey()).deepCopy();
        before.withArrayProperty("depends");
        assertThat(record.getValue()).isEqualTo(before);
      }
    }
  }

  private void addFieldsOfOthers() throws IOException {
    source.patch(
        "linux-64",
        index -> {
          ObjectNode record = (ObjectNode) index.path("packages.conda").path("lib-2.0-0.conda");
          record.putObject("run_exports").putArray("weak").add("lib >=2,<3");
          record.putObject("invented").putArray("deep").addObject().put("x", 1.5).putNull("y");
          record.put("timestamp", 1_500_000_000L);
          record.putNull("signatures");
          record.putArray("purls").add("pkg:generic/lib");
          record.put("track_features", "");
        });
    url = source.serve(SERVER);
  }

  private void assertLibIsAsServed() throws IOException {
    ObjectNode record = SourceChannel.record(mirror, "linux-64", "lib-2.0-0.conda");
    assertThat(record.path("invented").path("deep").size()).isEqualTo(1);
    assertThat(record)
        .isEqualTo(SourceChannel.record(source.folder, "linux-64", "lib-2.0-0.conda"));
  }

  @Test
  void fieldsThatJcondaDoesNotKnowArriveAsTheyWereServed() throws IOException {
    addFieldsOfOthers();

    assertThat(request().copy("app").fetched()).isEqualTo(5);

    assertLibIsAsServed();
  }

  @Test
  void fieldsThatJcondaDoesNotKnowArriveFromAFolderToo() throws IOException {
    addFieldsOfOthers();

    assertThat(
            client
                .mirror(mirror)
                .channel(source.folder.toString())
                .platform(Platform.LINUX_64)
                .copy("app")
                .fetched())
        .isEqualTo(3);

    assertLibIsAsServed();
  }

  @Test
  void aCopyWithoutTheNetworkKeepsTheFieldsOfAnEarlierOne() throws IOException {
    addFieldsOfOthers();
    assertThat(request().copy("app").fetched()).isEqualTo(5);

    assertThat(request().offline(true).copy("app").fetched()).isZero();

    assertLibIsAsServed();
  }

  @Test
  void dependenciesAreThoseOfTheIndexAndNotThoseOfTheArchive() throws IOException {
    source.patch(
        "noarch",
        index -> {
          ObjectNode app = index.withObject("/packages.conda").withObject("app-2.0-0.conda");
          app.putArray("depends").add("lib <2").add("python");
          app.putArray("constrains").add("other >=7");
          app.put("track_features", "old ones");
        });
    url = source.serve(SERVER);

    assertThat(request().copy("app=2").fetched()).isEqualTo(5);

    ObjectNode app = SourceChannel.record(mirror, "noarch", "app-2.0-0.conda");
    assertThat(app.path("depends").toString()).isEqualTo("[\"lib <2\",\"python\"]");
    assertThat(app.path("constrains").toString()).isEqualTo("[\"other >=7\"]");
    assertThat(app.path("track_features").asText()).isEqualTo("old ones");
    assertThat(SourceChannel.archives(mirror)).contains("linux-64/lib-1.0-0.tar.bz2");
  }

  @Test
  void whatAnIndexKnowsBesidesOfWhatWasThereIsKept() throws IOException {
    assertThat(request().copy("other").fetched()).isEqualTo(1);
    SourceChannel folder = new SourceChannel(mirror);
    folder.patch(
        "noarch",
        index -> index.withObject("/packages").withObject("other-1.0-0.tar.bz2").put("mine", 7));

    assertThat(request().copy("app").fetched()).isEqualTo(5);

    assertThat(SourceChannel.record(mirror, "noarch", "other-1.0-0.tar.bz2").path("mine").asInt())
        .isEqualTo(7);
  }

  @Test
  void anIndexThatIsNoneIsNotOverwritten() throws IOException {
    assertThat(request().copy("other").fetched()).isEqualTo(1);
    Path index = mirror.resolve("noarch/repodata.json");
    String before = Files.readString(index);
    Files.writeString(index, "<html>");

    assertThatThrownBy(() -> request().copy("app"))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("noarch");
    assertThat(index).hasContent("<html>");
    Files.writeString(index, before);
  }
}
