package io.jconda.spec;

/** Reads virtual packages as people write them (CEP-30). */
public final class VirtualPackages {
  private VirtualPackages() {}

  /**
   * Reads one.
   *
   * @param spec {@code name=version} or {@code name=version=build}, such as {@code "__cuda=12.4"}
   * @throws IllegalArgumentException if the name does not begin with two underscores or the version
   *     is missing
   * @throws io.jconda.InvalidSpecException if the version is none
   */
  public static PackageRecord parse(String spec) {
    String[] parts = spec.split("=", -1);
    if (!spec.startsWith("__") || parts.length < 2 || parts.length > 3 || parts[1].isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' is no virtual package. Write __name=version or __name=version=build."
              .formatted(spec));
    }
    return PackageRecord.builder(parts[0], parts[1], parts.length == 3 ? parts[2] : "0").build();
  }
}
