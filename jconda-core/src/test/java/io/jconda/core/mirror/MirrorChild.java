package io.jconda.core.mirror;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.core.host.Disk;
import io.jconda.core.host.FaultyDisk;
import io.jconda.core.host.FaultyDisk.Fault;
import io.jconda.core.net.Network;
import io.jconda.core.net.NetworkSettings;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Is what another JVM runs that is to be ended in the middle of a copy. */
final class MirrorChild {
  private MirrorChild() {}

  /**
   * Copies all of a source: its folder, its URL, the mirror, and the operation of the disk at which
   * to halt, 0 for none.
   */
  public static void main(String[] arguments) throws IOException {
    int operation = Integer.parseInt(arguments[3]);
    Disk disk = operation == 0 ? Disk.real() : FaultyDisk.failingAt(operation, Fault.HALT);
    copy(Path.of(arguments[0]), arguments[1], Path.of(arguments[2]), disk);
    System.exit(0);
  }

  static void copy(Path source, String url, Path mirror, Disk disk) throws IOException {
    try (Network network = new Network(NetworkSettings.defaults())) {
      List<PackageRecord> records = records(source, url, List.of("noarch", "linux-64"));
      new Mirror(mirror, disk, network)
          .copy(
              new Mirror.Wish(List.of(Platform.LINUX_64), records, false, Map::of),
              OperationContext.silent());
    }
  }

  /** Returns the records of a served channel. */
  static List<PackageRecord> records(Path source, String url, List<String> subdirs)
      throws IOException {
    List<PackageRecord> records = new ArrayList<>();
    for (String subdir : subdirs) {
      for (Map.Entry<String, ObjectNode> entry : SourceChannel.records(source, subdir).entrySet()) {
        ObjectNode json = entry.getValue();
        List<String> depends = new ArrayList<>();
        json.path("depends").forEach(text -> depends.add(text.asText()));
        records.add(
            PackageRecord.builder(
                    json.path("name").asText(),
                    json.path("version").asText(),
                    json.path("build").asText())
                .subdir(subdir)
                .channel(url)
                .fileName(entry.getKey())
                .url(url + "/" + subdir + "/" + entry.getKey())
                .depends(depends)
                .sha256(json.path("sha256").asText())
                .md5(json.path("md5").asText())
                .size(json.path("size").asLong())
                .build());
      }
    }
    return records;
  }
}
