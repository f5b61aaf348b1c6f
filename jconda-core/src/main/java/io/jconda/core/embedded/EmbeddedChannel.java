package io.jconda.core.embedded;

import io.jconda.ChannelException;
import io.jconda.core.archive.ChannelIndexWriter;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the channel that needs no network: {@code python}, {@code pip}, {@code numpy}, {@code
 * libopenblas}, {@code libgfortran5} and a few small packages, repacked from {@code org.bytedeco}'s
 * artifacts on the class path.
 *
 * <p>It is made once per root, in a few seconds, and kept. Thread-safe, also among processes: who
 * makes it at the same time as another throws the own work away.
 */
public final class EmbeddedChannel {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedChannel.class);

  /**
   * Counts the ways in which the artifacts were ever packed; a change of it makes the channel anew.
   */
  private static final int EDITION = 1;

  private static final Pattern TEMPORARY = Pattern.compile("\\..*\\.(\\d+)\\.\\d+\\.tmp");
  private static final Object MAKING = new Object();

  private EmbeddedChannel() {}

  /**
   * Returns the channel's folder, {@code <root>/embedded/<key>}, which holds {@code noarch} and the
   * running platform's subdir with their indexes. Blocks; makes it first if it is not there.
   *
   * @param root the client's root
   * @throws ChannelException if there are no artifacts for this platform, or they are not on the
   *     class path; the message names those to add
   * @throws io.jconda.StorageException if the disk refuses; nothing half-made is found later
   */
  public static Path folder(Path root, Disk disk, OperationContext context) {
    ClassLoader own = EmbeddedChannel.class.getClassLoader();
    ClassLoader threads = Thread.currentThread().getContextClassLoader();
    return folder(root, Platform.current(), disk, context, threads == null ? own : threads, own);
  }

  static Path folder(
      Path root, Platform platform, Disk disk, OperationContext context, ClassLoader... resources) {
    String classifier =
        Artifact.classifier(platform)
            .orElseThrow(
                () ->
                    new ChannelException(
                        "There is no embedded channel for %s: nobody publishes a Python for it as a Maven artifact."
                            .formatted(platform),
                        "Use another channel, such as conda-forge."));
    Path parent = root.resolve("embedded");
    Path folder = parent.resolve(key(platform));
    if (isThere(folder)) {
      return folder;
    }
    ArtifactFiles artifacts = new ArtifactFiles(platform, classifier, resources);
    artifacts.requireAll();
    synchronized (MAKING) {
      if (!isThere(folder)) {
        try {
          make(folder, platform, classifier, artifacts, disk, context);
        } catch (IOException e) {
          throw DiskFailure.explain("make the embedded channel", folder, e);
        }
      }
    }
    return folder;
  }

  private static String key(Platform platform) {
    StringBuilder key = new StringBuilder(platform.subdir());
    for (Artifact artifact : Artifact.values()) {
      key.append('-').append(artifact.version());
    }
    return key.append('-').append(Artifact.PRESETS).append('-').append(EDITION).toString();
  }

  private static boolean isThere(Path folder) {
    return Files.isRegularFile(folder.resolve("noarch/repodata.json"));
  }

  private static void make(
      Path folder,
      Platform platform,
      String classifier,
      ArtifactFiles artifacts,
      Disk disk,
      OperationContext context)
      throws IOException {
    long start = System.nanoTime();
    Path parent = folder.resolveSibling(".").normalize();
    disk.createDirectories(parent);
    deleteLeftOver(parent, disk);
    Path temporary =
        parent.resolve(
            ".%s.%d.%d.tmp"
                .formatted(folder.getFileName(), ProcessHandle.current().pid(), System.nanoTime()));
    try {
      Path channel = temporary.resolve("channel");
      new EmbeddedPackages(
              platform,
              classifier,
              artifacts,
              temporary.resolve("unpacked"),
              channel,
              disk,
              context)
          .write();
      new ChannelIndexWriter(disk, context).write(channel);
      publish(channel, folder, disk);
    } finally {
      disk.deleteTree(temporary);
    }
    LOG.debug("Made {} in {} ms", folder, (System.nanoTime() - start) / 1_000_000);
  }

  private static void publish(Path channel, Path folder, Disk disk) throws IOException {
    try {
      disk.move(channel, folder);
    } catch (IOException e) {
      // a folder cannot be moved onto one that another process has put there meanwhile
      if (!isThere(folder)) {
        throw e;
      }
      LOG.debug("Another process has made {}", folder);
    }
  }

  /** Deletes what processes that are no more have left half-made. */
  private static void deleteLeftOver(Path parent, Disk disk) throws IOException {
    List<Path> found;
    try (Stream<Path> list = Files.list(parent)) {
      found = list.toList();
    }
    for (Path path : found) {
      Matcher name = TEMPORARY.matcher(path.getFileName().toString());
      if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
        disk.deleteTree(path);
      }
    }
  }
}
