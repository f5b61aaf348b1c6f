package io.jconda.core.cache;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.core.util.Hashes;
import io.jconda.spec.PackageRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/** Makes the bytes of a {@code .tar.bz2} package, also of such as no proper builder makes. */
final class TestPackage {
  static final Instant TIME = Instant.parse("2024-05-06T07:08:09Z");

  private final String name;
  private final List<Entry> entries = new ArrayList<>();
  private final ObjectNode index = new ObjectMapper().createObjectNode();
  private final ArrayNode paths = new ObjectMapper().createArrayNode();
  private boolean withPathsJson = true;

  private record Entry(
      String path, byte type, String content, String link, int mode, Instant time) {}

  private TestPackage(String name) {
    this.name = name;
    index.put("name", name).put("version", "1.0").put("build", "0").put("build_number", 0);
  }

  static TestPackage named(String name) {
    return new TestPackage(name);
  }

  TestPackage index(String key, String value) {
    index.put(key, value);
    return this;
  }

  TestPackage file(String path, String content) {
    return file(path, content, 0644, TIME);
  }

  TestPackage file(String path, String content, int mode, Instant time) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    entries.add(new Entry(path, TarConstants.LF_NORMAL, content, "", mode, time));
    claim(path).put("sha256", sha256(bytes)).put("size_in_bytes", bytes.length);
    return this;
  }

  TestPackage symbolicLink(String path, String target) {
    entries.add(new Entry(path, TarConstants.LF_SYMLINK, "", target, 0777, TIME));
    claim(path).put("path_type", "softlink");
    return this;
  }

  TestPackage hardLink(String path, String existing) {
    entries.add(new Entry(path, TarConstants.LF_LINK, "", existing, 0644, TIME));
    claim(path);
    return this;
  }

  /** Adds an entry that {@code paths.json} does not name. */
  TestPackage unlisted(String path, String content) {
    entries.add(new Entry(path, TarConstants.LF_NORMAL, content, "", 0644, TIME));
    return this;
  }

  /** Adds an entry of {@code paths.json}, to be changed. */
  ObjectNode claim(String path) {
    return paths.addObject().put("_path", path).put("path_type", "hardlink");
  }

  /** Returns what {@code paths.json} will say of the path that was added last. */
  ObjectNode lastClaim() {
    return (ObjectNode) paths.get(paths.size() - 1);
  }

  TestPackage withoutPathsJson() {
    withPathsJson = false;
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new BZip2CompressorOutputStream(bytes), "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Entry entry : entries) {
        put(tar, entry);
      }
      put(tar, info("info/index.json", index.toString()));
      if (withPathsJson) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.set("paths", paths);
        put(tar, info("info/paths.json", json.put("paths_version", 1).toString()));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static Entry info(String path, String text) {
    return new Entry(path, TarConstants.LF_NORMAL, text, "", 0644, TIME);
  }

  private static void put(TarArchiveOutputStream tar, Entry entry) throws IOException {
    TarArchiveEntry header = new TarArchiveEntry(entry.path, entry.type);
    header.setMode(entry.mode);
    header.setModTime(Date.from(entry.time));
    header.setLinkName(entry.link);
    byte[] content = entry.content.getBytes(StandardCharsets.UTF_8);
    header.setSize(content.length);
    tar.putArchiveEntry(header);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  String fileName() {
    return name + "-1.0-0.tar.bz2";
  }

  /** Returns a record without hashes of a package that lies behind a URL. */
  PackageRecord.Builder recordAt(String url) {
    return PackageRecord.builder(name, "1.0", "0").fileName(fileName()).url(url);
  }

  /** Returns the record of these bytes, behind a URL. */
  PackageRecord record(String url) {
    byte[] bytes = bytes();
    return recordAt(url).sha256(sha256(bytes)).size(bytes.length).build();
  }

  /** Writes the archive to a folder and returns its record. */
  PackageRecord in(Path folder) throws IOException {
    Path archive = Files.write(folder.resolve(fileName()), bytes());
    return record(archive.toUri().toString());
  }

  static String sha256(byte[] bytes) {
    MessageDigest digest = Hashes.sha256();
    digest.update(bytes);
    return Hashes.hex(digest);
  }

  static String md5(byte[] bytes) {
    MessageDigest digest = Hashes.md5();
    digest.update(bytes);
    return Hashes.hex(digest);
  }
}
