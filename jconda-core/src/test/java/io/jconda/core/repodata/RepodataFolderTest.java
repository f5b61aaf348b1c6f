package io.jconda.core.repodata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.jconda.ChannelException;
import io.jconda.core.config.Settings;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepodataFolderTest {
  private final Network network = new Network(NetworkSettings.builder().offline(true).build());

  @TempDir Path folder;
  private Path root = Path.of("");
  private Path channel = Path.of("");

  @BeforeEach
  void layOut() {
    root = folder.resolve("root");
    channel = folder.resolve("a channel%41+");
  }

  @AfterEach
  void close() {
    network.close();
  }

  private ChannelIndexes load() {
    return new Repodata(network, Settings.builder().root(root).build(), Disk.real())
        .load(List.of(Channel.of(channel)), Platform.LINUX_64, OperationContext.silent());
  }

  private static byte[] index(String name) {
    return "{\"packages\":{\"%s-1-0.tar.bz2\":{\"name\":\"%s\",\"version\":\"1\",\"build\":\"0\"}}}"
        .formatted(name, name)
        .getBytes(UTF_8);
  }

  private Path write(String path, byte[] content) throws IOException {
    Path file = channel.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  @Test
  void aFolderIsReadInPlaceEvenOffline() throws IOException {
    write("linux-64/repodata.json.zst", Zstd.compress(index("alpha")));
    write("noarch/repodata.json", index("beta"));

    ChannelIndexes indexes = load();

    assertThat(indexes.names()).containsExactly("alpha", "beta");
    PackageRecord alpha = indexes.records("alpha").get(0);
    assertThat(Path.of(URI.create(alpha.url())))
        .isEqualTo(channel.resolve("linux-64/alpha-1-0.tar.bz2"));
  }

  private List<Path> sideFiles() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("index/v1"))) {
      return files.filter(file -> file.toString().endsWith(".idx")).sorted().toList();
    }
  }

  @Test
  void whatWasMadeOfAnIndexServesTheNextClientToo() throws IOException {
    Path file = write("noarch/repodata.json", index("one"));
    load();
    List<Path> made = sideFiles();
    Files.setLastModifiedTime(made.get(0), FileTime.fromMillis(1_000_000));

    assertThat(load().names()).containsExactly("one");

    assertThat(sideFiles()).isEqualTo(made);
    assertThat(Files.getLastModifiedTime(made.get(0))).isEqualTo(FileTime.fromMillis(1_000_000));
    Files.delete(file);
    write("noarch/repodata.json", index("other"));
    assertThat(load().names()).containsExactly("other");
  }

  @Test
  void aDamagedSideFileIsNoticedAndMadeAnew() throws IOException {
    write("noarch/repodata.json", index("one"));
    Repodata repodata = new Repodata(network, Settings.builder().root(root).build(), Disk.real());
    List<Channel> channels = List.of(Channel.of(channel));
    repodata.load(channels, Platform.NOARCH, OperationContext.silent());
    Path made = sideFiles().get(0);
    byte[] bytes = Files.readAllBytes(made);
    bytes[3] ^= 1;
    Files.write(made, bytes);

    ChannelIndexes damaged = repodata.load(channels, Platform.NOARCH, OperationContext.silent());
    assertThatThrownBy(() -> damaged.records("one")).isInstanceOf(ChannelException.class);
    assertThat(damaged.areDamaged()).isTrue();

    ChannelIndexes mended = repodata.load(channels, Platform.NOARCH, OperationContext.silent());
    assertThat(mended.records("one")).hasSize(1);
    assertThat(mended.areDamaged()).isFalse();
  }

  @Test
  void theNewerOfTwoFormsCounts() throws IOException {
    Path compressed = write("noarch/repodata.json.zst", Zstd.compress(index("old")));
    Files.setLastModifiedTime(compressed, FileTime.fromMillis(1_000_000));
    write("noarch/repodata.json", index("new"));

    assertThat(load().names()).containsExactly("new");
  }

  @Test
  void aRewrittenIndexIsReadAnew() throws IOException {
    Repodata repodata = new Repodata(network, Settings.builder().root(root).build(), Disk.real());
    List<Channel> channels = List.of(Channel.of(channel));
    Path file = write("noarch/repodata.json", index("one"));
    assertThat(repodata.load(channels, Platform.NOARCH, OperationContext.silent()).names())
        .containsExactly("one");
    Path other = write("noarch/new.json", index("two"));
    Disk.real().move(other, file);

    assertThat(repodata.load(channels, Platform.NOARCH, OperationContext.silent()).names())
        .containsExactly("two");
  }

  @Test
  void aFolderThatIsMissingIsNamed() {
    assertThatThrownBy(this::load)
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(channel.toString())
        .hasMessageContaining("does not exist");
  }

  @Test
  void aFolderWithoutNoarchIsNoChannel() throws IOException {
    Files.createDirectories(channel.resolve("noarch"));

    assertThatThrownBy(this::load)
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(channel.toString())
        .hasMessageContaining("noarch/repodata.json");
  }

  @Test
  void aBrokenIndexNamesItsFile() throws IOException {
    Path file = write("noarch/repodata.json", "{\"packages\":{".getBytes(UTF_8));

    assertThatThrownBy(this::load)
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining(file.toString());
  }
}
