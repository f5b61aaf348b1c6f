package io.jconda.examples.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Makes the archive of classes (class data sharing, JEP 350) that the launchers give to the JVM: a
 * JVM that has it loads JConda's classes without reading and verifying them anew. It only fits the
 * JVM that made it and this very jar at this place; a JVM passes over one that does not.
 */
@Command(
    name = "class-archive",
    mixinStandardHelpOptions = true,
    description =
        "Make the archive of classes beside jconda.jar with which this Java starts it sooner.")
final class ClassArchiveCommand implements Callable<Integer> {
  /** What settles how a child behaves, and has no place in a rehearsal. */
  private static final List<String> FOREIGN =
      List.of(
          "conda",
          "mamba",
          "jconda",
          "java_tool_options",
          "jdk_java_options",
          "http",
          "all_proxy",
          "no_proxy");

  @Override
  public Integer call() throws InterruptedException {
    Path jar = jar();
    if (!jar.toString().endsWith(".jar")) {
      System.err.println(
          "jconda: there is no jar to make an archive for: " + jar + " is a folder.");
      return 1;
    }
    Path archive = jar.resolveSibling(jar.getFileName().toString().replaceFirst("jar$", "jsa"));
    try {
      return make(jar, archive);
    } catch (IOException e) {
      System.err.println("jconda: the archive " + archive + " could not be made: " + e);
      return 1;
    }
  }

  private static Path jar() {
    try {
      return Path.of(Jconda.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The jar's location is no path.", e);
    }
  }

  private static int make(Path jar, Path archive) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("jconda-rehearsal");
    Path made = jar.resolveSibling(archive.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Path output = folder.resolve("output");
      int exitCode = rehearse(jar, made, folder, output);
      if (exitCode != 0 || !Files.exists(made)) {
        System.err.print(Files.readString(output, StandardCharsets.UTF_8));
        System.err.println(
            "jconda: this Java made no archive of classes; everything works without.");
        return 1;
      }
      try (FileChannel file = FileChannel.open(made)) {
        // a JVM that maps half of one dies of it
        file.force(true);
      }
      Files.move(
          made, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      System.out.println("Made " + archive + ".");
      return 0;
    } finally {
      Files.deleteIfExists(made);
      delete(folder);
    }
  }

  private static int rehearse(Path jar, Path made, Path folder, Path output)
      throws IOException, InterruptedException {
    ProcessBuilder child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ArchiveClassesAtExit=" + made,
                // as the launchers say it: the archive is laid out for it
                "-XX:+UseSerialGC",
                "-Duser.home=" + folder,
                "-cp",
                jar.toString(),
                Rehearsal.class.getName(),
                folder.resolve("work").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    child
        .environment()
        .keySet()
        .removeIf(name -> FOREIGN.stream().anyMatch(name.toLowerCase(Locale.ROOT)::startsWith));
    return child.start().waitFor();
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(folder)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
