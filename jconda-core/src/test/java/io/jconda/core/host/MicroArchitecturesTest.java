package io.jconda.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.host.MicroArchitectures.MicroArchitecture;
import io.jconda.spec.Platform;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MicroArchitecturesTest {
  private static final String V2 = "mmx sse sse2 cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3 ";
  private static final String V3 = V2 + "avx avx2 bmi1 bmi2 f16c fma abm movbe xsave ";
  private static final String SKYLAKE =
      V3 + "pclmulqdq aes rdrand rdseed adx clflushopt xsavec xsaveopt ";

  private static String linux(Platform platform, String cpuInfo) {
    return HostFacts.microArchitectureOf(
        platform, HostFacts.family(platform).orElseThrow(), cpuInfo);
  }

  private static String x86(String vendor, String flags) {
    return linux(
        Platform.LINUX_64,
        "processor\t: 0\nvendor_id\t: " + vendor + "\nflags\t\t: " + flags + "\n\nflags : none\n");
  }

  private static String mac(Platform platform, String answer) {
    return HostFacts.microArchitectureOf(
        platform, HostFacts.family(platform).orElseThrow(), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "AnyVendor,lm mmx sse sse2,x86_64",
    "AnyVendor," + V2 + ",x86_64_v2",
    "AnyVendor," + V3 + ",x86_64_v3",
    "AnyVendor," + V3 + "avx512f avx512bw avx512cd avx512dq avx512vl,x86_64_v4",
    "AnyVendor,avx avx2 bmi1 bmi2 f16c fma abm movbe xsave,x86_64",
  })
  void aVendorThatNobodyKnowsHasTheLevelThatItsFeaturesReach(
      String vendor, String flags, String expected) {
    assertThat(x86(vendor, flags)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "GenuineIntel," + SKYLAKE + ",skylake",
    "GenuineIntel,mmx sse sse2 ssse3,core2",
    "AuthenticAMD," + SKYLAKE + "sse4a fsgsbase clzero,zen",
    "AuthenticAMD," + SKYLAKE + "sse4a fsgsbase clzero clwb pku vaes vpclmulqdq,zen3",
    "GenuineIntel," + SKYLAKE + "sse4a fsgsbase clzero clwb pku vaes vpclmulqdq,skylake",
  })
  void anX86ProcessorIsTheNewestOfItsVendorAllOfWhoseFeaturesItHas(
      String vendor, String flags, String expected) {
    assertThat(x86(vendor, flags)).isEqualTo(expected);
  }

  @Test
  void aProcessorWithoutOneFeatureOfItsKindIsStillAsGoodAsItsLevel() {
    // without aes not even westmere is left, which is less than the level
    assertThat(x86("GenuineIntel", SKYLAKE.replace("aes ", ""))).isEqualTo("x86_64_v3");
  }

  @ParameterizedTest
  @CsvSource({
    "0x41,0xd0c,neoverse_n1",
    "0x41,0xd08,cortex_a72",
    "0x41,0xd99,neoverse_n1",
    "0x43,0x0af,thunderx2",
    "0x61,0x022,aarch64",
    "0x99,0xd0c,aarch64",
  })
  void anArmIsToldByVendorPartAndFeatures(String implementer, String part, String expected) {
    assertThat(
            linux(
                Platform.LINUX_AARCH64,
                """
                processor : 0
                Features : fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid \
                asimdrdm lrcpc dcpop asimddp ssbs
                CPU implementer : %s
                CPU part : %s
                """
                    .formatted(implementer, part)))
        .isEqualTo(expected);
  }

  @Test
  void anArmThatTellsNothingIsGeneric() {
    assertThat(linux(Platform.LINUX_AARCH64, "processor : 0\n")).isEqualTo("aarch64");
  }

  @ParameterizedTest
  @CsvSource({
    "'POWER9, altivec supported',power9le",
    "POWER8E (raw),power8le",
    "POWER11 (architected),power10le",
    "POWER7,ppc64le",
    "Intel(R) Xeon(R),ppc64le",
  })
  void aPowerIsToldByItsGeneration(String cpu, String expected) {
    assertThat(linux(Platform.LINUX_PPC64LE, "processor : 0\ncpu : " + cpu + "\n"))
        .isEqualTo(expected);
    assertThat(linux(Platform.LINUX_PPC64, "processor : 0\ncpu : POWER7\n")).isEqualTo("power7");
  }

  @ParameterizedTest
  @CsvSource({
    "'uarch : sifive,u74-mc',u74mc",
    "'uarch : spacemit,x60',x60",
    "model name : Spacemit(R) X60,x60",
    "'uarch : thead,c910',riscv64",
    "isa : rv64imafdc,riscv64",
  })
  void aRiscIsToldByItsModel(String line, String expected) {
    assertThat(linux(Platform.LINUX_RISCV64, "processor : 0\n" + line + "\n")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Apple M1,m1",
    "Apple M2 Pro,m2",
    "Apple M3 Max,m3",
    "Apple M4,m4",
    "Apple M17 Ultra,m4",
    "Apple processor,m1",
    "Apple silicon,aarch64",
    "Some Arm,aarch64",
  })
  void anAppleIsToldByItsBrandAndANewerOneIsTheNewestThatIsKnown(String brand, String expected) {
    assertThat(mac(Platform.OSX_ARM64, "machdep.cpu.brand_string: " + brand + "\n"))
        .isEqualTo(expected);
  }

  private static final String MAC_FEATURES =
      """
      machdep.cpu.vendor: GenuineIntel
      machdep.cpu.features: FPU MMX SSE SSE2 SSE3 PCLMULQDQ SSSE3 FMA CX16 SSE4.1 SSE4.2 MOVBE \
      POPCNT AES XSAVE AVX1.0 RDRAND F16C
      machdep.cpu.leaf7_features: BMI1 AVX2 BMI2 %s
      machdep.cpu.extfeatures: SYSCALL EM64T LAHF LZCNT
      """;

  @ParameterizedTest
  @CsvSource({
    "'',Intel(R) Core(TM) i7,haswell",
    "RDSEED ADX,Intel(R) Core(TM) i7,broadwell",
    "RDSEED ADX CLFSOPT,Intel(R) Core(TM) i7,skylake",
    "'',VirtualApple @ 2.50GHz,x86_64_v3",
  })
  void aMacWithIntelIsToldByItsFeaturesAndAppleInDisguiseByItsLevel(
      String more, String brand, String expected) {
    assertThat(
            mac(
                Platform.OSX_64,
                "machdep.cpu.brand_string: " + brand + "\n" + MAC_FEATURES.formatted(more)))
        .isEqualTo(expected);
  }

  @Test
  void whatIsReadIsOfThePlatformsFamilyWhateverTheTextSays() {
    assertThat(linux(Platform.LINUX_64, "")).isEqualTo("x86_64");
    assertThat(linux(Platform.LINUX_64, ":::\n\0\n flags")).isEqualTo("x86_64");
    assertThat(linux(Platform.LINUX_32, "flags : mmx sse\n")).isEqualTo("x86");
    assertThat(mac(Platform.OSX_64, "")).isEqualTo("x86_64");
    assertThat(mac(Platform.OSX_ARM64, "")).isEqualTo("aarch64");
    assertThat(HostFacts.family(Platform.LINUX_S390X)).isEqualTo(Optional.empty());
  }

  @Test
  void everyMicroArchitectureIsToldFromWhatItHasItselfButForTheVersionsOfArm() {
    MicroArchitectures known = MicroArchitectures.known();
    assertThat(known.all()).hasSize(78);
    for (String family : List.of("x86_64", "aarch64", "ppc64", "ppc64le", "riscv64")) {
      for (MicroArchitecture one : known.all()) {
        if (one.is(family)) {
          String model = Set.of("u74mc", "x60", "m3", "m4").contains(one.name()) ? one.name() : "";
          Processor processor =
              new Processor(one.vendor(), one.features(), model, one.part(), one.generation());
          assertThat(known.best(family, processor))
              .isEqualTo(one.name().startsWith("armv") ? "aarch64" : one.name());
        }
      }
    }
  }
}
