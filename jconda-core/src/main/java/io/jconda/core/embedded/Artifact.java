package io.jconda.core.embedded;

import io.jconda.spec.Platform;
import java.util.Optional;

/** Names the Maven artifacts that the embedded channel is made of. */
enum Artifact {
  CPYTHON("cpython", "3.13.5"),
  NUMPY("numpy", "2.3.1"),
  OPENBLAS("openblas", "0.3.30");

  /** Is the version of the presets that all of them come from. */
  static final String PRESETS = "1.5.12";

  private final String library;
  private final String version;

  Artifact(String library, String version) {
    this.library = library;
    this.version = version;
  }

  /** Returns the version of what is in it, such as {@code 3.13.5}. */
  String version() {
    return version;
  }

  /** Returns the folder of its files among the resources, with a slash at its end. */
  String folder(String classifier) {
    return "org/bytedeco/" + library + "/" + classifier + "/";
  }

  /** Returns a file that is in it for certain, relative to its folder. */
  String landmark(Platform platform) {
    return switch (this) {
      case CPYTHON -> platform.isWindows() ? "python.exe" : "bin/python3.13";
      case NUMPY -> "python/numpy/__init__.py";
      case OPENBLAS ->
          platform.isWindows()
              ? "libopenblas.dll"
              : platform.isMac() ? "libopenblas.0.dylib" : "libopenblas.so.0";
    };
  }

  /** Returns its coordinates, as a user writes them into a build. */
  String coordinates(String classifier) {
    return "org.bytedeco:%s:%s-%s:%s".formatted(library, version, PRESETS, classifier);
  }

  /** Returns where the builder of the artifacts had its file cache's copy of this one. */
  String builderPath(String classifier) {
    return builderHome(classifier)
        + "/.javacpp/cache/%s-%s-%s-%s.jar/org/bytedeco/%s/%s"
            .formatted(library, version, PRESETS, classifier, library, classifier);
  }

  /** Returns the prefix that the builder of the artifacts built Python for. */
  static String builderPrefix(String classifier) {
    return builderHome(classifier)
        + "/work/javacpp-presets/javacpp-presets/cpython/cppbuild/"
        + classifier;
  }

  private static String builderHome(String classifier) {
    return classifier.startsWith("macosx") ? "/Users/runner" : "/home/runner";
  }

  /** Returns the classifier of a platform, if there are artifacts for it. */
  static Optional<String> classifier(Platform platform) {
    return switch (platform) {
      case LINUX_64 -> Optional.of("linux-x86_64");
      case OSX_64 -> Optional.of("macosx-x86_64");
      case OSX_ARM64 -> Optional.of("macosx-arm64");
      case WIN_64 -> Optional.of("windows-x86_64");
      default -> Optional.empty();
    };
  }
}
