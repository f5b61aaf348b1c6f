package io.jconda.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InvalidSpecException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SolveOptionsTest {
  private static final SolveOptions DEFAULTS = SolveOptions.defaults();

  @Test
  void eachSetterChangesItsOwnOptionAndNoOther() {
    SolveOptions all =
        DEFAULTS
            .exclude("openssl <3", "policy")
            .override("numpy>=1.26")
            .excludeNewer(ExcludeNewer.than(Instant.EPOCH))
            .freezeInstalled(true)
            .dependencies(Dependencies.ONLY)
            .strategy(SolveStrategy.LOWEST)
            .channelPriority(ChannelPriority.FLEXIBLE);
    assertThat(all.exclusions()).hasSize(1);
    assertThat(all.overrides()).hasSize(1);
    assertThat(all.excludeNewer().cutoff()).contains(Instant.EPOCH);
    assertThat(all.freezesInstalled()).isTrue();
    assertThat(all.dependencies()).isEqualTo(Dependencies.ONLY);
    assertThat(all.strategy()).isEqualTo(SolveStrategy.LOWEST);
    assertThat(all.channelPriority()).isEqualTo(ChannelPriority.FLEXIBLE);
    assertThat(all).isNotEqualTo(DEFAULTS);
    assertThat(DEFAULTS.exclusions()).isEmpty();
  }

  @Test
  void exclusionsAndOverridesAddUp() {
    assertThat(DEFAULTS.exclude("a", "x").exclude("b", "y").exclusions()).hasSize(2);
    assertThat(DEFAULTS.override("a").override("c", "b").overrides()).hasSize(2);
  }

  @Test
  void refusesSpecsThatCannotBeRead() {
    assertThatThrownBy(() -> DEFAULTS.exclude("a >=", "x"))
        .isInstanceOf(InvalidSpecException.class);
    assertThatThrownBy(() -> DEFAULTS.override("a >=")).isInstanceOf(InvalidSpecException.class);
  }

  @Test
  void refusesAnOverrideThatNamesNoSinglePackage() {
    assertThatThrownBy(() -> DEFAULTS.override("py*"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("names no single package");
  }
}
