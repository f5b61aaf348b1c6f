package io.jconda.core.bench;

import io.jconda.build.ChannelIndexer;
import io.jconda.build.PackageBuilder;
import io.jconda.build.PackageFormat;
import io.jconda.spec.NoarchType;
import io.jconda.spec.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes a channel whose packages have the shape of real ones: many small texts, some libraries, a
 * placeholder in one file of thirty, a third of the packages noarch Python, one big {@code
 * .tar.bz2}.
 */
final class LinkChannel {
  private static final long SEED = 20260601;
  private static final String PLACEHOLDER = "/home/builder/" + "placehold_".repeat(24);

  private LinkChannel() {}

  /**
   * Writes a channel.
   *
   * @param packages how many packages; {@code p0} depends on all others
   * @param files how many files, all packages together
   */
  static void write(Path folder, int packages, int files) {
    Random random = new Random(SEED);
    int each = files / packages;
    PackageBuilder.of("python", "3.12.1")
        .platform(Platform.current())
        .executable("bin/python3.12", "no real one")
        .build(folder);
    List<String> names = new ArrayList<>();
    for (int number = 1; number < packages; number++) {
      names.add("p" + number);
      (number % 3 == 0 ? noarch(number, each, random) : library(number, each, random))
          .build(folder);
    }
    PackageBuilder.of("p0", "1.0")
        .noarch(NoarchType.GENERIC)
        .depends(names.toArray(String[]::new))
        .file("share/p0/readme", "All of it.")
        .build(folder);
    ChannelIndexer.index(folder);
  }

  private static PackageBuilder noarch(int number, int files, Random random) {
    PackageBuilder builder =
        PackageBuilder.of("p" + number, "1." + number)
            .noarch(NoarchType.PYTHON)
            .depends("python")
            .entryPoint("p%d-tool = p%d.cli:main".formatted(number, number));
    for (int file = 0; file < files; file++) {
      builder.file(
          "site-packages/p%d/sub%d/module_%d.py".formatted(number, file / 20, file),
          text("# module", 500 + random.nextInt(9000), random));
    }
    return builder;
  }

  private static PackageBuilder library(int number, int files, Random random) {
    PackageBuilder builder =
        PackageBuilder.of("p" + number, "1." + number)
            .platform(Platform.current())
            .placeholder(PLACEHOLDER);
    if (number == 1) {
      builder.format(PackageFormat.TAR_BZ2);
      builder.file("lib/libp1.so", binary(30_000_000, random));
    } else {
      builder.file("lib/libp%d.so".formatted(number), binary(400_000, random));
    }
    for (int file = 1; file < files; file++) {
      if (file % 30 == 0) {
        builder.file(
            "lib/pkgconfig/p%d-%d.pc".formatted(number, file),
            "prefix=" + PLACEHOLDER + "\nlibdir=" + PLACEHOLDER + "/lib\n");
      } else {
        builder.file(
            "include/p%d/part%d/header_%d.h".formatted(number, file / 25, file),
            text("// header", 300 + random.nextInt(12000), random));
      }
    }
    return builder;
  }

  private static byte[] binary(int size, Random random) {
    byte[] content = new byte[size];
    for (int at = 0; at < size; at++) {
      content[at] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : 0);
    }
    byte[] head = ("\u007fELF" + PLACEHOLDER + "/lib\0").getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(head, 0, content, 0, head.length);
    return content;
  }

  private static String text(String start, int size, Random random) {
    StringBuilder text = new StringBuilder(start);
    while (text.length() < size) {
      text.append(" word").append(random.nextInt(5000));
      if (random.nextInt(8) == 0) {
        text.append('\n');
      }
    }
    return text.toString();
  }
}
