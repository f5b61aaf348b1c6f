package io.jconda.core.cache;

import io.jconda.core.host.Disk;
import io.jconda.core.util.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the content of files, each once.
 *
 * <p>A file of the store is shared by every environment that links it, so anybody may change it
 * through any of them. Size and time tell, as far as they can, and the content is read again where
 * they do not fit. Thread-safe.
 */
final class FileStore {
  /** So many digests that this process made itself are remembered; then it begins anew. */
  private static final int MAX_KNOWN = 50_000;

  private final StoreLayout layout;
  private final Disk disk;
  private final boolean readOnly;

  /** The times of files whose content this process has seen to be right. */
  private final Map<Path, Instant> known = new ConcurrentHashMap<>();

  /**
   * Opens the files of a store.
   *
   * @param readOnly whether not even times may be set; then nothing can be published or renewed
   */
  FileStore(StoreLayout layout, Disk disk, boolean readOnly) {
    this.layout = layout;
    this.disk = disk;
    this.readOnly = readOnly;
  }

  /**
   * Puts content in the store that a temporary file holds, or finds it there.
   *
   * @param temporary is gone afterwards if the content was not there yet
   * @return the file with the time that it has in the store
   */
  StoredFile publish(Path temporary, StoredFile file) throws IOException {
    Path content = layout.content(file);
    Optional<Instant> there = timeIfRight(content, file);
    if (there.isPresent()) {
      return file.toBuilder().modified(there.get()).build();
    }
    if (file.executable()) {
      disk.setExecutable(temporary, true);
    }
    disk.setLastModified(temporary, FileTime.from(file.modified()));
    moveIntoStore(temporary, content);
    remember(content, file.modified());
    return file;
  }

  private void moveIntoStore(Path temporary, Path content) throws IOException {
    try {
      disk.move(temporary, content);
    } catch (NoSuchFileException e) {
      disk.createDirectories(layout.folder(content));
      disk.move(temporary, content);
    }
  }

  /** Returns the time of what is stored, if its content is right; reads it if need be. */
  private Optional<Instant> timeIfRight(Path content, StoredFile file) throws IOException {
    Optional<BasicFileAttributes> attributes = attributes(content);
    if (attributes.isEmpty() || !hasForm(attributes.get(), file)) {
      return Optional.empty();
    }
    Instant time = time(attributes.get());
    if (time.equals(known.get(content))) {
      return Optional.of(time);
    }
    if (!Hashes.sha256(content).equals(file.sha256().orElseThrow())) {
      return Optional.empty();
    }
    boolean touched = !time.equals(time.truncatedTo(ChronoUnit.SECONDS));
    boolean wrongTime = file.timeMatters() && !time.equals(file.modified());
    if (readOnly && wrongTime) {
      return Optional.empty();
    }
    if (!readOnly && (touched || wrongTime)) {
      disk.setLastModified(content, FileTime.from(file.modified()));
      time = file.modified();
    }
    remember(content, time);
    return Optional.of(time);
  }

  private static boolean hasForm(BasicFileAttributes attributes, StoredFile file) {
    return attributes.isRegularFile() && attributes.size() == file.size();
  }

  private static Instant time(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime().toInstant();
  }

  private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    if (!Files.exists(path)) {
      // what is new is not there, and an exception for each file would cost more than the question
      return Optional.empty();
    }
    return attributesOfPresent(path);
  }

  private static Optional<BasicFileAttributes> attributesOfPresent(Path path) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void remember(Path content, Instant time) {
    if (known.size() >= MAX_KNOWN) {
      known.clear();
    }
    known.put(content, time);
  }

  /**
   * Tells whether content is in the store and right; reads it only if its time is not as it was.
   *
   * @param content where the file's content lies in this store
   */
  boolean isRight(StoredFile file, Path content) throws IOException {
    Optional<BasicFileAttributes> attributes = attributesOfPresent(content);
    if (attributes.isPresent()
        && hasForm(attributes.get(), file)
        && time(attributes.get()).equals(file.modified())) {
      return true;
    }
    return timeIfRight(content, file).isPresent();
  }

  /** Tells whether content is in the store and right; always reads it. */
  boolean isRightToTheByte(StoredFile file) throws IOException {
    known.remove(layout.content(file));
    return timeIfRight(layout.content(file), file).isPresent();
  }

  /**
   * Gives content a new inode, so that it can have more names.
   *
   * @param source where the content lies: in this store, or in one that is only read
   */
  Path renew(StoredFile file, Path source, Path temporary) throws IOException {
    Path content = layout.content(file);
    disk.copy(source, temporary);
    disk.setLastModified(temporary, FileTime.from(file.modified()));
    moveIntoStore(temporary, content);
    return content;
  }
}
