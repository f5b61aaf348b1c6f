package io.jconda.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchSpecTest {
  private static final String MD5 = "0123456789abcdef0123456789abcdef";
  private static final String SHA256 = "0a".repeat(32);
  private static final PackageRecord PYTHON =
      PackageRecord.builder("python", "3.8.20", "h4a871b0_2_cpython")
          .buildNumber(2)
          .subdir("linux-64")
          .channel("https://example.org/conda-forge")
          .url("https://example.org/conda-forge/linux-64/python-3.8.20-h4a871b0_2_cpython.conda")
          .fileName("python-3.8.20-h4a871b0_2_cpython.conda")
          .md5(MD5)
          .sha256(SHA256)
          .license("Python-2.0")
          .licenseFamily("PSF")
          .features(List.of("b", "a"))
          .trackFeatures(List.of("x"))
          .flags(List.of("cuda", "blas:mkl"))
          .build();

  private static boolean accepts(String spec) {
    return MatchSpec.parse(spec).matches(PYTHON);
  }

  private static boolean accepts(String spec, String version, String build) {
    return MatchSpec.parse(spec)
        .matches(PackageRecord.builder("pkg", version, build).buildNumber(1).build());
  }

  @ParameterizedTest
  @CsvSource({
    "python",
    "Python",
    "python=3.8",
    "python =3.8",
    "python 3.8.*",
    "python>=3.8,<3.9",
    "python >= 3.8 , < 3.9",
    "python 3.8.20 h4a871b0_2_cpython",
    "python==3.8.20=h4a871b0_2_cpython",
    "python=3.8.20=*_CPYTHON",
    "python * *_cpython",
    "py*",
    "*",
    "^py(thon|py)$",
    "conda-forge::python",
    "conda-forge/linux-64::python=3.8",
    "*/linux-64::python",
    "https://example.org/conda-forge::python",
    "https://example.org/conda-forge/linux-64::python",
    "conda-*::python",
    "conda-forge:space:python",
    "'python[version=\">=3.8,<4\", build=\"*_cpython\"]'",
    "python[build_number=2]",
    "'python[build_number=\">=2\"]'",
    "python[subdir=linux-*]",
    "python[license=python-2.0 license_family=psf]",
    "'python[features=\"a,b\"]'",
    "'python[features=[b, \"a\"]]'",
    "python[track_features=x]",
    "'python[flags=[cuda, \"blas:*\"]]'",
    "'python[extras=[all,test]]'",
    "'python[when=\"__win\"]'",
    "python[md5=0123456789ABCDEF0123456789abcdef]",
    "*[sha256=0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a]",
    "python[fn=*.conda]",
    "https://example.org/conda-forge/linux-64/python-3.8.20-h4a871b0_2_cpython.conda",
    "python=",
    "python # a comment",
    "python >=3 # a comment, with [brackets]",
  })
  void acceptsARecordInEachWrittenForm(String spec) {
    assertThat(accepts(spec)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "pytho",
    "python_",
    "python=3.80",
    "python==3.8",
    "python 3.8",
    "python 3.8.20 h4a871b0_2",
    "defaults::python",
    "forge::python",
    "conda-forge/osx-64::python",
    "https://example.com/conda-forge::python",
    "bio*::python",
    "python[build_number=1]",
    "'python[build_number=\"!=2\"]'",
    "python[subdir=noarch]",
    "python[license=MIT]",
    "python[features=a]",
    "'python[track_features=\"x y\"]'",
    "'python[flags=[cuda, \"blas:openblas\"]]'",
    "python[md5=ffffffffffffffffffffffffffffffff]",
    "python[fn=*.tar.bz2]",
    "https://example.org/conda-forge/linux-64/python-3.8.20-h4a871b0_2_cpython.tar.bz2",
    "^py$",
  })
  void refusesARecordThatIsNotAskedFor(String spec) {
    assertThat(accepts(spec)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "pkg=1.8",
    "pkg =1.8",
    "pkg 1.8.*",
    "pkg 1.8.* *",
    "pkg=1.8.*",
    "pkg=1.8.*=*",
    "pkg =1.8.* *",
    "pkg ==1.8.* *",
    "pkg[version=1.8.*]",
    "'pkg[version=\"=1.8\"]'",
    "pkg = 1.8",
  })
  void fuzzyVersionsOfCep29AreOne(String spec) {
    assertThat(MatchSpec.parse(spec)).hasToString("pkg=1.8");
  }

  @ParameterizedTest
  @CsvSource({
    "pkg 1.8",
    "pkg 1.8 *",
    "pkg==1.8",
    "pkg=1.8=*",
    "pkg==1.8=*",
    "pkg ==1.8 *",
    "pkg =1.8=*",
    "pkg=1.8 *",
    "pkg[version=1.8]",
    "'pkg[version=\"==1.8\"]'",
  })
  void exactVersionsOfCep29AreOne(String spec) {
    assertThat(MatchSpec.parse(spec)).hasToString("pkg==1.8");
  }

  @Test
  void equalsSignWithABuildBehindABlankIsFuzzyAsInCep29ThoughCondaTakesItForExact() {
    assertThat(accepts("pkg =3.8 h1_0", "3.8.5", "h1_0")).isTrue();
    assertThat(accepts("pkg =3.8 h1_0", "3.8.5", "h2_0")).isFalse();
    assertThat(accepts("pkg =3.8=h1_0", "3.8.5", "h1_0")).isFalse();
    assertThat(accepts("pkg=3.8=h1_0", "3.8.5", "h1_0")).isFalse();
    assertThat(accepts("pkg=3.8=h1_0", "3.8.0", "h1_0")).isTrue();
  }

  @Test
  void buildsAreComparedWithoutCaseAsInCep29ThoughCondaHeedsIt() {
    assertThat(accepts("pkg 1 PY_0", "1", "py_0")).isTrue();
  }

  @Test
  void equalsSignInBracketsIsFuzzyWithABuildTooThoughCondasNewParserTakesItForExact() {
    assertThat(accepts("pkg[version='=1.8',build=py_0]", "1.8.3", "py_0")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "pkg 1.0 py27_0; pkg==1.0=py27_0",
        "pkg >=1.0 , < 2.0 py34_0; pkg[version='>=1.0,<2.0',build='py34_0']",
        "pkg >=1.0 , < 2.0 =py34_0; pkg[version='>=1.0,<2.0',build='py34_0']",
        "pkg>1.8,<2|==1.7; pkg[version='>1.8,<2|==1.7']",
        "pkg * openblas_0; pkg[build='openblas_0']",
        "pkg * *; pkg",
        "pkg 1.8.* py*; pkg=1.8[build='py*']",
        "pkg (1.8.*|>=2),!=3 py_0; pkg[version='(1.8.*|>=2),!=3',build='py_0']",
        "PKG==1.0RC1; pkg==1.0RC1",
        "pkg 1!2.0+local.1; pkg==1!2.0+local.1",
        "pkg ^1\\.(2|3)$ ^py[23]$; pkg[version='^1\\.(2|3)$',build='^py[23]$']",
        "pkg[build_string=\"x\", version='1.0']; pkg==1.0=x",
        "pkg 1.0[version='>=2']; pkg[version='>=2']",
        "tensorflow[name=pytorch]; tensorflow",
        "chan::pkg[channel=other/noarch]; other/noarch::pkg",
        "*/linux-64::foo>=1.0; foo[subdir='linux-64',version='>=1.0']",
        "chan[subdir=a]; chan[subdir='a']",
        "C-1:ns:pkg; C-1::pkg",
        "ns:pkg; pkg",
        "chan::^p:?y$; chan::^p:?y$",
        "numpy>=2[when=\"python>=3.10\"]; numpy[version='>=2',when='python>=3.10']",
        "p[license=\"a'b\"]; p[license=\"a'b\"]",
      })
  void printsItsCanonicalForm(String text, String canonical) {
    assertThat(MatchSpec.parse(text)).hasToString(canonical);
    assertThat(MatchSpec.parse(canonical)).isEqualTo(MatchSpec.parse(text));
  }

  @Test
  void accessorsGiveWhatWasAskedFor() {
    MatchSpec spec =
        MatchSpec.parse(
            "chan/linux-64::NumPy[version='>=2', build='py*', build_number='>=1', md5="
                + MD5
                + ", sha256="
                + SHA256
                + ", license=BSD*, license_family=BSD, features='b a', track_features=t,"
                + " extras=[all, test], flags=[cuda, 'blas:*'], when='(__unix or __osx) and x>=1']");
    assertThat(spec.name()).isEqualTo("numpy");
    assertThat(spec.isExactName()).isTrue();
    assertThat(spec.version()).contains(VersionSpec.parse(">=2"));
    assertThat(spec.build()).contains("py*");
    assertThat(spec.buildNumber()).contains(">=1");
    assertThat(spec.channel()).contains(Channel.of("chan"));
    assertThat(spec.subdir()).contains("linux-64");
    assertThat(spec.md5()).contains(MD5);
    assertThat(spec.sha256()).contains(SHA256);
    assertThat(spec.license()).contains("BSD*");
    assertThat(spec.licenseFamily()).contains("BSD");
    assertThat(spec.features()).contains(List.of("a", "b"));
    assertThat(spec.trackFeatures()).contains(List.of("t"));
    assertThat(spec.extras()).containsExactly("all", "test");
    assertThat(spec.flags()).containsExactly("cuda", "blas:*");
    assertThat(spec.when()).contains("(__unix or __osx) and x>=1");
  }

  @Test
  void accessorsAreEmptyWhereNothingWasAskedFor() {
    MatchSpec spec = MatchSpec.parse("Py* * *");
    assertThat(spec.name()).isEqualTo("py*");
    assertThat(spec.isExactName()).isFalse();
    assertThat(spec.version()).isEmpty();
    assertThat(spec.build()).isEmpty();
    assertThat(spec.channel()).isEmpty();
    assertThat(spec.url()).isEmpty();
    assertThat(spec.extras()).isEmpty();
    assertThat(spec.when()).isEmpty();
  }

  @Test
  void builderAsksForWhatTextAsksFor() {
    MatchSpec spec =
        MatchSpec.builder("NumPy")
            .version(VersionSpec.parse("=2"))
            .build("py*")
            .buildNumber("3")
            .channel(Channel.of("chan"))
            .subdir("noarch")
            .fileName("*.conda")
            .license("BSD")
            .licenseFamily("BSD")
            .features(List.of("f"))
            .trackFeatures(List.of("g h"))
            .extras(List.of("all"))
            .flags(List.of("cuda"))
            .when("__unix")
            .url("https://example.org/x")
            .md5(MD5.toUpperCase(java.util.Locale.ROOT))
            .sha256(SHA256)
            .build();
    assertThat(spec)
        .isEqualTo(
            MatchSpec.parse(
                "chan/noarch::numpy=2[build=py*,build_number=3,fn=*.conda,license=BSD,"
                    + "license_family=BSD,features=f,track_features='h,g',extras=[all],flags=cuda,"
                    + "when=__unix,url='https://example.org/x',md5="
                    + MD5
                    + ",sha256="
                    + SHA256
                    + "]"));
    assertThat(spec.toBuilder().version(VersionSpec.ANY).build().version()).isEmpty();
  }

  @Test
  void specOfARecordAcceptsThatRecordAlone() {
    MatchSpec spec = MatchSpec.of(PYTHON);
    assertThat(spec)
        .hasToString(
            "https://example.org/conda-forge/linux-64::python==3.8.20=h4a871b0_2_cpython"
                + "[fn='python-3.8.20-h4a871b0_2_cpython.conda']");
    assertThat(MatchSpec.parse(spec.toString())).isEqualTo(spec);
    assertThat(spec.matches(PYTHON)).isTrue();
    PackageRecord.Builder other = PYTHON.toBuilder();
    assertThat(spec.matches(other.subdir("osx-64").build())).isFalse();
    assertThat(spec.matches(PYTHON.toBuilder().fileName("twin.tar.bz2").build())).isFalse();
    assertThat(
            spec.matches(
                PYTHON.toBuilder().channel("https://example.org/elsewhere").url("").build()))
        .isFalse();
  }

  @Test
  void specOfARecordWithoutChannelHasNone() {
    PackageRecord virtual = PackageRecord.builder("__glibc", "2.36", "0").build();
    assertThat(MatchSpec.of(virtual).channel()).isEmpty();
    assertThat(MatchSpec.of(virtual).matches(virtual)).isTrue();
  }

  @Test
  void urlOfAnArchiveIsTakenApartAtTheLastTwoDashes() {
    MatchSpec spec =
        MatchSpec.parse(
            "https://user:pw@example.org/t/secret/chan/label/rc/noarch/ruamel.yaml-x-1%210.5+b-py_0.tar.bz2#"
                + MD5);
    assertThat(spec.name()).isEqualTo("ruamel.yaml-x");
    assertThat(spec.version().orElseThrow()).hasToString("==1!0.5+b");
    assertThat(spec.build()).contains("py_0");
    assertThat(spec.subdir()).contains("noarch");
    assertThat(spec.fileName()).contains("ruamel.yaml-x-1!0.5+b-py_0.tar.bz2");
    assertThat(spec.md5()).contains(MD5);
    assertThat(spec.channel().orElseThrow().name()).isEqualTo("https://example.org/chan/label/rc");
    assertThat(spec.channel().orElseThrow().token()).contains("secret");
    assertThat(spec.toString()).doesNotContain("secret").doesNotContain("pw");
    assertThat(MatchSpec.parse(spec.toString())).isEqualTo(spec);
    PackageRecord record =
        PackageRecord.builder("ruamel.yaml-x", "1!0.5+b", "py_0")
            .channel("https://example.org/chan/label/rc")
            .subdir("noarch")
            .fileName("ruamel.yaml-x-1!0.5+b-py_0.tar.bz2")
            .url("https://example.org/chan/label/rc/noarch/ruamel.yaml-x-1!0.5%2Bb-py_0.tar.bz2")
            .md5(MD5)
            .build();
    assertThat(spec.matches(record)).isTrue();
  }

  @Test
  void checksumBehindAnArchiveIsMd5OrSha256() {
    String archive = "https://example.org/chan/noarch/a-1-0.conda#";
    assertThat(MatchSpec.parse(archive + "sha256:" + SHA256).sha256()).contains(SHA256);
    assertThat(MatchSpec.parse(archive + SHA256).sha256()).contains(SHA256);
    assertThat(MatchSpec.parse(archive + MD5).md5()).contains(MD5);
    assertThat(MatchSpec.parse(archive).md5()).isEmpty();
  }

  @Test
  void pathOfAnArchiveBecomesAFileUrlAndATokenLikeFolderStays() {
    MatchSpec spec = MatchSpec.parse("/t/my files/a-b-1.0-0.conda");
    assertThat(spec.url()).contains("file:///t/my%20files/a-b-1.0-0.conda");
    assertThat(spec.name()).isEqualTo("a-b");
    assertThat(spec.channel()).isEmpty();
    assertThat(MatchSpec.parse("/chan/noarch/a-1-0.conda").channel()).contains(Channel.of("/chan"));
  }

  @Test
  void nameOfAChannelAcceptsItsUrlButNoLabelOfAnother() {
    MatchSpec spec = MatchSpec.parse("main::pkg");
    PackageRecord.Builder record = PackageRecord.builder("pkg", "1", "0");
    assertThat(spec.matches(record.channel("main").build())).isTrue();
    assertThat(spec.matches(record.channel("https://example.org/mirror/main").build())).isTrue();
    assertThat(spec.matches(record.channel("https://example.org/x/label/main").build())).isFalse();
    assertThat(spec.matches(record.channel("https://example.org/xmain").build())).isFalse();
    assertThat(spec.matches(record.channel("").build())).isFalse();
  }

  @Test
  void defaultsIsSeveralChannels() {
    MatchSpec spec = MatchSpec.parse("defaults::pkg");
    PackageRecord.Builder record = PackageRecord.builder("pkg", "1", "0");
    assertThat(spec.matches(record.channel("https://example.org/pkgs/main").build())).isTrue();
    assertThat(spec.matches(record.channel("https://example.org/pkgs/r").build())).isTrue();
    assertThat(spec.matches(record.channel("defaults").build())).isTrue();
    assertThat(spec.matches(record.channel("https://example.org/conda-forge").build())).isFalse();
  }

  @Test
  void urlOfAChannelAcceptsARecordThatKnowsItsUrlOnlyByItsArchive() {
    MatchSpec spec = MatchSpec.parse("https://example.org/conda-forge::python");
    assertThat(spec.matches(PYTHON.toBuilder().channel("conda-forge").build())).isTrue();
    assertThat(spec.matches(PYTHON.toBuilder().channel("conda-forge").url("").build())).isTrue();
    assertThat(
            spec.matches(
                PYTHON.toBuilder()
                    .channel("conda-forge")
                    .url("https://example.com/conda-forge/linux-64/x.conda")
                    .build()))
        .isFalse();
  }

  @Test
  void oldWayToAskForAFeatureIsRead() {
    assertThat(MatchSpec.parse("mkl@")).hasToString("*[track_features='mkl']");
  }

  @Test
  void lenientReadingDropsTheOldConditionAndTakesOddNames() {
    assertThat(MatchSpec.parseLenient("pkg >=1 if python <3")).hasToString("pkg[version='>=1']");
    assertThat(MatchSpec.parseLenient("a--b 1.0")).hasToString("a--b==1.0");
  }
}
