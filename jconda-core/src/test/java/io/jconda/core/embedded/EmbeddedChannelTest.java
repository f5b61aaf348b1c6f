package io.jconda.core.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.ChannelException;
import io.jconda.StorageException;
import io.jconda.core.host.Disk;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedChannelTest {
  private static final String SITE_PACKAGES = "lib/python3.13/site-packages";
  private static final OperationContext SILENT = OperationContext.silent();

  // shared, because making the channel takes seconds
  @TempDir static Path shared;

  private static Path channel() {
    assumeTrue(
        Platform.current() == Platform.LINUX_64,
        "The build has the artifacts of linux-64 alone; this test has shown nothing here.");
    return EmbeddedChannel.folder(shared, Disk.real(), SILENT);
  }

  private static JsonNode records(Path channel, String subdir, String key) throws IOException {
    return new ObjectMapper()
        .readTree(channel.resolve(subdir).resolve("repodata.json").toFile())
        .path(key);
  }

  @Test
  void thePythonInItRunsAndComputes(@TempDir Path prefix) throws Exception {
    Path channel = channel();
    CopiedPrefix environment = new CopiedPrefix(prefix);
    for (String subdir : List.of("linux-64", "noarch")) {
      try (var archives = Files.list(channel.resolve(subdir))) {
        for (Path archive : archives.sorted().toList()) {
          String name = archive.getFileName().toString();
          if (!name.startsWith("repodata") && !name.startsWith("jconda-hello-1.0")) {
            environment.add(archive, SITE_PACKAGES);
          }
        }
      }
    }

    assertThat(environment.run("bin/python", "--version")).isEqualTo("Python 3.13.5");
    assertThat(environment.run("bin/python", "-c", "import sys; print(sys.prefix)"))
        .isEqualTo(prefix.toRealPath().toString());
    assertThat(
            environment.run(
                "bin/python",
                "-c",
                "import ssl, ctypes, hashlib, zlib; print(ssl.OPENSSL_VERSION)"))
        .startsWith("OpenSSL 3");
    assertThat(
            environment.run(
                "bin/python",
                "-c",
                "import numpy.testing, numpy.random, jconda_regression as r; i, c = r.fit([1, 2, 3], [3, 5, 7]);"
                    + " print(numpy.__version__, round(float(i), 6), round(float(c[0]), 6))"))
        .isEqualTo("2.3.1 1.0 2.0");
    assertThat(environment.run("bin/python", "-m", "pip", "--version")).startsWith("pip 25.1.1");
    assertThat(environment.run("bin/python", "-m", "pip", "list", "--format=freeze"))
        .contains("jconda-hello==1.1", "jconda-regression==1.0", "numpy==2.3.1", "pip==25.1.1");
    Path wheel = wheel(prefix.resolve("tiny-1.0-py3-none-any.whl"));
    environment.run("bin/python", "-m", "pip", "install", "--no-index", wheel.toString());
    assertThat(environment.run("bin/python", "-c", "import tiny; print(tiny.ANSWER)"))
        .isEqualTo("42");
    environment.run("bin/python", "-m", "pip", "check");
    environment.run("bin/python3.13-config", "--prefix");
  }

  private static Path wheel(Path wheel) throws IOException {
    String metadata =
        """
        Metadata-Version: 2.1
        Name: tiny
        Version: 1.0
        """;
    String kind =
        """
        Wheel-Version: 1.0
        Generator: test
        Root-Is-Purelib: true
        Tag: py3-none-any
        """;
    String record =
        """
        tiny.py,,
        tiny-1.0.dist-info/METADATA,,
        tiny-1.0.dist-info/WHEEL,,
        tiny-1.0.dist-info/RECORD,,
        """;
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
      add(zip, "tiny.py", "ANSWER = 42");
      add(zip, "tiny-1.0.dist-info/METADATA", metadata);
      add(zip, "tiny-1.0.dist-info/WHEEL", kind);
      add(zip, "tiny-1.0.dist-info/RECORD", record);
    }
    return wheel;
  }

  private static void add(ZipOutputStream zip, String name, String content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  @Test
  void itsIndexSaysWhatNeedsWhat() throws Exception {
    JsonNode conda = records(channel(), "linux-64", "packages.conda");

    assertThat(conda.findValuesAsText("name"))
        .containsExactlyInAnyOrder("libopenblas", "numpy", "python");
    assertThat(conda.path("python-3.13.5-b1512_0.conda").path("python_site_packages_path").asText())
        .isEqualTo(SITE_PACKAGES);
    assertThat(conda.path("python-3.13.5-b1512_0.conda").path("depends").toString())
        .contains("pip", "__glibc");
    assertThat(records(channel(), "linux-64", "packages").findValuesAsText("name"))
        .containsExactly("libgfortran5");
    assertThat(records(channel(), "noarch", "packages.conda").findValuesAsText("name"))
        .containsExactly("jconda-hello", "jconda-hello", "jconda-regression", "pip");
  }

  @Test
  void whatIsThereIsUsedWithoutAWrite() {
    Path channel = channel();

    assertThat(EmbeddedChannel.folder(shared, new FaultyDisk(0), SILENT)).isEqualTo(channel);
  }

  @Test
  void aFullDiskLeavesNoChannelBehind(@TempDir Path root, @TempDir Path resources)
      throws Exception {
    try (URLClassLoader loader = macArtifacts(resources)) {
      assertThatThrownBy(
              () ->
                  EmbeddedChannel.folder(
                      root, Platform.OSX_ARM64, new FaultyDisk(3), SILENT, loader))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("full");
    }
    try (var left = Files.list(root.resolve("embedded"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whoComesSecondUsesWhatTheFirstHasMade(@TempDir Path root, @TempDir Path resources)
      throws Exception {
    try (URLClassLoader loader = macArtifacts(resources)) {
      List<Path> first = new ArrayList<>();
      Disk overtaken =
          new Disk() {
            @Override
            public void move(Path source, Path target) throws IOException {
              if (Files.isDirectory(source) && first.isEmpty()) {
                first.add(
                    EmbeddedChannel.folder(root, Platform.OSX_ARM64, Disk.real(), SILENT, loader));
              }
              super.move(source, target);
            }
          };

      Path second = EmbeddedChannel.folder(root, Platform.OSX_ARM64, overtaken, SILENT, loader);

      assertThat(first).containsExactly(second);
      try (var left = Files.list(root.resolve("embedded"))) {
        assertThat(left).containsExactly(second);
      }
    }
  }

  @Test
  void artifactsInAFolderAreLaidOutForMacOs(@TempDir Path root, @TempDir Path resources)
      throws Exception {
    try (URLClassLoader loader = macArtifacts(resources)) {
      Path channel = EmbeddedChannel.folder(root, Platform.OSX_ARM64, Disk.real(), SILENT, loader);

      assertThat(records(channel, "osx-arm64", "packages.conda").findValuesAsText("name"))
          .containsExactly("libopenblas", "numpy", "python");
      Path prefix = root.resolve("p");
      CopiedPrefix environment = new CopiedPrefix(prefix);
      environment.add(channel.resolve("osx-arm64/python-3.13.5-b1512_0.conda"), SITE_PACKAGES);
      environment.add(channel.resolve("osx-arm64/numpy-2.3.1-b1512_0.conda"), SITE_PACKAGES);
      assertThat(prefix.resolve("lib/libpython3.13.dylib")).exists();
      assertThat(prefix.resolve("bin/python")).isSymbolicLink();
      assertThat(prefix.resolve(SITE_PACKAGES + "/numpy/__init__.py"))
          .content()
          .isEqualTo("path = '" + prefix + "/lib'\n");
      assertThat(prefix.resolve("lib/python3.13/test/test_x.py")).doesNotExist();
    }
  }

  private static URLClassLoader macArtifacts(Path resources) throws IOException {
    Path bytedeco = resources.resolve("org/bytedeco");
    write(bytedeco.resolve("cpython/macosx-arm64/bin/python3.13"), "program");
    write(bytedeco.resolve("cpython/macosx-arm64/libpython3.13.dylib"), "library");
    write(bytedeco.resolve("cpython/macosx-arm64/lib/python3.13/os.py"), "");
    write(bytedeco.resolve("cpython/macosx-arm64/lib/python3.13/test/test_x.py"), "");
    write(
        bytedeco.resolve("numpy/macosx-arm64/python/numpy/__init__.py"),
        "path = '/Users/runner/.javacpp/cache/openblas-0.3.30-1.5.12-macosx-arm64.jar"
            + "/org/bytedeco/openblas/macosx-arm64/lib'\n");
    write(bytedeco.resolve("openblas/macosx-arm64/libopenblas.0.dylib"), "library");
    return new URLClassLoader(new URL[] {resources.toUri().toURL()}, null);
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, content);
  }

  @Test
  void missingArtifactsAreNamed(@TempDir Path root) throws Exception {
    try (URLClassLoader none = new URLClassLoader(new URL[0], null)) {
      assertThatThrownBy(
              () -> EmbeddedChannel.folder(root, Platform.LINUX_64, Disk.real(), SILENT, none))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("org.bytedeco:cpython:3.13.5-1.5.12:linux-x86_64")
          .hasMessageContaining("org.bytedeco:numpy:2.3.1-1.5.12:linux-x86_64")
          .hasMessageContaining("org.bytedeco:openblas:0.3.30-1.5.12:linux-x86_64");
    }
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aPlatformWithoutArtifactsIsNamed(@TempDir Path root) {
    assertThatThrownBy(
            () -> EmbeddedChannel.folder(root, Platform.LINUX_S390X, Disk.real(), SILENT))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("linux-s390x");
  }

  /** A disk that is full after some files. */
  private static final class FaultyDisk extends Disk {
    private int left;

    FaultyDisk(int files) {
      this.left = files;
    }

    @Override
    public OutputStream newOutputStream(Path file, OpenOption... options) throws IOException {
      if (left-- <= 0) {
        throw new IOException("No space left on device");
      }
      return super.newOutputStream(file, options);
    }

    @Override
    public void createDirectories(Path folder) throws IOException {
      if (left <= 0) {
        throw new IOException("No space left on device");
      }
      super.createDirectories(folder);
    }
  }
}
