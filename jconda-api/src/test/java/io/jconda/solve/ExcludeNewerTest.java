package io.jconda.solve;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.Channel;
import io.jconda.spec.PackageRecord;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ExcludeNewerTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static PackageRecord.Builder numpy() {
    return PackageRecord.builder("numpy", "2.0", "0").channel("https://example.org/conda-forge");
  }

  private static PackageRecord at(Instant time) {
    return numpy().timestamp(time).build();
  }

  @Test
  void whatIsExactlyAsOldStays() {
    ExcludeNewer limit = ExcludeNewer.than(NOON);
    assertThat(limit.excludes(at(NOON))).isFalse();
    assertThat(limit.excludes(at(NOON.plusMillis(1)))).isTrue();
    assertThat(ExcludeNewer.nothing().excludes(at(Instant.MAX))).isFalse();
  }

  @Test
  void whatHasNoTimeIsShutOutUnlessItIsToStay() {
    ExcludeNewer limit = ExcludeNewer.than(NOON);
    assertThat(limit.excludes(numpy().build())).isTrue();
    assertThat(limit.keepUndated(true).excludes(numpy().build())).isFalse();
    assertThat(ExcludeNewer.nothing().excludes(numpy().build())).isFalse();
  }

  @Test
  void theTimeOfIndexingCountsBeforeThatOfBuilding() {
    PackageRecord late = numpy().timestamp(NOON).indexedTimestamp(NOON.plusMillis(1)).build();
    assertThat(ExcludeNewer.than(NOON).excludes(late)).isTrue();
  }

  @Test
  void aChannelIsKnownByItsNameAsByItsUrl() {
    PackageRecord late = at(NOON.plusSeconds(60));
    ExcludeNewer limit = ExcludeNewer.than(NOON);
    assertThat(limit.inChannel(Channel.of("conda-forge"), Instant.MAX).excludes(late)).isFalse();
    assertThat(
            limit
                .inChannel(Channel.of("https://example.org/conda-forge"), Instant.MAX)
                .excludes(late))
        .isFalse();
    assertThat(limit.inChannel(Channel.of("bioconda"), Instant.MAX).excludes(late)).isTrue();
  }

  @Test
  void theTimeOfAPackageCountsFirst() {
    ExcludeNewer limit =
        ExcludeNewer.nothing()
            .inChannel(Channel.of("conda-forge"), Instant.MAX)
            .ofPackage("NumPy", NOON);
    assertThat(limit.excludes(at(NOON.plusMillis(1)))).isTrue();
    assertThat(limit)
        .isEqualTo(
            ExcludeNewer.nothing()
                .ofPackage("numpy", NOON)
                .inChannel(Channel.CONDA_FORGE, Instant.MAX));
  }
}
