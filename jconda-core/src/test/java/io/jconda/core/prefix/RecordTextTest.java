package io.jconda.core.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in a record that JConda writes, to the letter. */
class RecordTextTest {
  private static final String CHANNEL = "https://conda.anaconda.org/conda-forge";

  private static JsonNode json(InstalledPackage installed) throws Exception {
    return new ObjectMapper().readTree(installed.toJson());
  }

  private static PackageRecord.Builder tool() {
    return PackageRecord.builder("tool", "1.2", "h1_3").buildNumber(3).subdir("linux-64");
  }

  @Test
  void aRecordHoldsEveryFieldOfItsSpecificationInTheOrderOfTheirNames() {
    PackageRecord record =
        tool()
            .channel(CHANNEL)
            .fileName("tool-1.2-h1_3.conda")
            .url(CHANNEL + "/linux-64/tool-1.2-h1_3.conda")
            .depends(List.of("libc >=2", "python"))
            .constrains(List.of("other <2"))
            .md5("d".repeat(32))
            .sha256("e".repeat(64))
            .size(1234)
            .license("MIT")
            .licenseFamily("MIT")
            .timestamp(Instant.ofEpochMilli(1700000000123L))
            .trackFeatures(List.of("one", "two"))
            .build();
    InstalledPackage installed =
        InstalledPackage.builder(record)
            .paths(
                List.of(
                    PrefixPath.builder("bin/tool", PathType.HARDLINK)
                        .placeholder("/opt/x", false)
                        .sha256("a".repeat(64))
                        .sha256InPrefix("b".repeat(64))
                        .size(17)
                        .build(),
                    PrefixPath.builder("lib/own.so", PathType.HARDLINK).noLink(true).build(),
                    PrefixPath.builder("lib/tool.so", PathType.SOFTLINK)
                        .sha256("c".repeat(64))
                        .size(5)
                        .build()))
            .linkType(LinkType.HARD)
            .requestedSpecs(List.of("tool >=1", "tool <2"))
            .build();

    assertThat(installed.toJson())
        .isEqualTo(
            """
            {
              "arch": "x86_64",
              "build": "h1_3",
              "build_number": 3,
              "channel": "https://conda.anaconda.org/conda-forge",
              "constrains": [
                "other <2"
              ],
              "depends": [
                "libc >=2",
                "python"
              ],
              "extracted_package_dir": "",
              "files": [
                "bin/tool",
                "lib/own.so",
                "lib/tool.so"
              ],
              "fn": "tool-1.2-h1_3.conda",
              "license": "MIT",
              "license_family": "MIT",
              "link": {
                "source": "",
                "type": 1
              },
              "md5": "%s",
              "name": "tool",
              "package_tarball_full_path": "",
              "paths_data": {
                "paths": [
                  {
                    "_path": "bin/tool",
                    "file_mode": "text",
                    "prefix_placeholder": "/opt/x",
                    "path_type": "hardlink",
                    "sha256": "%s",
                    "sha256_in_prefix": "%s",
                    "size_in_bytes": 17
                  },
                  {
                    "_path": "lib/own.so",
                    "no_link": true,
                    "path_type": "hardlink"
                  },
                  {
                    "_path": "lib/tool.so",
                    "path_type": "softlink",
                    "sha256": "%s",
                    "size_in_bytes": 5
                  }
                ],
                "paths_version": 1
              },
              "platform": "linux",
              "requested_spec": "tool[version='>=1,<2']",
              "requested_specs": [
                "tool >=1",
                "tool <2"
              ],
              "sha256": "%s",
              "size": 1234,
              "subdir": "linux-64",
              "timestamp": 1700000000123,
              "track_features": "one two",
              "url": "https://conda.anaconda.org/conda-forge/linux-64/tool-1.2-h1_3.conda",
              "version": "1.2"
            }
            """
                .formatted(
                    "d".repeat(32),
                    "a".repeat(64),
                    "b".repeat(64),
                    "c".repeat(64),
                    "e".repeat(64)));
  }

