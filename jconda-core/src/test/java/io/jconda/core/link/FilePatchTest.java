package io.jconda.core.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.core.host.ChildJvm;
import io.jconda.core.host.Disk;
import io.jconda.core.util.Hashes;
import io.jconda.spec.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large files are rewritten in pieces; what comes out must be what whole files come to. */
class FilePatchTest {
  private static final String PLACEHOLDER = "/opt/" + "placeholder_".repeat(6);

  @TempDir Path folder;

  /** Two megabytes of noise, with placeholders in every encoding, some at the ends of pieces. */
  private static byte[] content(long seed, boolean text) {
    Random random = new Random(seed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(("#!" + PLACEHOLDER + "/bin/python -u\n").getBytes(StandardCharsets.UTF_8));
    List<Charset> encodings = PrefixRewrite.ENCODINGS;
    while (out.size() < 2_200_000) {
      byte[] noise = new byte[random.nextInt(60_000)];
      random.nextBytes(noise);
      out.writeBytes(noise);
      Charset encoding = encodings.get(random.nextInt(encodings.size()));
      for (int again = random.nextInt(3); again >= 0; again--) {
        out.writeBytes((PLACEHOLDER + "/lib:").getBytes(encoding));
      }
      out.writeBytes(text ? new byte[] {'\n'} : "\0".getBytes(encoding));
      int left = (1 << 20) - out.size() % (1 << 20);
      if (left < 100_000) {
        // so that an occurrence spans the end of a piece
        out.writeBytes(new byte[Math.max(0, left - random.nextInt(PLACEHOLDER.length()))]);
        out.writeBytes((PLACEHOLDER + "\0").getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  private byte[] patched(
      byte[] content, String prefix, Platform platform, boolean binary, int small)
      throws IOException {
    Path source = folder.resolve("source");
    Path target = folder.resolve("target");
    Files.write(source, content);
    Files.deleteIfExists(target);
    FilePatch patch =
        new FilePatch(new PrefixRewrite(PLACEHOLDER, prefix, platform), binary, Disk.real(), small);
    String foretold = patch.digest(source, content.length);
    assertThat(target).doesNotExist();
    FilePatch.Outcome outcome = patch.write(source, content.length, target);
    assertThat(foretold).isEqualTo(outcome.sha256());
    byte[] written = Files.readAllBytes(target);
    assertThat(outcome.sha256()).isEqualTo(Hashes.sha256(written));
    return written;
  }

  @ParameterizedTest
  @EnumSource(
      value = Platform.class,
      names = {"LINUX_64", "OSX_ARM64", "WIN_64"})
  void aLargeTextComesOutAsASmallOneWould(Platform platform) throws Exception {
    for (String prefix : List.of("/env", "/a prefix", "/" + "long/".repeat(40))) {
      byte[] content = content(prefix.length(), true);
      byte[] whole = patched(content, prefix, platform, false, Integer.MAX_VALUE);
      byte[] pieces = patched(content, prefix, platform, false, 1000);
      assertThat(whole).isNotEqualTo(content);
      assertThat(pieces).isEqualTo(whole);
    }
  }

  @Test
  void aScriptThatALargeScriptWritesBeginsAsItselfDoes() throws Exception {
    String shebang = "#!" + PLACEHOLDER + "/bin/python -u\n";
    byte[] content = (shebang + "x".repeat(1_048_540) + shebang).getBytes(StandardCharsets.UTF_8);

    byte[] pieces = patched(content, "/a prefix", Platform.LINUX_64, false, 1000);

    assertThat(new String(pieces, StandardCharsets.UTF_8))
        .startsWith("#!/usr/bin/env python -u\nxxx")
        .endsWith("xxx#!/a prefix/bin/python -u\n");
    String prefix = "/" + "long/".repeat(40) + "end";
    assertThat(
            new String(
                patched(content, prefix, Platform.LINUX_64, false, 1000), StandardCharsets.UTF_8))
        .startsWith("#!/usr/bin/env python -u\nxxx")
        .endsWith("xxx#!/usr/bin/env python -u\n");
  }

  @ParameterizedTest
  @EnumSource(
      value = Platform.class,
      names = {"LINUX_64", "OSX_ARM64", "WIN_64"})
  void aLargeBinaryComesOutAsASmallOneWould(Platform platform) throws Exception {
    byte[] content = content(7, false);
    byte[] whole = patched(content, "/env", platform, true, Integer.MAX_VALUE);
    byte[] pieces = patched(content, "/env", platform, true, 1000);

    assertThat(pieces).isEqualTo(whole);
    if (!platform.isWindows()) {
      assertThat(whole).isNotEqualTo(content).hasSameSizeAs(content);
    }
  }

  /** Is what a JVM with little memory runs. */
  static final class Child {
    private Child() {}

    /** Rewrites a file twice: source, binary or text, target. */
    public static void main(String[] arguments) throws IOException {
      Path source = Path.of(arguments[0]);
      PrefixRewrite rewrite = new PrefixRewrite(PLACEHOLDER, "/env", Platform.LINUX_64);
      new FilePatch(rewrite, arguments[1].equals("binary"), Disk.real())
          .write(source, Files.size(source), Path.of(arguments[2]));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"binary", "text"})
  void aFileThatIsLargerThanTheMemoryIsRewritten(String how) throws Exception {
    Path source = folder.resolve("large");
    byte[] piece = new byte[1 << 20];
    byte[] end = (PLACEHOLDER + "/lib\0").getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(source)) {
      for (int i = 0; i < 64; i++) {
        out.write(piece);
      }
      out.write(end);
    }
    Path target = folder.resolve("rewritten");

    try (ChildJvm child = ChildJvm.start(List.of("-Xmx24m"), Child.class, source, how, target)) {
      assertThat(child.exitCode()).isZero();
    }

    byte[] tail = new byte[end.length + 1];
    try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "r")) {
      file.seek(64L * piece.length);
      file.read(tail);
    }
    String written = new String(tail, StandardCharsets.UTF_8);
    assertThat(written).startsWith("/env/lib\0");
    assertThat(Files.size(target))
        .isEqualTo(64L * piece.length + (how.equals("binary") ? end.length : 9));
  }

  @Test
  void aLargeStringWithoutEndIsLeftAlone() throws Exception {
    byte[] content = ("x".repeat(2_000_000) + PLACEHOLDER + "y").getBytes(StandardCharsets.UTF_8);

    assertThat(patched(content, "/env", Platform.LINUX_64, true, 1000)).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(ints = {900_000, 1_048_000, 1_100_000, 2_500_000})
  void aStringMayBeLongerThanWhatIsInMemoryAtATime(int length) throws Exception {
    String half = "x".repeat(length / 2);
    String others = PLACEHOLDER + "/lib\0" + "other" + PLACEHOLDER + "\0";
    String string = PLACEHOLDER + half + PLACEHOLDER + half + "\0";
    byte[] content = (others + string + others).getBytes(StandardCharsets.UTF_8);
    byte[] whole = patched(content, "/env", Platform.LINUX_64, true, Integer.MAX_VALUE);

    assertThat(whole).startsWith("/env/lib\0".getBytes(StandardCharsets.UTF_8));
    assertThat(patched(content, "/env", Platform.LINUX_64, true, 1000)).isEqualTo(whole);
  }

  @Test
  void programsOfMacOsAreTold() throws Exception {
    byte[] content = new byte[5000];
    content[0] = (byte) 0xCF;
    content[1] = (byte) 0xFA;
    content[2] = (byte) 0xED;
    content[3] = (byte) 0xFE;
    Path source = Files.write(folder.resolve("program"), content);
    PrefixRewrite rewrite = new PrefixRewrite(PLACEHOLDER, "/env", Platform.OSX_ARM64);

    for (int small : new int[] {0, 10_000}) {
      FilePatch patch = new FilePatch(rewrite, true, Disk.real(), small);
      assertThat(patch.write(source, 5000, folder.resolve("program" + small)).machO()).isTrue();
    }
  }

  @Test
  void aFileThatIsThereStays() throws Exception {
    Path source = Files.write(folder.resolve("source"), new byte[100]);
    Path there = Files.writeString(folder.resolve("there"), "there");
    PrefixRewrite rewrite = new PrefixRewrite(PLACEHOLDER, "/env", Platform.LINUX_64);

    for (boolean binary : new boolean[] {true, false}) {
      for (int small : new int[] {0, 1000}) {
        assertThatThrownBy(
                () -> new FilePatch(rewrite, binary, Disk.real(), small).write(source, 100, there))
            .isInstanceOf(FileAlreadyExistsException.class);
      }
    }
    assertThat(there).hasContent("there");
  }
}
