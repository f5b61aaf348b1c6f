package io.jconda.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.PackageRecord;
import io.jconda.spec.Platform;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualPackagesTest {
  /** A Linux machine with a card. */
  private static final class FixedHost extends HostFacts {
    private final Platform platform;
    private Optional<String> glibc = Optional.of("2.36");
    private Optional<String> cuda = Optional.empty();

    FixedHost(Platform platform) {
      this.platform = platform;
    }

    @Override
    Optional<Platform> platform() {
      return Optional.of(platform);
    }

    @Override
    Optional<String> linux() {
      return Optional.of("6.1.0");
    }

    @Override
    Optional<String> glibc() {
      return glibc;
    }

    @Override
    Optional<String> osx() {
      return Optional.of("14.5");
    }

    @Override
    Optional<String> windows() {
      return Optional.of("10.0.22631");
    }

    @Override
    Optional<String> cuda() {
      return cuda;
    }

    @Override
    Optional<String> cudaArch() {
      return Optional.of("8.6");
    }

    @Override
    Optional<String> microArchitecture() {
      return Optional.of("x86_64_v3");
    }
  }

  private final FixedHost linux = new FixedHost(Platform.LINUX_64);

  private static Map<String, String> detect(
      Platform target, Map<String, String> environment, HostFacts host) {
    return VirtualPackages.detect(target, environment, host).stream()
        .collect(
            Collectors.toMap(
                PackageRecord::name, record -> record.version() + "=" + record.build()));
  }

  private Map<String, String> onLinux(Map<String, String> environment) {
    return detect(Platform.LINUX_64, environment, linux);
  }

  @Test
  void aLinuxMachineTellsWhatItIs() {
    assertThat(onLinux(Map.of()))
        .isEqualTo(
            Map.of(
                "__archspec", "1=x86_64_v3",
                "__unix", "0=0",
                "__linux", "6.1.0=0",
                "__glibc", "2.36=0"));
  }

  @Test
  void anotherPlatformGetsDefaults() {
    assertThat(detect(Platform.LINUX_AARCH64, Map.of(), linux))
        .isEqualTo(
            Map.of(
                "__archspec", "1=aarch64",
                "__unix", "0=0",
                "__linux", "5.10=0",
                "__glibc", "2.17=0"));
    assertThat(detect(Platform.OSX_64, Map.of(), linux))
        .isEqualTo(Map.of("__archspec", "1=x86_64", "__unix", "0=0", "__osx", "0=0"));
    assertThat(detect(Platform.WIN_64, Map.of(), linux))
        .isEqualTo(Map.of("__archspec", "1=x86_64", "__win", "10.0.0=0"));
  }

  @Test
  void macAndWindowsTellTheirVersions() {
    assertThat(detect(Platform.OSX_ARM64, Map.of(), new FixedHost(Platform.OSX_ARM64)))
        .containsEntry("__osx", "14.5=0")
        .containsEntry("__archspec", "1=x86_64_v3")
        .doesNotContainKeys("__glibc", "__linux", "__win");
    assertThat(detect(Platform.WIN_64, Map.of(), new FixedHost(Platform.WIN_64)))
        .containsEntry("__win", "10.0.22631=0")
        .doesNotContainKey("__unix");
  }

  @Test
  void aProcessorThatArchspecDoesNotNameIsTheSecondHalfOfThePlatform() {
    assertThat(detect(Platform.LINUX_S390X, Map.of(), linux))
        .containsEntry("__archspec", "0=s390x");
  }

  @Test
  void overridesWin() {
    assertThat(
            onLinux(
                Map.of(
                    "CONDA_OVERRIDE_GLIBC", "2.28",
                    "CONDA_OVERRIDE_LINUX", "5.4",
                    "CONDA_OVERRIDE_ARCHSPEC", "zen3",
                    "CONDA_OVERRIDE_CUDA", "12.4",
                    "CONDA_OVERRIDE_UNIX", "7")))
        .isEqualTo(
            Map.of(
                "__archspec", "1=zen3",
                "__cuda", "12.4=0",
                "__cuda_arch", "8.6=0",
                "__unix", "0=0",
                "__linux", "5.4=0",
                "__glibc", "2.28=0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "five", "5", "5.4-custom", "1.2.3.4.5"})
  void aMalformedKernelVersionCountsForNothing(String value) {
    assertThat(onLinux(Map.of("CONDA_OVERRIDE_LINUX", value))).containsEntry("__linux", "6.1.0=0");
  }

  @Test
  void overridesOfAnotherPlatformCountForNothing() {
    assertThat(onLinux(Map.of("CONDA_OVERRIDE_OSX", "11.0", "CONDA_OVERRIDE_WIN", "10.0.1")))
        .doesNotContainKeys("__osx", "__win");
  }

  @Test
  void anOverrideServesAnotherPlatformThanTheHosts() {
    assertThat(detect(Platform.OSX_ARM64, Map.of("CONDA_OVERRIDE_OSX", "11.0"), linux))
        .containsEntry("__osx", "11.0=0");
  }

  @Test
  void cudaIsThereIfTheDriverIs() {
    linux.cuda = Optional.of("12.2");
    assertThat(onLinux(Map.of()))
        .containsEntry("__cuda", "12.2=0")
        .containsEntry("__cuda_arch", "8.6=0");
  }

  @Test
  void anEmptyOverrideHidesCudaAndItsArchitecture() {
    linux.cuda = Optional.of("12.2");
    assertThat(onLinux(Map.of("CONDA_OVERRIDE_CUDA", "")))
        .doesNotContainKeys("__cuda", "__cuda_arch");
    assertThat(onLinux(Map.of("CONDA_OVERRIDE_CUDA_ARCH", "")))
        .containsKey("__cuda")
        .doesNotContainKey("__cuda_arch");
  }

  @Test
  void withoutCudaThereIsNoArchitecture() {
    assertThat(onLinux(Map.of("CONDA_OVERRIDE_CUDA_ARCH", "9.0"))).doesNotContainKey("__cuda_arch");
  }

  @ParameterizedTest
  @CsvSource({"9.0,9.0=0", "12.0,12.0=0", "9.0a,8.6=0", "9.0=H100,8.6=0", "9,8.6=0", "nine,8.6=0"})
  void theArchitecturesOverrideIsOneCapabilityAndTheBuildIsNothing(String value, String expected) {
    assertThat(onLinux(Map.of("CONDA_OVERRIDE_CUDA", "12", "CONDA_OVERRIDE_CUDA_ARCH", value)))
        .containsEntry("__cuda_arch", expected);
  }

  @Test
  void anArchitectureCanBeGivenForAnotherPlatformWithItsCuda() {
    assertThat(
            detect(
                Platform.WIN_64,
                Map.of("CONDA_OVERRIDE_CUDA", "12.4", "CONDA_OVERRIDE_CUDA_ARCH", "8.0"),
                linux))
        .containsEntry("__cuda", "12.4=0")
        .containsEntry("__cuda_arch", "8.0=0");
    assertThat(detect(Platform.WIN_64, Map.of("CONDA_OVERRIDE_CUDA", "12.4"), linux))
        .containsKey("__cuda")
        .doesNotContainKey("__cuda_arch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "x86-64", "a b", "\u00e4"})
  void aMicroArchitectureThatIsNoBuildStringCountsForNothing(String value) {
    assertThat(onLinux(Map.of("CONDA_OVERRIDE_ARCHSPEC", value)))
        .containsEntry("__archspec", "1=x86_64_v3");
    assertThat(onLinux(Map.of("CONDA_OVERRIDE_ARCHSPEC", "a".repeat(65))))
        .containsEntry("__archspec", "1=x86_64_v3");
  }

  @ParameterizedTest
  @CsvSource({
    "LINUX_32,1=x86",
    "FREEBSD_64,1=x86_64",
    "LINUX_AARCH64,1=aarch64",
    "OSX_ARM64,1=aarch64",
    "WIN_ARM64,1=aarch64",
    "LINUX_PPC64,1=ppc64",
    "LINUX_PPC64LE,1=ppc64le",
    "LINUX_RISCV64,1=riscv64",
    "LINUX_ARMV6L,0=armv6l",
    "LINUX_ARMV7L,0=armv7l",
    "LINUX_S390X,0=s390x",
    "EMSCRIPTEN_WASM32,0=wasm32",
    "ZOS_Z,0=z",
  })
  void anotherPlatformsProcessorIsTheLeastOfItsKind(Platform target, String expected) {
    assertThat(detect(target, Map.of(), linux)).containsEntry("__archspec", expected);
  }

  @ParameterizedTest
  @CsvSource({
    "LINUX_AARCH64,true",
    "OSX_64,true",
    "FREEBSD_64,true",
    "EMSCRIPTEN_WASM32,true",
    "WIN_64,false",
    "WASI_WASM32,false",
  })
  void unixIsThereWithoutVersionOnItsPlatforms(Platform target, boolean expected) {
    assertThat(detect(target, Map.of("CONDA_OVERRIDE_UNIX", "1"), linux))
        .satisfies(
            found -> {
              if (expected) {
                assertThat(found).containsEntry("__unix", "0=0");
              } else {
                assertThat(found).doesNotContainKey("__unix");
              }
            });
  }

  @Test
  void aLinuxWithMuslHasNoGlibc() {
    linux.glibc = Optional.of("none");
    assertThat(onLinux(Map.of())).doesNotContainKey("__glibc");
  }

  @Test
  void aGlibcThatCannotBeFoundIsTheDefault() {
    linux.glibc = Optional.empty();
    assertThat(onLinux(Map.of())).containsEntry("__glibc", "2.17=0");
  }

  private static Optional<String> glibcOf(String library) {
    return HostFacts.glibcOfBanner(library.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void theBannerOfAGlibcIsRead() {
    String banner = "GNU C Library (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.\n";
    assertThat(glibcOf("\0\1" + banner)).contains("2.36");
    assertThat(glibcOf("\0no banner of the GNU C Library\0" + banner)).contains("2.36");
    assertThat(glibcOf("musl libc (x86_64)")).isEmpty();
  }

  @Test
  void thisMachineIsTold() {
    assertThat(VirtualPackages.detect(Platform.current(), Map.of()))
        .extracting(PackageRecord::name)
        .contains("__archspec")
        .containsAnyOf("__unix", "__win");
  }
}
