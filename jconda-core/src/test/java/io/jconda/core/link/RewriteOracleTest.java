package io.jconda.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.spec.Platform;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rewrites random files, and compares them with what a slow and simple oracle says of them. */
class RewriteOracleTest {
  private static final String PLACEHOLDER = "/opt/hold";
  private static final int ROUNDS = 3000;

  /** Pieces that mean something to some rule, in random order and encodings. */
  private static byte[] content(Random random, String prefix) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (random.nextInt(3) > 0) {
      out.writeBytes(
          List.of("#!", "#! ", "#!/bin/sh ", " #!")
              .get(random.nextInt(4))
              .getBytes(StandardCharsets.UTF_8));
    }
    for (int parts = random.nextInt(12); parts >= 0; parts--) {
      String text =
          switch (random.nextInt(9)) {
            case 0, 1, 2 -> PLACEHOLDER;
            case 3 -> "/bin/python -u";
            case 4 -> "\n";
            case 5 -> "\0";
            case 6 -> "#!" + prefix + "/bin/python -u\n";
            case 7 -> PLACEHOLDER.substring(0, random.nextInt(PLACEHOLDER.length()));
            default -> List.of("x", " ", "\\ ", "\t", "\r\n", "/").get(random.nextInt(6));
          };
      int encoding = random.nextInt(3) > 0 ? 0 : random.nextInt(PrefixRewrite.ENCODINGS.size());
      out.writeBytes(text.getBytes(PrefixRewrite.ENCODINGS.get(encoding)));
      if (random.nextInt(6) == 0) {
        byte[] noise = new byte[random.nextInt(4)];
        random.nextBytes(noise);
        out.writeBytes(noise);
      }
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(
      value = Platform.class,
      names = {"LINUX_64", "OSX_ARM64", "WIN_64"})
  void textsComeOutAsTheOracleSays(Platform platform) {
    long seed = 20261125;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String prefix =
          List.of("/e", "/a b", "/opt/hold/more", "/" + "l".repeat(140), "C:\\e").get(round % 5);
      byte[] content = content(random, prefix);

      assertThat(new PrefixRewrite(PLACEHOLDER, prefix, platform).text(content))
          .describedAs("round %d: %s", round, new String(content, StandardCharsets.ISO_8859_1))
          .isEqualTo(new RewriteOracle(PLACEHOLDER, prefix, platform).text(content));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Platform.class,
      names = {"LINUX_64", "OSX_ARM64"})
  void binariesComeOutAsTheOracleSays(Platform platform) {
    long seed = 20261126;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String prefix = List.of("/e", "/a b", "/opt/hole", "/").get(round % 4);
      byte[] content = content(random, prefix);

      assertThat(new PrefixRewrite(PLACEHOLDER, prefix, platform).binary(content.clone()))
          .describedAs("round %d: %s", round, new String(content, StandardCharsets.ISO_8859_1))
          .isEqualTo(new RewriteOracle(PLACEHOLDER, prefix, platform).binary(content.clone()))
          .hasSameSizeAs(content);
    }
  }
}
