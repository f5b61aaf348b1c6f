package io.jconda.core.embedded;

import io.jconda.ChannelException;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the files of an artifact among the resources of the class path, wherever it was packed. */
final class ArtifactFiles {
  private final Platform platform;
  private final String classifier;
  private final ClassLoader[] loaders;

  ArtifactFiles(Platform platform, String classifier, ClassLoader... loaders) {
    this.platform = platform;
    this.classifier = classifier;
    this.loaders = loaders.clone();
  }

  /** Hears of one file. */
  @FunctionalInterface
  interface FileConsumer {
    /**
     * Hears of one file.
     *
     * @param path its path, relative to the artifact's folder
     * @param content its bytes, readable until this returns
     */
    void accept(String path, InputStream content) throws IOException;
  }

  /** Throws unless all artifacts are there. */
  void requireAll() {
    List<String> missing = new ArrayList<>();
    for (Artifact artifact : Artifact.values()) {
      if (find(artifact) == null) {
        missing.add(artifact.coordinates(classifier));
      }
    }
    if (!missing.isEmpty()) {
      throw new ChannelException(
          "The embedded channel has nothing to be made of: %s %s not on the class path."
              .formatted(String.join(", ", missing), missing.size() == 1 ? "is" : "are"),
          "Add %s at run time (the last part is the classifier), or use another channel."
              .formatted(missing.size() == 1 ? "that artifact" : "those artifacts"));
    }
  }

  private @Nullable URL find(Artifact artifact) {
    String landmark = artifact.folder(classifier) + artifact.landmark(platform);
    for (ClassLoader loader : loaders) {
      URL url = loader.getResource(landmark);
      if (url != null) {
        return url;
      }
    }
    return null;
  }

  /** Tells of every file of an artifact. */
  void forEach(Artifact artifact, FileConsumer consumer) throws IOException {
    URL landmark = find(artifact);
    if (landmark == null) {
      requireAll();
      return;
    }
    URLConnection connection = landmark.openConnection();
    if (connection instanceof JarURLConnection jar) {
      // a cached one would be shared with others, who must not see it closed
      jar.setUseCaches(false);
      try (JarFile file = jar.getJarFile()) {
        walk(file, artifact.folder(classifier), consumer);
      }
    } else {
      walk(folderOf(landmark, artifact), consumer);
    }
  }

  private Path folderOf(URL landmark, Artifact artifact) throws IOException {
    URI uri;
    try {
      uri = landmark.toURI();
    } catch (URISyntaxException e) {
      throw new IOException("The resource " + landmark + " has no proper address.", e);
    }
    Path folder = Path.of(uri);
    for (int i = artifact.landmark(platform).split("/", -1).length; i > 0; i--) {
      Path parent = folder.getParent();
      folder = parent == null ? folder : parent;
    }
    return folder;
  }

  private static void walk(JarFile jar, String folder, FileConsumer consumer) throws IOException {
    Enumeration<JarEntry> entries = jar.entries();
    while (entries.hasMoreElements()) {
      JarEntry entry = entries.nextElement();
      if (entry.getName().startsWith(folder) && !entry.isDirectory()) {
        try (InputStream content = jar.getInputStream(entry)) {
          consumer.accept(entry.getName().substring(folder.length()), content);
        }
      }
    }
  }

  private static void walk(Path folder, FileConsumer consumer) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      try (InputStream content = Files.newInputStream(file)) {
        consumer.accept(folder.relativize(file).toString().replace('\\', '/'), content);
      }
    }
  }
}
