package io.jconda.core.repodata;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.IntegrityException;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes the record of a package of what the package says of itself, for packages that come without
 * an index. It is checked as a record of an index is.
 */
public final class PackagedRecord {
  private PackagedRecord() {}

  /**
   * Makes a record.
   *
   * @param indexJson the text of the package's {@code info/index.json}
   * @param fileName the archive's name
   * @param channel the channel that it is said to be of
   * @param subdir the subdir that it is said to be in; empty for what the package itself says
   * @param url where the archive is, without secrets
   * @throws IntegrityException if it is no record, or is not what the archive's name says
   */
  public static PackageRecord of(
      String indexJson, String fileName, String channel, String subdir, String url) {
    byte[] json = indexJson.getBytes(StandardCharsets.UTF_8);
    IndexEntry entry = new IndexEntry(fileName, json, 0, json.length);
    PackageRecord record;
    try {
      String place = subdir.isEmpty() ? subdirOf(json) : subdir;
      record = RecordParser.parse(entry, channel, place, ignored -> url);
    } catch (RecordParser.BadRecordException e) {
      throw refuse(fileName, String.valueOf(e.getMessage()), e);
    }
    if (!fileName.startsWith(record.distName() + ".")) {
      throw refuse(fileName, "it says of itself that it is " + record.distName(), null);
    }
    return record;
  }

  /** Old packages for every platform do not say so. */
  private static String subdirOf(byte[] json) {
    try {
      return new ObjectMapper().readTree(json).path("subdir").asText(Platform.NOARCH.subdir());
    } catch (IOException e) {
      // the parser of records says better what is wrong with it
      return Platform.NOARCH.subdir();
    }
  }

  private static IntegrityException refuse(String fileName, String why, @Nullable Exception cause) {
    return new IntegrityException(
        "The package %s cannot be used: %s.".formatted(fileName, why),
        "Call it as it calls itself, name-version-build, or ask who made it for a sound one.",
        cause);
  }
}
