package io.jconda.file;

import io.jconda.CanIgnoreReturnValue;
import io.jconda.InvalidFileException;
import io.jconda.StorageException;
import io.jconda.spec.Channel;
import io.jconda.spec.Platform;
import io.jconda.spi.CondaProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Names every package of environments with its archive and hash, so that they can be made again to
 * the byte, without a solve: a {@code conda-lock.yml} (CEP-37), which holds several platforms and
 * packages of pip too, or an explicit list (CEP-23). Immutable.
 *
 * <p>{@code EnvironmentRequest.from(lock)} asks for what it names, {@code Environment.lockFile()}
 * makes one.
 */
public final class LockFile {
  private final List<Channel> channels;
  private final List<Platform> platforms;
  private final List<LockedPackage> packages;

  private LockFile(List<Channel> channels, List<LockedPackage> packages) {
    this.channels = List.copyOf(channels);
    this.packages = List.copyOf(packages);
    this.platforms = packages.stream().map(LockedPackage::platform).distinct().sorted().toList();
  }

  /**
   * Makes one.
   *
   * @param channels where its packages were chosen from
   * @param packages its packages, each of conda's after those that it needs
   */
  public static LockFile of(List<Channel> channels, List<LockedPackage> packages) {
    return new LockFile(channels, packages);
  }

  /**
   * Reads a {@code conda-lock.yml}, or an explicit list: that is known by its line
   * {@code @EXPLICIT}. In an explicit list {@code ~} and {@code $NAME} stand for what the machine
   * has, and relative paths count from the working folder.
   *
   * <p>User names, passwords and tokens in its URLs are left aside; {@code
   * CondaClient.Builder.credential} and its kin give them.
   *
   * @throws InvalidFileException if it is no such file
   * @throws StorageException if the disk refuses
   */
  public static LockFile read(Path file) {
    return CondaProvider.load().userFiles().readLock(file);
  }

  /**
   * Reads a text, as {@link #read} does.
   *
   * @throws InvalidFileException if it is no such text
   */
  public static LockFile parse(String text) {
    return CondaProvider.load().userFiles().parseLock(text);
  }

  /** Returns the channels that its packages were chosen from, highest priority first. */
  public List<Channel> channels() {
    return channels;
  }

  /** Returns the platforms that it has packages for. */
  public List<Platform> platforms() {
    return platforms;
  }

  /** Returns its packages for all platforms, in its order. */
  public List<LockedPackage> packages() {
    return packages;
  }

  /** Returns its packages for a platform, in its order. */
  public List<LockedPackage> packages(Platform platform) {
    return packages.stream().filter(each -> each.platform() == platform).toList();
  }

  /**
   * Returns a lock file with the packages of both: one that holds several platforms is made of
   * locks of each.
   *
   * @throws IllegalArgumentException if they have a platform in common
   */
  public LockFile and(LockFile other) {
    List<Channel> allChannels = new ArrayList<>(channels);
    other.channels.stream().filter(each -> !channels.contains(each)).forEach(allChannels::add);
    for (Platform platform : other.platforms) {
      if (platforms.contains(platform)) {
        throw new IllegalArgumentException("Both lock files have packages for " + platform + ".");
      }
    }
    List<LockedPackage> all = new ArrayList<>(packages);
    all.addAll(other.packages);
    return new LockFile(allChannels, all);
  }

  /** Returns the text of a {@code conda-lock.yml}. */
  public String toYaml() {
    return CondaProvider.load().userFiles().toYaml(this);
  }

  /**
   * Returns the text of an explicit list for one platform. Packages of pip cannot stand in one;
   * they are named in comments.
   *
   * @throws IllegalArgumentException if it has no packages for that platform
   */
  public String toExplicit(Platform platform) {
    return CondaProvider.load().userFiles().toExplicit(this, platform);
  }

  /**
   * Writes it to a file, as a {@code conda-lock.yml}; the file is replaced in one step if it is
   * there.
   *
   * @param file its folder must exist
   * @return the file, absolute
   * @throws StorageException if the disk refuses
   */
  @CanIgnoreReturnValue
  public Path write(Path file) {
    return CondaProvider.load().userFiles().write(file, toYaml());
  }

  /**
   * Writes it to a file, as the explicit list that {@link #toExplicit} returns; the file is
   * replaced in one step if it is there.
   *
   * @param file its folder must exist
   * @return the file, absolute
   * @throws IllegalArgumentException if it has no packages for that platform
   * @throws StorageException if the disk refuses
   */
  @CanIgnoreReturnValue
  public Path writeExplicit(Path file, Platform platform) {
    return CondaProvider.load().userFiles().write(file, toExplicit(platform));
  }

  /** Returns its platforms and how many packages it has, on one line. */
  @Override
  public String toString() {
    return "LockFile[%s, %d packages]".formatted(platforms, packages.size());
  }
}
