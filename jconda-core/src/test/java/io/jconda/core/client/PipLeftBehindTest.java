package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves Python under what pip has installed; the Pythons are folders only. */
class PipLeftBehindTest {
  @TempDir Path folder;

  @Test
  void whatPipInstalledIsReportedWhenPythonMoves() throws IOException {
    Path channel = folder.resolve("channel");
    for (String minor : List.of("3.12", "3.13")) {
      PackageBuilder.of("python", minor + ".1")
          .platform(Platform.current())
          .file("lib/python" + minor + "/site-packages/README.txt", "site")
          .build(channel);
    }
    ChannelIndexer.index(channel);
    List<ProgressEvent> events = new CopyOnWriteArrayList<>();
    try (CondaClient client = CondaClient.builder().root(folder.resolve("root")).build()) {
      Environment env =
          client
              .env(folder.resolve("env"))
              .channel(channel.toUri().toString())
              .compileBytecode(false)
              .onProgress(events::add)
              .install("python=3.12");
      Path site = env.prefix().resolve("lib/python3.12/site-packages");
      Path info = Files.createDirectories(site.resolve("Mine-1.5.dist-info"));
      Files.writeString(info.resolve("METADATA"), "Name: Mine\nVersion: 1.5\n");
      Files.writeString(info.resolve("INSTALLER"), "pip\n");
      assertThat(env.packages()).extracting(PackageRecord::name).contains("mine");

      Environment moved = env.install("python=3.13");

      assertThat(moved.report().warnings())
          .anyMatch(
              warning ->
                  warning.contains("for Python 3.12")
                      && warning.contains("pip().install(\"Mine==1.5\")"));
      assertThat(events)
          .anyMatch(
              event ->
                  event instanceof ProgressEvent.Warning warning
                      && warning.message().contains("Mine==1.5"));
      assertThat(info).exists();
      assertThat(moved.packages()).extracting(PackageRecord::name).doesNotContain("mine");
    }
  }
}
