package io.jconda.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.PackageRecord;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArchiveStreamTest {
  private static final PackageRecord RECORD =
      PackageRecord.builder("a", "1", "0").fileName("a-1-0.conda").url("file:///a").build();

  @Test
  void whateverPiecesComeEveryByteIsHashedOnceAndHandedOn() throws IOException {
    byte[] archive = new byte[300_000];
    new Random(20261125).nextBytes(archive);
    InputStream inPieces =
        new FilterInputStream(new ByteArrayInputStream(archive)) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            return super.read(buffer, offset, Math.min(length, 777));
          }
        };
    List<Long> counts = new ArrayList<>();
    try (Turns.Turn turn = new Turns(1).begin();
        ArchiveStream stream =
            new ArchiveStream(
                inPieces, RECORD, OutputStream.nullOutputStream(), turn, counts::add)) {
      assertThat(stream.readAllBytes()).isEqualTo(archive);
      assertThat(stream.read(new byte[10], 0, 10)).isEqualTo(-1);

      assertThat(stream.digest())
          .isEqualTo(new ArchiveStream.Digest(TestPackage.sha256(archive), archive.length));
    }
    assertThat(counts).isSorted().endsWith(300_000L);
  }
}