  @Test
  void aPackageThatNobodyAskedForSaysSoInBothForms() throws Exception {
    JsonNode json = json(InstalledPackage.builder(tool().build()).build());

    assertThat(json.path("requested_spec").isNull()).isTrue();
    assertThat(json.path("requested_specs").isArray()).isTrue();
    assertThat(json.path("requested_specs")).isEmpty();
    JsonNode asked =
        json(InstalledPackage.builder(tool().build()).requestedSpecs(List.of("tool")).build());
    assertThat(asked.path("requested_spec").asText()).isEqualTo("tool");
    assertThat(asked.path("requested_specs").get(0).asText()).isEqualTo("tool");
  }

  @ParameterizedTest
  @CsvSource({"HARD, 1", "SOFT, 2", "COPY, 3", "DIRECTORY, 4"})
  void theWayAPackageCameIsANumber(LinkType type, int number) throws Exception {
    InstalledPackage installed = InstalledPackage.builder(tool().build()).linkType(type).build();

    assertThat(json(installed).path("link").path("type").isInt()).isTrue();
    assertThat(json(installed).path("link").path("type").asInt()).isEqualTo(number);
    assertThat(LinkType.ofCode(number)).isEqualTo(type);
  }

  static Stream<Arguments> words() {
    return Map.of(
            PathType.HARDLINK, "hardlink",
            PathType.SOFTLINK, "softlink",
            PathType.DIRECTORY, "directory",
            PathType.PYC_FILE, "pyc_file",
            PathType.UNIX_PYTHON_ENTRY_POINT, "unix_python_entry_point",
            PathType.WINDOWS_PYTHON_ENTRY_POINT_SCRIPT, "windows_python_entry_point_script",
            PathType.WINDOWS_PYTHON_ENTRY_POINT_EXE, "windows_python_entry_point_exe",
            PathType.LINKED_PACKAGE_RECORD, "linked_package_record")
        .entrySet()
        .stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest
  @MethodSource("words")
  void everyKindOfPathHasItsWord(PathType type, String word) throws Exception {
    InstalledPackage installed =
        InstalledPackage.builder(tool().build())
            .paths(List.of(PrefixPath.builder("x", type).build()))
            .build();

    assertThat(json(installed).path("paths_data").path("paths").get(0).path("path_type").asText())
        .isEqualTo(word);
    assertThat(PathType.ofWord(word)).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "linux-64, x86_64, linux",
    "win-32, x86, win",
    "osx-arm64, arm64, osx",
    "linux-ppc64le, ppc64le, linux"
  })
  void theDeprecatedFieldsAreFilledFromTheSubdir(String subdir, String arch, String platform)
      throws Exception {
    JsonNode json = json(InstalledPackage.builder(tool().subdir(subdir).build()).build());

    assertThat(json.path("arch").asText()).isEqualTo(arch);
    assertThat(json.path("platform").asText()).isEqualTo(platform);
  }

  @Test
  void aPackageForAnyPlatformHasNoArchitecture() throws Exception {
    JsonNode json =
        json(
            InstalledPackage.builder(tool().subdir("noarch").noarch(NoarchType.PYTHON).build())
                .build());

    assertThat(json.path("arch").isNull()).isTrue();
    assertThat(json.path("platform").isNull()).isTrue();
    assertThat(json.path("noarch").asText()).isEqualTo("python");
  }

  @Test
  void theChannelIsItsUrlWithoutSubdirWhateverItIsCalled() throws Exception {
    PackageRecord.Builder record = tool().url(CHANNEL + "/linux-64/tool-1.2-h1_3.conda");

    assertThat(
            json(InstalledPackage.builder(record.channel("conda-forge").build()).build())
                .path("channel")
                .asText())
        .isEqualTo(CHANNEL);
    assertThat(
            json(InstalledPackage.builder(record.channel(CHANNEL).build()).build())
                .path("channel")
                .asText())
        .isEqualTo(CHANNEL);
  }
}
