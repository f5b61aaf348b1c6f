package io.jconda.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.LinkMode;
import io.jconda.build.PackageBuilder;
import io.jconda.core.cache.PackageCache;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.prefix.PathType;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links packages for a Mac, with a program in the place of {@code codesign} that adds a line. */
class SignedLinkTest {
  private static final String PLACEHOLDER = "/opt/" + "placeholder_".repeat(18) + "end";

  private static final PrefixPath NONE = PrefixPath.builder("none", PathType.HARDLINK).build();

  @TempDir Path folder;

  private Path codesign() throws Exception {
    Path script = folder.resolve("codesign");
    Files.writeString(
        script, "#!/bin/sh\nfor f in \"$@\"; do test -f \"$f\" && echo signed >> \"$f\"; done\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Links one package with a changed program, one that is as it was, and a changed text. */
  private Map<String, PrefixPath> link(Platform platform) throws Exception {
    String magic =
        new String(
            new byte[] {(byte) 0xCF, (byte) 0xFA, (byte) 0xED, (byte) 0xFE},
            StandardCharsets.ISO_8859_1);
    byte[] changed = (magic + PLACEHOLDER + "/lib\0").getBytes(StandardCharsets.ISO_8859_1);
    byte[] plain = (magic + "plain\0").getBytes(StandardCharsets.ISO_8859_1);
    Path archive =
        PackageBuilder.of("tool", "1")
            .platform(platform)
            .placeholder(PLACEHOLDER)
            .file("bin/changed", changed)
            .file("bin/plain", plain)
            .file("bin/text", "#!" + PLACEHOLDER + "/bin/sh\n")
            .build(folder.resolve("channel"));
    PackageRecord record =
        PackageRecord.builder("tool", "1", "0")
            .subdir(platform.subdir())
            .fileName(archive.getFileName().toString())
            .url(archive.toUri().toString())
            .sha256(Hashes.sha256(archive))
            .build();
    Path root = Files.createDirectory(folder.resolve("prefix"));
    Map<String, PrefixPath> paths = new HashMap<>();
    try (Network network = new Network(NetworkSettings.defaults())) {
      PackageCache cache = new PackageCache(folder.resolve("root"), Disk.real(), network);
      LinkTarget target = LinkTarget.of(root, root, platform, LinkMode.HARD);
      Linker linker =
          new Linker(target, true, cache, Disk.real(), MachOSigner.with(platform, codesign()));
      OperationContext context = OperationContext.silent();
      PackageLayout layout =
          PackageLayout.of(cache.fetch(record, context), target, Launchers.NONE, 0);
      LinkedPackage linked = linker.link(List.of(layout), true, context).orElseThrow().get(0);
      linked.paths().forEach(path -> paths.put(path.path(), path));
    }
    return paths;
  }

  private String content(String path) throws Exception {
    return new String(
        Files.readAllBytes(folder.resolve("prefix").resolve(path)), StandardCharsets.ISO_8859_1);
  }

  @Test
  void programsThatChangedAreSignedAndRecordedAsSigned() throws Exception {
    Map<String, PrefixPath> paths = link(Platform.OSX_ARM64);

    assertThat(content("bin/changed")).contains(folder + "/prefix/lib\0").endsWith("signed\n");
    assertThat(content("bin/plain")).doesNotContain("signed");
    assertThat(content("bin/text")).doesNotContain("signed");
    for (String path : List.of("bin/changed", "bin/plain", "bin/text")) {
      assertThat(paths.getOrDefault(path, NONE).sha256InPrefix())
          .describedAs(path)
          .contains(Hashes.sha256(folder.resolve("prefix").resolve(path)));
    }
    assertThat(paths.getOrDefault("bin/changed", NONE).placeholder()).contains(PLACEHOLDER);
  }

  @Test
  void otherPlatformsNeedNoSignature() throws Exception {
    link(Platform.OSX_64);

    assertThat(content("bin/changed")).contains("/prefix/lib\0").doesNotContain("signed");
  }
}
