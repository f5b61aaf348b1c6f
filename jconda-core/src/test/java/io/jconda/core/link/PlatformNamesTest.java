package io.jconda.core.link;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.InstallException;
import io.jconda.spec.Platform;
import org.junit.jupiter.api.Test;

/** Tries names that no builder of packages writes, but an archive can hold. */
class PlatformNamesTest {
  private static final PlatformNames WINDOWS = new PlatformNames(Platform.WIN_64);

  @Test
  void aBackslashPartsNamesOnWindowsAndIsRefused() {
    assertThatThrownBy(() -> WINDOWS.check("share/a\\b", "evil 1 0"))
        .isInstanceOf(InstallException.class)
        .hasMessageContainingAll("evil 1 0", "share/a\\b", "Windows");
  }

  @Test
  void aControlCharacterIsRefusedOnWindowsAndNotPrinted() {
    assertThatThrownBy(() -> WINDOWS.check("share/bell\u0007", "evil 1 0"))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("'share/bell?'");
  }

  @Test
  void aDeviceOfTheConsoleIsRefusedOnWindows() {
    assertThatThrownBy(() -> WINDOWS.check("CONOUT$", "evil 1 0"))
        .isInstanceOf(InstallException.class);
  }

  @Test
  void namesBelongToThePlatformOfThePrefix() {
    PlatformNames linux = new PlatformNames(Platform.LINUX_64);
    assertThatNoException().isThrownBy(() -> linux.check("share/a\\b:aux", "odd 1 0"));
  }
}
