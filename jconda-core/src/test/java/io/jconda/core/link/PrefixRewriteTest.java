package io.jconda.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.Platform;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixRewriteTest {
  private static final String PLACEHOLDER = "/opt/anaconda1anaconda2anaconda3";
  private static final String PREFIX = "/srv/env";

  private static PrefixRewrite rewrite(Platform platform) {
    return new PrefixRewrite(PLACEHOLDER, PREFIX, platform);
  }

  private static String text(String before) {
    return text(before, PREFIX, Platform.LINUX_64);
  }

  private static String text(String before, String prefix, Platform platform) {
    byte[] after =
        new PrefixRewrite(PLACEHOLDER, prefix, platform)
            .text(before.getBytes(StandardCharsets.UTF_8));
    return new String(after, StandardCharsets.UTF_8);
  }

  private static String binary(String before) {
    byte[] after = rewrite(Platform.LINUX_64).binary(before.getBytes(StandardCharsets.ISO_8859_1));
    return new String(after, StandardCharsets.ISO_8859_1);
  }

  @Test
  void replacesEveryPlaceholderOfAText() {
    assertThat(text("a=" + PLACEHOLDER + "/a b=" + PLACEHOLDER))
        .isEqualTo("a=/srv/env/a b=/srv/env");
  }

  @Test
  void writesForwardSlashesIntoTextsForWindows() {
    assertThat(text("p=" + PLACEHOLDER + "/x", "C:\\my\\env", Platform.WIN_64))
        .isEqualTo("p=C:/my/env/x");
  }

  @Test
  void padsABinaryStringAtItsEnd() {
    String gap = "\0".repeat(PLACEHOLDER.length() - PREFIX.length());
    assertThat(binary("x\0" + PLACEHOLDER + "/lib\0tail"))
        .isEqualTo("x\0/srv/env/lib\0" + gap + "tail");
  }

  @Test
  void replacesSeveralPlaceholdersOfOneBinaryString() {
    String gap = "\0".repeat(2 * (PLACEHOLDER.length() - PREFIX.length()));
    assertThat(binary(PLACEHOLDER + "/a:" + PLACEHOLDER + "/b\0tail"))
        .isEqualTo("/srv/env/a:/srv/env/b\0" + gap + "tail");
  }

  @Test
  void leavesAStringWithoutEndAloneAsCondaDoes() {
    assertThat(binary("x\0" + PLACEHOLDER + "/lib")).isEqualTo("x\0" + PLACEHOLDER + "/lib");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void findsWiderEncodingsToo(String name) {
    Charset encoding = Charset.forName(name);
    byte[] before = ("x\0" + PLACEHOLDER + "/lib\0tail").getBytes(encoding);
    String after = new String(rewrite(Platform.LINUX_64).binary(before.clone()), encoding);

    assertThat(after.getBytes(encoding)).hasSameSizeAs(before);
    assertThat(after).startsWith("x\0/srv/env/lib\0").endsWith("\0tail");
    assertThat(new String(rewrite(Platform.LINUX_64).text(before), encoding))
        .isEqualTo("x\0/srv/env/lib\0tail");
  }

  @Test
  void rewritesEveryStringOfAnyBinaryAndKeepsItsLength() {
    long seed = 20260801;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int part = 0; part < 20; part++) {
        byte[] noise = new byte[random.nextInt(40)];
        random.nextBytes(noise);
        out.writeBytes(noise);
        if (random.nextBoolean()) {
          out.writeBytes(PLACEHOLDER.getBytes(StandardCharsets.UTF_8));
        }
        if (random.nextInt(3) == 0) {
          out.write(0);
        }
      }
      out.write(0);
      byte[] before = out.toByteArray();
      byte[] after = rewrite(Platform.LINUX_64).binary(before.clone());
      assertThat(after).describedAs("seed %d, round %d", seed, round).hasSameSizeAs(before);
      String text = new String(after, StandardCharsets.ISO_8859_1);
      assertThat(text).describedAs("seed %d, round %d", seed, round).doesNotContain(PLACEHOLDER);
    }
  }

  @Test
  void tellsWhenThePrefixIsTooLongForABinary() {
    assertThat(new PrefixRewrite("/opt/four", "/opt/fours", Platform.LINUX_64).isTooLongForBinary())
        .isTrue();
    assertThat(new PrefixRewrite("/opt/four", "/opt/five", Platform.LINUX_64).isTooLongForBinary())
        .isFalse();
    assertThat(new PrefixRewrite("/opt/four", "/opt/fours", Platform.WIN_64).isTooLongForBinary())
        .isFalse();
  }

  @Test
  void changesOnlyTheShebangOfALauncherForWindows() throws Exception {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("__main__.py"));
      out.write("print()".getBytes(StandardCharsets.UTF_8));
      out.closeEntry();
    }
    ByteArrayOutputStream launcher = new ByteArrayOutputStream();
    launcher.writeBytes("MZ program".getBytes(StandardCharsets.UTF_8));
    launcher.writeBytes(("#!" + PLACEHOLDER + "/python.exe\r\n").getBytes(StandardCharsets.UTF_8));
    launcher.writeBytes(zip.toByteArray());

    byte[] after =
        new PrefixRewrite(
                PLACEHOLDER,
                "C:\\a\\prefix\\that\\is\\longer\\than\\the\\placeholder",
                Platform.WIN_64)
            .binary(launcher.toByteArray());

    String text = new String(after, StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("MZ program#!C:\\a\\prefix\\that\\is\\longer");
    byte[] tail = java.util.Arrays.copyOfRange(after, after.length - zip.size(), after.length);
    assertThat(tail).isEqualTo(zip.toByteArray());
    try (ZipInputStream in = new ZipInputStream(new java.io.ByteArrayInputStream(tail))) {
      assertThat(in.getNextEntry()).isNotNull();
    }
    assertThat(rewrite(Platform.WIN_64).binary("MZ".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("MZ".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void letsEnvFindAnInterpreterWhosePathHasABlank() {
    assertThat(text("#!" + PLACEHOLDER + "/bin/python -u\nx\n", "/my envs/one", Platform.LINUX_64))
        .isEqualTo("#!/usr/bin/env python -u\nx\n");
  }

  @Test
  void letsEnvFindAnInterpreterWhosePathIsTooLongForTheKernel() {
    String prefix = "/srv/" + "x".repeat(120);
    String script = "#!" + PLACEHOLDER + "/bin/python\nx\n";

    assertThat(text(script, prefix, Platform.LINUX_64)).isEqualTo("#!/usr/bin/env python\nx\n");
    assertThat(text(script, prefix, Platform.OSX_ARM64))
        .isEqualTo("#!" + prefix + "/bin/python\nx\n");
  }

  @Test
  void allowsAShebangOf127BytesAndNoMore() {
    String bare = "#!" + "/bin/sh";
    String fits = "/" + "x".repeat(127 - bare.length() - 1);

    assertThat(text("#!" + PLACEHOLDER + "/bin/sh\n", fits, Platform.LINUX_64))
        .isEqualTo("#!" + fits + "/bin/sh\n");
    assertThat(text("#!" + PLACEHOLDER + "/bin/sh\n", fits + "x", Platform.LINUX_64))
        .isEqualTo("#!/usr/bin/env sh\n");
  }

  @Test
  void startsPythonThroughTheShellWhereTheKernelCannot() {
    assertThat(Shebang.forPython("/srv/env/bin/python3.12", Platform.LINUX_64))
        .isEqualTo("#!/srv/env/bin/python3.12\n");
    assertThat(Shebang.forPython("/my envs/bin/python3.12", Platform.LINUX_64))
        .isEqualTo("#!/bin/sh\n'''exec' \"/my envs/bin/python3.12\" \"$0\" \"$@\" #'''\n");
  }
}
