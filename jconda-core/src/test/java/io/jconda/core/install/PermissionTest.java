package io.jconda.core.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.jconda.CondaClient;
import io.jconda.CondaException;
import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.core.util.Hashes;
import io.jconda.spec.NoarchType;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes environments that may not be changed, in a JVM of a user who is not root, whom nothing
 * stops.
 */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class PermissionTest {
  private static final int NOBODY = 65534;
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  @TempDir Path folder;
  private Path channel;
  private Path root;
  private Path prefix;
  private boolean isRoot;

  /** Is what the other user runs: root, channel, prefix, packages of others, and what to do. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Path prefix = Path.of(arguments[2]);
      try (CondaClient client =
          CondaClient.builder()
              .root(Path.of(arguments[0]))
              .channels(arguments[1])
              .packageFolders(Path.of(arguments[3]))
              .build()) {
        for (String what : List.of(arguments).subList(4, arguments.length)) {
          try {
            switch (what) {
              case "install" -> client.env(prefix).install("other");
              case "read" ->
                  System.out.println("packages: " + client.env(prefix).open().packages().size());
              case "update" -> client.env(prefix).open().update("lib");
              default -> client.env(prefix).open().uninstall("lib");
            }
            System.out.println(what + ": done");
          } catch (CondaException e) {
            System.out.println(what + ": " + e.problem() + " " + e.remedy());
          }
        }
      }
    }
  }

  @BeforeEach
  void make() throws IOException {
    isRoot = Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"));
    assumeThat(!isRoot || Files.isExecutable(SETPRIV))
        .as("root without setpriv (util-linux) cannot become another user")
        .isTrue();
    open(folder, "rwxr-xr-x");
    channel = folder.resolve("channel");
    for (String version : List.of("1.0", "2.0")) {
      PackageBuilder.of("lib", version)
          .noarch(NoarchType.GENERIC)
          .file("a/first.txt", version)
          .file("share/lib/deep/version.txt", version)
          .build(channel);
    }
    PackageBuilder.of("other", "1.0")
        .noarch(NoarchType.GENERIC)
        .file("a/other.txt", "other")
        .file("share/lib/deep/other.txt", "other")
        .build(channel);
    ChannelIndexer.index(channel);
    prefix = folder.resolve("envs/it");
    try (CondaClient client =
        CondaClient.builder().root(folder.resolve("first")).channels(channel.toString()).build()) {
      assertThat(client.env(prefix).install("lib=1.0").packages()).hasSize(1);
    }
    root = Files.createDirectory(folder.resolve("second"));
    open(root, "rwxrwxrwx");
  }

  /** What is closed cannot be deleted by one who is not root. */
  @AfterEach
  void openAll() throws IOException {
    for (Path path : tree(folder)) {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
          && Files.isWritable(path.resolveSibling(""))) {
        open(path, "rwxr-xr-x");
      }
    }
  }

  private static void open(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static List<Path> tree(Path top) throws IOException {
    try (Stream<Path> paths = Files.walk(top)) {
      return paths.toList();
    }
  }

  /** Gives all below a path to the other user. */
  private void give(Path top) throws IOException {
    for (Path path : isRoot ? tree(top) : List.<Path>of()) {
      Files.setAttribute(path, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** Takes a folder from the other user; who is nobody else closes it to himself. */
  private void close(Path path) throws IOException {
    if (isRoot) {
      Files.setAttribute(path, "unix:uid", 0);
    }
    open(path, "r-xr-xr-x");
  }

  /** Shows all of a tree, times included, but for JConda's own notes in a prefix. */
  private static SortedMap<String, String> picture(Path top) throws IOException {
    SortedMap<String, String> picture = new TreeMap<>();
    for (Path path : tree(top)) {
      String name = top.relativize(path).toString();
      if (name.startsWith("conda-meta/.jconda") || name.equals("conda-meta")) {
        continue;
      }
      Map<String, Object> attributes =
          Files.readAttributes(
              path, "unix:mode,uid,ino,nlink,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
      picture.put(
          name, new TreeMap<>(attributes) + (Files.isRegularFile(path) ? Hashes.sha256(path) : ""));
    }
    return picture;
  }

  private List<String> run(String... what) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (isRoot) {
      command.add(SETPRIV.toString());
      command.addAll(List.of("--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Duser.home=" + root);
    command.addAll(List.of("-cp", classPath(), Child.class.getName()));
    command.addAll(List.of(root.toString(), channel.toString(), prefix.toString()));
    command.add(folder.resolve("first").toString());
    command.addAll(List.of(what));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    // newer JVMs warn of native libraries
    return output
        .lines()
        .filter(line -> line.contains(": ") && !line.startsWith("WARNING: "))
        .toList();
  }

  /** The other user may not look into root's home, where the jars are: he gets links or copies. */
  private String classPath() throws IOException {
    String here =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    if (!isRoot) {
      return here;
    }
    Path copies = Files.createDirectories(folder.resolve("cp"));
    List<String> entries = new ArrayList<>();
    int number = 0;
    for (String entry : here.split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      if (!Files.exists(from) || entry.contains("bytedeco")) {
        continue;
      }
      Path to = copies.resolve(number++ + (Files.isDirectory(from) ? "" : ".jar"));
      for (Path path : tree(from)) {
        copy(path, to.resolve(from.relativize(path).toString()));
      }
      entries.add(to.toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isDirectory(from)) {
      Files.createDirectories(to);
      return;
    }
    Files.copy(from, to);
    open(to, "r--r--r--");
  }

  @Test
  void anEnvironmentOfSomebodyElseIsRefusedBeforeAnythingIsDone() throws Exception {
    if (!isRoot) {
      close(prefix.resolve("conda-meta"));
      close(prefix);
    }
    SortedMap<String, String> before = picture(prefix);

    List<String> said = run("install", "update", "remove");

    assertThat(said).hasSize(3);
    assertThat(said)
        .allSatisfy(line -> assertThat(line).contains(prefix.toString()).contains("permissions"));
    assertThat(picture(prefix)).isEqualTo(before);
  }

  @Test
  void aClosedFolderDeepInAnEnvironmentIsFoundBeforeAnythingIsDone() throws Exception {
    Path deep = prefix.resolve("share/lib/deep");
    give(prefix);
    close(deep);
    SortedMap<String, String> before = picture(prefix);

    List<String> said = run("install", "update", "remove");

    assertThat(said).hasSize(3);
    assertThat(said)
        .allSatisfy(line -> assertThat(line).contains(deep.toString()).contains("permissions"));
    assertThat(picture(prefix)).isEqualTo(before);
  }

  @Test
  void whoMayOnlyReadReadsAlsoWhatSomebodyElseIsChanging() throws Exception {
    Path change = Files.createDirectories(prefix.resolve("conda-meta/.jconda/change"));
    if (!isRoot) {
      close(change.resolveSibling(""));
      close(prefix.resolve("conda-meta"));
    }

    assertThat(run("read")).containsExactly("packages: 1", "read: done");

    assertThat(change).isDirectory();
  }
}
