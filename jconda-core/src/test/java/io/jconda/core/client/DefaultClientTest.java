package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.Conda;
import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.Configuration;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.host.ChildJvm;
import io.jconda.spec.NoarchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Puts a client on a machine where everything that could be read is poison. */
class DefaultClientTest {
  private static final String BROKEN = "this: is: no: yaml\n";

  @TempDir Path folder;

  @BeforeEach
  void makeChannel() {
    PackageBuilder.of("lib", "1.0")
        .noarch(NoarchType.GENERIC)
        .file("share/lib.txt", "lib")
        .build(folder.resolve("channel"));
    ChannelIndexer.index(folder.resolve("channel"));
  }

  /** Makes a client of a kind, and uses it. */
  static final class Program {
    public static void main(String[] arguments) {
      try (CondaClient client = client(arguments[0])) {
        String lib =
            client
                .env(Path.of(arguments[1], "env"))
                .channel(Path.of(arguments[1], "channel").toString())
                .install("lib")
                .packages()
                .get(0)
                .name();
        boolean defaults =
            client.explain().entries().stream()
                .filter(entry -> !entry.key().equals("root"))
                .allMatch(entry -> entry.origin() instanceof Configuration.Default);
        System.out.println(lib + " " + defaults + " " + client.info().root());
      } catch (CondaException e) {
        System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }

    private static CondaClient client(String kind) {
      CondaClient.Builder builder = CondaClient.builder();
      return switch (kind) {
        case "default" -> CondaClient.create();
        case "files" -> builder.readConfiguration(true).build();
        case "variables" -> builder.readEnvironment(true).build();
        default -> Conda.client();
      };
    }
  }

  private String run(List<String> options, Map<String, String> more, String kind)
      throws IOException, InterruptedException {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("HOME", folder.resolve("home").toString());
    variables.put("JCONDA_ROOT", folder.resolve("root").toString());
    try (ChildJvm child = ChildJvm.start(options, variables, Program.class, kind, folder)) {
      String line = child.line();
      child.finish();
      return line;
    }
  }

  private List<String> home() {
    return List.of("-Duser.home=" + folder.resolve("home"));
  }

  private void poison() throws IOException {
    for (String place :
        List.of(
            ".condarc",
            ".conda/.condarc",
            ".config/conda/condarc.d/a.yml",
            ".netrc",
            ".conda/environments.txt")) {
      Path file = folder.resolve("home").resolve(place);
      Files.createDirectories(file.getParent());
      Files.writeString(file, BROKEN);
    }
  }

  private Map<String, String> poisonedVariables() throws IOException {
    Path rc = Files.writeString(folder.resolve("poison.yml"), BROKEN);
    return Map.of(
        "CONDARC", rc.toString(),
        "CONDA_CHANNEL_ALIAS", "no url",
        "CONDA_OFFLINE", "maybe",
        "CONDA_SUBDIR", "no-platform",
        "JCONDA_OFFLINE", "maybe",
        "JCONDA_CHANNEL_PRIORITY", "high");
  }

  @Test
  void aDefaultClientReadsNothingButTheRoot() throws Exception {
    poison();
    List<String> options =
        List.of("-Duser.home=" + folder.resolve("home"), "-Djconda.offline=maybe");

    assertThat(run(options, poisonedVariables(), "default"))
        .isEqualTo("lib true " + folder.resolve("root"));
    assertThat(Files.readString(folder.resolve("home/.conda/environments.txt"))).isEqualTo(BROKEN);
  }

  @Test
  void theSamePoisonKillsClientsThatRead() throws Exception {
    poison();

    assertThat(run(home(), Map.of(), "files"))
        .startsWith("ConfigurationException")
        .contains("line 1");
    assertThat(run(home(), poisonedVariables(), "variables")).startsWith("ConfigurationException");
    assertThat(
            run(List.of("-Duser.home=" + folder, "-Djconda.offline=maybe"), Map.of(), "variables"))
        .startsWith("ConfigurationException")
        .contains("jconda.offline");
    assertThat(run(home(), Map.of(), "shared")).startsWith("ConfigurationException");
  }

  @Test
  void theSharedClientIsSavedBySwitches() throws Exception {
    poison();
    Files.delete(folder.resolve("home/.conda/environments.txt"));

    assertThat(run(home(), Map.of("JCONDA_NO_RC", "true"), "shared")).startsWith("lib true");
  }

  @Test
  void noYamlIsLoadedWhereThereIsNoFile() throws Exception {
    Files.createDirectories(folder.resolve("home"));
    Path log = folder.resolve("classes.log");
    List<String> options =
        List.of("-Duser.home=" + folder.resolve("home"), "-Xlog:class+load:file=" + log);

    assertThat(run(options, Map.of(), "shared")).startsWith("lib true");
    assertThat(Files.readString(log)).contains("SearchPath").doesNotContain("org.yaml.snakeyaml");

    Files.writeString(folder.resolve("home/.condarc"), "channels: [a]\n");
    assertThat(run(options, Map.of(), "shared")).startsWith("lib false");
    assertThat(Files.readString(log)).contains("org.yaml.snakeyaml");
  }
}
