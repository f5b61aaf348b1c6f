package io.jconda.core.client;

import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.jconda.CondaClient;
import io.jconda.Environment;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.cache.CacheSize;
import io.jconda.core.host.ChildJvm;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lets many JVMs make environments over one store at once. */
@Timeout(120)
class CrowdTest {
  private static final int JVMS = 8;
  private static final int ENVIRONMENTS = 20;
  private static final int PACKAGES = 6;

  @TempDir Path folder;

  /** Makes some of the environments: root, channel, number of the JVM. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      try (CondaClient client =
          CondaClient.builder().root(Path.of(arguments[0])).channels(arguments[1]).build()) {
        for (int i = Integer.parseInt(arguments[2]); i < ENVIRONMENTS; i += JVMS) {
          client.env("env-" + i).install(specs(i));
        }
        System.out.println("done");
      }
    }
  }

  /** Each environment leaves another package out; "common" comes as a dependency. */
  private static String[] specs(int environment) {
    List<String> specs = new ArrayList<>();
    for (int i = 0; i < PACKAGES; i++) {
      if (i != environment % PACKAGES) {
        specs.add("part-" + i);
      }
    }
    return specs.toArray(String[]::new);
  }

  @Test
  void eightJvmsMakeTwentyEnvironmentsAndAskForEveryArchiveOnce() throws Exception {
    Path channel = folder.resolve("channel");
    List<Path> archives = new ArrayList<>();
    archives.add(build(PackageBuilder.of("common", "1.0").file("share/common", "all"), channel));
    for (int i = 0; i < PACKAGES; i++) {
      PackageBuilder part = PackageBuilder.of("part-" + i, "1." + i).depends("common");
      for (int file = 0; file < 20; file++) {
        part.file("share/part-" + i + "/" + file, file % 3 == 0 ? "shared" : i + " " + file);
      }
      archives.add(build(part, channel));
    }
    ChannelIndexer.index(channel);
    Path root = folder.resolve("root");
    WireMockServer server = ChannelWorld.serve(channel);
    List<ChildJvm> children = new ArrayList<>();
    try {
      for (int i = 0; i < JVMS; i++) {
        children.add(ChildJvm.start(Child.class, root, ChannelWorld.url(server), i));
      }
      for (ChildJvm child : children) {
        assertThat(child.line()).isEqualTo("done");
        assertThat(child.exitCode()).isZero();
      }
      for (Path archive : archives) {
        String path = "/channel/" + channel.relativize(archive);
        server.verify(1, getRequestedFor(urlEqualTo(path)));
      }
    } finally {
      children.forEach(ChildJvm::close);
      server.stop();
    }
    assertEnvironments(root);
  }

  private static Path build(PackageBuilder builder, Path channel) {
    return builder.noarch(NoarchType.GENERIC).build(channel);
  }

  private static void assertEnvironments(Path root) throws Exception {
    try (CondaClient client = CondaClient.builder().root(root).offline(true).build()) {
      List<Environment> environments = client.environments();
      assertThat(environments).hasSize(ENVIRONMENTS);
      for (int i = 0; i < ENVIRONMENTS; i++) {
        Environment env = client.env("env-" + i).open();
        List<String> expected = new ArrayList<>(List.of(specs(i)));
        expected.add("common");
        assertThat(env.packages())
            .extracting(PackageRecord::name)
            .containsExactlyInAnyOrderElementsOf(expected);
        for (int part = 0; part < PACKAGES; part++) {
          Path files = env.prefix().resolve("share/part-" + part);
          if (part == i % PACKAGES) {
            assertThat(files).doesNotExist();
          } else {
            assertThat(files.resolve("0")).hasContent("shared");
            assertThat(files.resolve("19")).hasContent(part + " 19");
          }
        }
        assertThat(Files.getAttribute(env.prefix().resolve("share/common"), "unix:nlink"))
            .isEqualTo(ENVIRONMENTS + 1);
      }
      CacheSize size = client.cache().size();
      assertThat(size.packages()).isEqualTo(PACKAGES + 1);
      assertThat(size.leftoverBytes()).isZero();
      assertThat(client.cache().verify().damages()).isEmpty();
    }
  }
}
