package io.jconda.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the program is a shell script")
class CudaFactsTest {
  @TempDir Path folder;

  private Path program(String script) throws IOException {
    Path program = folder.resolve("nvidia-smi");
    Files.writeString(program, "#!/bin/sh\n" + script);
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private CudaFacts answering(String script) throws IOException {
    return new CudaFacts(List.of(program(script).toString()));
  }

  @Test
  void versionAndLowestCapabilityAreAskedForInTheDriversOwnWay() throws IOException {
    CudaFacts cuda =
        answering(
            """
            case "$*" in
              "-q -x") echo '<?xml version="1.0" ?>
            <!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
            <nvidia_smi_log><driver_version>535.86.05</driver_version>
              <cuda_version>12.2</cuda_version></nvidia_smi_log>' ;;
              "--query-gpu=compute_cap --format=csv,noheader") echo 9.0; echo 7.5; echo 10.0 ;;
              *) exit 2 ;;
            esac
            """);

    assertThat(cuda.version()).contains("12.2");
    assertThat(cuda.lowestCapability()).contains("7.5");
  }

  @Test
  void anAnswerThatFillsThePipeIsReadToItsEnd() throws IOException {
    CudaFacts cuda =
        answering(
            """
            i=0; line=$(printf '%01000d' 0)
            while [ $i -lt 300 ]; do echo "<gpu>$line</gpu>"; i=$((i+1)); done
            echo '<cuda_version>12.8</cuda_version>'
            """);

    assertThat(cuda.version()).contains("12.8");
  }

  @Test
  void oneThatFailsAfterItsAnswerHasAnswered() throws IOException {
    assertThat(answering("echo '<cuda_version>11.4</cuda_version>'; exit 14").version())
        .contains("11.4");
  }

  @Test
  void oneThatHangsIsGivenUpAfterTwoSeconds() throws IOException {
    CudaFacts cuda =
        answering("echo '<cuda_version>11.4</cuda_version>'\nexec sleep 60 >/dev/null\n");

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(cuda.version()).isEmpty());
  }

  @Test
  void aChildThatKeepsThePipeOpenHoldsNobodyUp() throws IOException {
    CudaFacts cuda = answering("sleep 30 &\necho '<cuda_version>11.4</cuda_version>'\n");

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(cuda.version()).contains("11.4"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "echo 'NVIDIA-SMI has failed'; exit 9",
        "head -c 100000 /dev/zero",
        "printf '\\377\\376<cuda_version></cuda_version>'",
        "echo '<cuda_version>N/A</cuda_version>'",
        "echo '<cuda_version>12'",
      })
  void oneThatTellsNoVersionTellsOfNoCuda(String script) throws IOException {
    CudaFacts cuda = answering(script);

    assertThat(cuda.version()).isEmpty();
    assertThat(cuda.lowestCapability()).isEmpty();
  }

  @Test
  void oneThatNeverStopsPrintingIsStopped() throws IOException {
    CudaFacts cuda = answering("exec cat /dev/zero");

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(cuda.version()).isEmpty());
  }

  @Test
  void withoutTheProgramThereIsNoCudaAndASecondPlaceIsLookedAt() throws IOException {
    String nowhere = folder.resolve("nowhere").toString();
    String there = program("echo '<cuda_version>12.4</cuda_version>'").toString();

    assertThat(new CudaFacts(List.of(nowhere)).version()).isEmpty();
    assertThat(new CudaFacts(List.of(nowhere, there)).version()).contains("12.4");
  }

  @Test
  void theHostAsksEachThingOnce() throws IOException {
    Path log = folder.resolve("asked");
    HostFacts host =
        new HostFacts(
            answering(
                "echo \"$1\" >> '"
                    + log
                    + "'; echo '<cuda_version>12.4</cuda_version>'; echo 8.9"));

    assertThat(List.of(host.cuda(), host.cuda(), host.cudaArch(), host.cudaArch()))
        .extracting(fact -> fact.orElse("nothing"))
        .containsExactly("12.4", "12.4", "8.9", "8.9");
    assertThat(log).content().isEqualTo("-q\n--query-gpu=compute_cap\n");
  }

  @ParameterizedTest
  @CsvSource({
    "<cuda_version>13.0</cuda_version>,13.0",
    "<cuda_version> 12.8 </cuda_version>,12.8",
    "<cuda_version>12.8.1</cuda_version>,12.8",
    "<cuda_umd_version>13.3</cuda_umd_version>,13.3",
    "<cuda_version>Deprecated</cuda_version><cuda_umd_version>14.0</cuda_umd_version>,14.0",
  })
  void theVersionIsMajorAndMinorUnderTheOldNameAndTheNew(String answer, String expected) {
    assertThat(CudaFacts.versionOf(answer)).contains(expected);
  }

  @Test
  void cardsThatTellNoCapabilityDoNotCount() {
    assertThat(CudaFacts.lowestCapabilityOf("8.6\n[N/A]\n10.0\r\n8.10\nx.y\n")).contains("8.6");
    assertThat(CudaFacts.lowestCapabilityOf("[N/A]\nNo devices were found\n")).isEmpty();
  }
}
