package io.jconda.core.embedded;

import io.jconda.build.PackageBuilder;
import io.jconda.build.PackageFormat;
import io.jconda.core.archive.PackageWriter;
import io.jconda.core.host.Disk;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Repacks the artifacts into packages of a channel. */
final class EmbeddedPackages {
  /** The day on which the artifacts were published. */
  private static final Instant TIME = Instant.parse("2025-06-30T12:00:00Z");

  private static final String BUILD = "b1512_0";
  // what the artifacts' own libraries ask of the C library
  private static final String GLIBC = "__glibc >=2.35,<3.0.a0";
  private static final int LEVEL = 3;
  private static final Pattern RECORD = Pattern.compile(".*\\.dist-info/RECORD");
  private static final Pattern INSTALLER = Pattern.compile(".*\\.dist-info/INSTALLER");

  private final Platform platform;
  private final PythonLayout layout;
  private final ArtifactFiles artifacts;
  private final String prefix;
  private final BuilderPaths builderPaths;
  private final Path unpacked;
  private final Path channel;
  private final Disk disk;
  private final OperationContext context;

  /**
   * Prepares the packing.
   *
   * @param unpacked a folder for files on their way
   * @param channel the folder that becomes the channel
   */
  EmbeddedPackages(
      Platform platform,
      String classifier,
      ArtifactFiles artifacts,
      Path unpacked,
      Path channel,
      Disk disk,
      OperationContext context) {
    this.platform = platform;
    this.layout = new PythonLayout(platform);
    this.artifacts = artifacts;
    this.prefix = Artifact.builderPrefix(classifier);
    this.builderPaths =
        new BuilderPaths()
            .replace(Artifact.OPENBLAS.builderPath(classifier), prefix)
            .replace(Artifact.CPYTHON.builderPath(classifier), prefix);
    this.unpacked = unpacked;
    this.channel = channel;
    this.disk = disk;
    this.context = context;
  }

  /** Writes all packages. */
  void write() throws IOException {
    PackageWriter writer = new PackageWriter(disk, context);
    for (PackageBuilder builder : openblas()) {
      writer.write(builder.describe(), channel);
    }
    writer.write(numpy().describe(), channel);
    PackageBuilder pip = pip();
    writer.write(python(pip).describe(), channel);
    writer.write(pip.describe(), channel);
    for (PackageBuilder sample : SamplePackages.all()) {
      writer.write(sample.timestamp(TIME).describe(), channel);
    }
  }

  private PackageBuilder builder(String name, String version) {
    return PackageBuilder.of(name, version)
        .buildString(BUILD)
        .timestamp(TIME)
        .compressionLevel(LEVEL);
  }

  private PackageBuilder nativeBuilder(String name, String version) {
    PackageBuilder builder = builder(name, version).platform(platform);
    if (!platform.isWindows()) {
      builder.placeholder(prefix);
    }
    if (platform.isLinux()) {
      builder.depends(GLIBC);
    }
    return builder;
  }

  private List<PackageBuilder> openblas() throws IOException {
    Map<String, Path> files = collect(Artifact.OPENBLAS, layout::openblas);
    Map<String, Path> ofCompiler = new TreeMap<>(files);
    ofCompiler.keySet().removeIf(path -> path.contains("openblas"));
    files.keySet().removeAll(ofCompiler.keySet());
    List<PackageBuilder> builders = new ArrayList<>();
    PackageBuilder openblas =
        nativeBuilder("libopenblas", Artifact.OPENBLAS.version())
            .license("BSD-3-Clause")
            .about("summary", "Linear algebra for NumPy");
    if (!ofCompiler.isEmpty()) {
      openblas.depends("libgfortran5");
      PackageBuilder gfortran =
          nativeBuilder("libgfortran5", "5.0.0")
              .license("GPL-3.0-only WITH GCC-exception-3.1")
              .about("summary", "What programs need that a Fortran compiler made")
              // a small one, so that both formats are in the channel: bzip2 takes its time
              .format(PackageFormat.TAR_BZ2);
      addFiles(gfortran, ofCompiler);
      builders.add(gfortran);
    }
    addFiles(openblas, files);
    builders.add(openblas);
    return builders;
  }

