package io.jconda.core.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jconda.CondaException;
import io.jconda.InstallException;
import io.jconda.spec.MatchSpec;
import io.jconda.spec.NoarchType;
import io.jconda.spec.PackageRecord;
import io.jconda.spec.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrefixRecordsTest {
  private static final String BY_CONDA =
      """
      {
        "build": "py312h1_0",
        "build_number": 0,
        "channel": "https://conda.anaconda.org/conda-forge/linux-64",
        "constrains": [],
        "depends": ["python >=3.12,<3.13.0a0"],
        "files": ["lib/a.py", "lib/__pycache__/a.cpython-312.pyc"],
        "fn": "numpy-2.0-py312h1_0.conda",
        "link": {"source": "/opt/conda/pkgs/numpy-2.0-py312h1_0", "type": 1},
        "name": "numpy",
        "paths_data": {"paths": [
          {"_path": "lib/a.py", "path_type": "hardlink", "sha256": "aa", "sha256_in_prefix": "bb",
           "size_in_bytes": 3, "file_mode": "text", "prefix_placeholder": "/opt/x"}],
          "paths_version": 1},
        "requested_spec": "None",
        "schannel": "conda-forge",
        "size": 7,
        "subdir": "linux-64",
        "timestamp": 1700000000000,
        "track_features": "one,two",
        "url": "https://conda.anaconda.org/conda-forge/linux-64/numpy-2.0-py312h1_0.conda",
        "version": "2.0",
        "x_of_somebody": {"kept": true}
      }
      """;

  @TempDir Path prefix;

  @BeforeEach
  void makeFolder() throws Exception {
    Files.createDirectories(prefix.resolve("conda-meta"));
  }

  private InstalledPackage readOne(String json) throws Exception {
    Files.writeString(prefix.resolve("conda-meta/any-1-0.json"), json);
    return PrefixRecords.read(prefix).packages().get(0);
  }

  @Test
  void readsWhatCondaWrote() throws Exception {
    InstalledPackage installed = readOne(BY_CONDA);

    PackageRecord record = installed.record();
    assertThat(record.name()).isEqualTo("numpy");
    assertThat(record.channel()).isEqualTo("https://conda.anaconda.org/conda-forge");
    assertThat(record.timestamp()).contains(Instant.ofEpochMilli(1700000000000L));
    assertThat(record.trackFeatures()).containsExactly("one", "two");
    assertThat(installed.linkType()).isEqualTo(LinkType.HARD);
    assertThat(installed.requestedSpecs()).isEmpty();
    assertThat(installed.ownedPaths())
        .containsExactly("lib/a.py", "lib/__pycache__/a.cpython-312.pyc");
    assertThat(installed.paths().get(0).sha256InPrefix()).contains("bb");
    assertThat(installed.paths().get(0).placeholder()).contains("/opt/x");
    assertThat(installed.fileName()).isEqualTo("any-1-0.json");
  }

  @Test
  void readsOldFormsOfChannelAndSpec() throws Exception {
    InstalledPackage installed =
        readOne(
            """
            {"name": "x", "version": "1", "build": "0", "build_number": 0, "channel": "defaults",
             "noarch": true, "timestamp": 1500000000, "requested_spec": "x >=1",
             "url": "https://repo.example.com/main/noarch/x-1-0.tar.bz2", "files": []}
            """);

    assertThat(installed.record().channel()).isEqualTo("defaults");
    assertThat(installed.record().subdir()).isEqualTo("noarch");
    assertThat(installed.record().fileName()).isEqualTo("x-1-0.tar.bz2");
    assertThat(installed.record().noarch()).contains(NoarchType.GENERIC);
    assertThat(installed.record().timestamp()).contains(Instant.ofEpochSecond(1500000000));
    assertThat(installed.requestedSpecs()).containsExactly("x >=1");
  }

  @Test
  void keepsWhatItDoesNotKnow() throws Exception {
    InstalledPackage asked = readOne(BY_CONDA).withRequestedSpecs(List.of("numpy >=1", "numpy"));

    JsonNode json = new ObjectMapper().readTree(asked.toJson());
    assertThat(json.path("x_of_somebody").path("kept").asBoolean()).isTrue();
    assertThat(json.path("requested_spec").asText()).isEqualTo("numpy[version='>=1']");
    assertThat(json.path("requested_specs")).hasSize(2);
    assertThat(asked.requestedSpecs()).hasSize(2);
    assertThat(json.path("paths_data"))
        .isEqualTo(new ObjectMapper().readTree(BY_CONDA).path("paths_data"));
  }

  @Test
  void readsBackWhatItWrote() throws Exception {
    PackageRecord record =
        PackageRecord.builder("x", "1.0", "0")
            .buildNumber(3)
            .subdir("noarch")
            .channel("conda-forge")
            .url("https://conda.anaconda.org/conda-forge/noarch/x-1.0-0.conda")
            .fileName("x-1.0-0.conda")
            .depends(List.of("y >=1"))
            .noarch(NoarchType.PYTHON)
            .sha256("cc")
            .md5("dd")
            .size(9)
            .timestamp(Instant.ofEpochMilli(1700000000123L))
            .indexedTimestamp(Instant.ofEpochMilli(1700000000456L))
            .extraDepends(Map.of("plot", List.of("mpl")))
            .flags(List.of("cuda"))
            .license("MIT")
            .build();
    InstalledPackage written =
        InstalledPackage.builder(record)
            .paths(
                List.of(
                    PrefixPath.builder("bin/x", PathType.UNIX_PYTHON_ENTRY_POINT).build(),
                    PrefixPath.builder("lib/x.py", PathType.HARDLINK).sha256("ee").size(1).build()))
            .linkType(LinkType.HARD)
            .requestedSpecs(List.of("x"))
            .build();

    JsonNode json = new ObjectMapper().readTree(written.toJson());
    assertThat(json.path("channel").asText()).isEqualTo("https://conda.anaconda.org/conda-forge");
    assertThat(json.path("link").path("type").asInt()).isEqualTo(1);
    assertThat(json.fieldNames())
        .toIterable()
        .contains(
            "arch",
            "build",
            "build_number",
            "channel",
            "constrains",
            "depends",
            "extracted_package_dir",
            "files",
            "fn",
            "license",
            "link",
            "md5",
            "name",
            "noarch",
            "package_tarball_full_path",
            "paths_data",
            "platform",
            "requested_spec",
            "requested_specs",
            "sha256",
            "size",
            "subdir",
            "timestamp",
            "indexed_timestamp",
            "extra_depends",
            "flags",
            "url",
            "version");
    InstalledPackage read = readOne(written.toJson());
    assertThat(read.files()).isEqualTo(written.files());
    assertThat(read.requestedSpecs()).containsExactly("x");
    assertThat(read.record().timestamp()).isEqualTo(record.timestamp());
    assertThat(read.record().indexedTimestamp()).isEqualTo(record.indexedTimestamp());
    assertThat(read.record().extraDepends()).isEqualTo(record.extraDepends());
    assertThat(read.record().flags()).isEqualTo(record.flags());
    assertThat(read.record().noarch()).contains(NoarchType.PYTHON);
    assertThat(read.paths().get(0).type()).isEqualTo(PathType.UNIX_PYTHON_ENTRY_POINT);
    assertThat(read.toJson()).isEqualTo(written.toJson());
  }

  @Test
  void namesARecordThatCannotBeRead() throws Exception {
    Files.writeString(prefix.resolve("conda-meta/torn-1-0.json"), "{\"name\": \"torn\", ");

    assertThatThrownBy(() -> PrefixRecords.read(prefix))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("torn-1-0.json");
    Files.writeString(prefix.resolve("conda-meta/torn-1-0.json"), "{\"name\": \"torn\"}");
    assertThatThrownBy(() -> PrefixRecords.read(prefix))
        .isInstanceOf(CondaException.class)
        .hasMessageContaining("version");
  }

  @Test
  void whatAMacKeepsBesideItsFilesIsNoRecord() throws Exception {
    String before = PrefixState.stamp(prefix);
    Files.write(prefix.resolve("conda-meta/._x-1-0.json"), new byte[] {0, 5, 22, 7});

    assertThat(PrefixRecords.read(prefix).packages()).isEmpty();
    assertThat(PrefixRecords.names(prefix)).isEmpty();
    assertThat(PrefixState.stamp(prefix)).isEqualTo(before);
  }

  @Test
  void findsNothingWhereThereIsNoPrefix() {
    assertThat(PrefixRecords.read(prefix.resolve("absent")).packages()).isEmpty();
    assertThat(PrefixState.stamp(prefix.resolve("absent"))).isEmpty();
  }

  @Test
  void stampsAnotherTextWhenARecordComesGoesOrChanges() throws Exception {
    Path one = prefix.resolve("conda-meta/one-1-0.json");
    String empty = PrefixState.stamp(prefix);
    Files.writeString(one, "1");
    String first = PrefixState.stamp(prefix);
    assertThat(first).isNotEqualTo(empty).isEqualTo(PrefixState.stamp(prefix));

    Files.writeString(one, "12");
    String longer = PrefixState.stamp(prefix);
    assertThat(longer).isNotEqualTo(first);
    Files.setLastModifiedTime(one, FileTime.fromMillis(1000));
    assertThat(PrefixState.stamp(prefix)).isNotEqualTo(longer);
    Files.writeString(prefix.resolve("conda-meta/note.txt"), "of no concern");
    Files.delete(one);
    assertThat(PrefixState.stamp(prefix)).isEqualTo(empty);
  }

  @Test
  void stampsAnotherTextWhenARecordIsReplacedByOneOfTheSameSizeAndTime() throws Exception {
    Path one = prefix.resolve("conda-meta/one-1-0.json");
    Path other = prefix.resolve("other");
    Files.writeString(one, "1");
    Files.writeString(other, "2");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(one));
    assumeTrue(
        Files.readAttributes(one, BasicFileAttributes.class).fileKey() != null,
        "files have no numbers here");
    String before = PrefixState.stamp(prefix);

    Files.move(other, one, StandardCopyOption.REPLACE_EXISTING);

    assertThat(PrefixState.stamp(prefix)).isNotEqualTo(before);
  }

  @Test
  void readsPinsAndMarks() throws Exception {
    Files.writeString(prefix.resolve("conda-meta/pinned"), "# why\n\n numpy 1.* \npython\n");
    assertThat(Pinned.read(prefix)).containsExactly("numpy 1.*", "python");
    assertThat(Pinned.read(prefix.resolve("absent"))).isEmpty();

    Frozen.refuse(prefix);
    assertThat(Frozen.isFrozen(prefix)).isFalse();
    Files.writeString(prefix.resolve("conda-meta/frozen"), "");
    assertThat(Frozen.isFrozen(prefix)).isTrue();
    assertThatThrownBy(() -> Frozen.refuse(prefix))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("frozen.");
  }

  @Test
  void writesTextsOfAllKindsSuchThatAnyReaderReadsThem() throws Exception {
    String odd = "share/a \"b\" \\c \n \u0001 \u00e9 \ud83d\ude00 \ud800";
    InstalledPackage installed =
        InstalledPackage.builder(PackageRecord.builder("odd", "1", "0").license(odd).build())
            .paths(
                List.of(
                    PrefixPath.builder(odd, PathType.HARDLINK)
                        .placeholder(odd, true)
                        .noLink(true)
                        .build()))
            .requestedSpecs(List.of("odd", "odd >=1"))
            .build();

    JsonNode json = new ObjectMapper().readTree(installed.toJson());

    assertThat(json.path("license").asText()).isEqualTo(odd);
    assertThat(json.path("files").get(0).asText()).isEqualTo(odd);
    JsonNode path = json.path("paths_data").path("paths").get(0);
    assertThat(path.path("_path").asText()).isEqualTo(odd);
    assertThat(path.path("prefix_placeholder").asText()).isEqualTo(odd);
    assertThat(path.path("no_link").asBoolean()).isTrue();
    assertThat(path.has("sha256")).isFalse();
    assertThat(json.path("requested_spec").asText()).isEqualTo("odd[version='>=1']");
    assertThat(json.path("arch").isNull()).isTrue();
  }

  @Test
  void severalSpecsAreJoinedForReadersThatKnowOneOnly() {
    assertThat(RequestedSpecs.merged(List.of("x >=1"))).isEqualTo("x >=1");
    assertThat(MatchSpec.parse(RequestedSpecs.merged(List.of("x >=1", "x <3", "x=*=py*"))))
        .isEqualTo(MatchSpec.parse("x[version='>=1,<3',build='py*']"));
    MatchSpec either =
        MatchSpec.parse(RequestedSpecs.merged(List.of("x 1.*|3.*", "conda-forge::x <3.5")));
    assertThat(either.channel()).isPresent();
    assertThat(either.version().orElseThrow().matches(Version.parse("3.1"))).isTrue();
    assertThat(either.version().orElseThrow().matches(Version.parse("3.9"))).isFalse();
    assertThat(either.version().orElseThrow().matches(Version.parse("2.0"))).isFalse();
  }
}
