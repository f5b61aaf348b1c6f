package io.jconda.core.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipOutputTest {
  @Test
  void anotherReaderUnderstandsPlainAndLargeMembers(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("x.zip");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ZipOutput zip = new ZipOutput(channel);
      zip.member("plain", false, out -> out.write(new byte[] {1, 2, 3}));
      zip.member("large", true, out -> out.write(7));
      zip.finish();
    }

    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.getInputStream(zip.getEntry("plain")).readAllBytes()).containsExactly(1, 2, 3);
      assertThat(zip.getInputStream(zip.getEntry("large")).readAllBytes()).containsExactly(7);
    }
    try (InputStream in = Files.newInputStream(file)) {
      ZipMembers members = new ZipMembers(in);
      assertThat(members.next().orElseThrow().content().readAllBytes()).containsExactly(1, 2, 3);
      assertThat(members.next().orElseThrow().content().readAllBytes()).containsExactly(7);
      assertThat(members.next()).isEmpty();
    }
  }
}