  private PackageBuilder numpy() throws IOException {
    PackageBuilder builder =
        nativeBuilder("numpy", Artifact.NUMPY.version())
            .depends("libopenblas >=0.3.30,<1.0a0", "python >=3.13,<3.14.0a0")
            .license("BSD-3-Clause")
            .about("summary", "Array computing in Python");
    addFiles(builder, collect(Artifact.NUMPY, layout::numpy));
    return builder;
  }

  private PackageBuilder pip() {
    return builder("pip", "25.1.1")
        .buildString("py_0")
        .noarch(NoarchType.PYTHON)
        .depends("python >=3.9")
        .entryPoint("pip = pip._internal.cli.main:main")
        .entryPoint("pip3 = pip._internal.cli.main:main")
        .license("MIT")
        .about("summary", "The installer of Python's own packages");
  }

  private PackageBuilder python(PackageBuilder pip) throws IOException {
    Map<String, Path> all =
        collect(Artifact.CPYTHON, path -> layout.pip(path).or(() -> layout.python(path)));
    Map<String, Path> ofPip = new TreeMap<>(all);
    ofPip.keySet().removeIf(path -> !path.startsWith("site-packages/"));
    all.keySet().removeAll(ofPip.keySet());
    addFiles(pip, ofPip);
    PackageBuilder builder =
        nativeBuilder("python", Artifact.CPYTHON.version())
            // as elsewhere: each of the two brings the other
            .depends("pip")
            .pythonSitePackagesPath(layout.sitePackages())
            .license("Python-2.0")
            .about("summary", "The Python programming language");
    addFiles(builder, all);
    return builder;
  }

  /** Unpacks an artifact's files; returns where they lie, by where they go. */
  private Map<String, Path> collect(Artifact artifact, Function<String, Optional<String>> place)
      throws IOException {
    Map<String, Path> files = new TreeMap<>();
    Set<Path> folders = new TreeSet<>();
    artifacts.forEach(
        artifact,
        (path, content) -> {
          context.checkpoint();
          Optional<String> target = place.apply(path);
          if (target.isPresent()) {
            Path file = unpacked.resolve(artifact.name()).resolve(target.get());
            Path folder = file.resolveSibling(".").normalize();
            if (folders.add(folder)) {
              disk.createDirectories(folder);
            }
            disk.write(file, content(target.get(), content));
            files.put(target.get(), file);
          }
        });
    return files;
  }

  private byte[] content(String target, InputStream content) throws IOException {
    byte[] bytes = content.readAllBytes();
    if (INSTALLER.matcher(target).matches()) {
      return "conda\n".getBytes(StandardCharsets.UTF_8);
    }
    return builderPaths.rewrite(bytes);
  }

  private void addFiles(PackageBuilder builder, Map<String, Path> files) throws IOException {
    for (Map.Entry<String, Path> file : files.entrySet()) {
      String path = file.getKey();
      if (RECORD.matcher(path).matches()) {
        builder.file(path, record(path, file.getValue(), files.keySet()));
      } else if (layout.executable(path)) {
        builder.executable(path, file.getValue());
      } else {
        builder.file(path, file.getValue());
      }
    }
    layout
        .links()
        .forEach(
            (path, target) -> {
              String linked = Path.of(path).resolveSibling(target).normalize().toString();
              if (files.containsKey(linked.replace('\\', '/'))) {
                builder.symbolicLink(path, target);
              }
            });
  }

  /** Returns a RECORD without the lines of files that are not in the package. */
  private static String record(String path, Path file, Set<String> files) throws IOException {
    String distInfo = path.substring(0, path.lastIndexOf('/'));
    String folder = distInfo.substring(0, distInfo.lastIndexOf('/') + 1);
    String installer = distInfo.substring(folder.length()) + "/INSTALLER";
    return Files.readAllLines(file).stream()
        .filter(line -> files.contains(folder + line.split(",", 2)[0]))
        .map(line -> line.startsWith(installer + ",") ? installer + ",," : line)
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
