package io.jconda.core.link;

import io.jconda.core.host.DiskFailure;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Signs programs and libraries anew that were changed: a Mac with an ARM processor ends those whose
 * signature does not fit their bytes. It can only be done on a Mac.
 */
final class MachOSigner {
  private static final int MOST_AT_ONCE = 500;

  private final boolean signs;
  private final Path codesign;

  private MachOSigner(boolean signs, Path codesign) {
    this.signs = signs;
    this.codesign = codesign;
  }

  MachOSigner(Platform target) {
    this(
        target == Platform.OSX_ARM64
            && System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac"),
        Path.of("/usr/bin/codesign"));
  }

  /** Signs with another program; for tests, which run elsewhere. */
  static MachOSigner with(Platform target, Path codesign) {
    return new MachOSigner(target == Platform.OSX_ARM64, codesign);
  }

  boolean signs() {
    return signs;
  }

  /**
   * Tells a program or library of macOS by its first four bytes, of either order or for several.
   */
  static boolean isMachO(byte[] content) {
    if (content.length < Integer.BYTES) {
      return false;
    }
    int magic = ByteBuffer.wrap(content).getInt();
    return magic == 0xFEEDFACE
        || magic == 0xFEEDFACF
        || magic == 0xCEFAEDFE
        || magic == 0xCFFAEDFE
        || magic == 0xCAFEBABE;
  }

  /**
   * Signs files, keeping what they are entitled to; blocks. A file that resists makes a warning.
   */
  void sign(List<Path> files, OperationContext context) {
    if (!signs) {
      return;
    }
    for (int from = 0; from < files.size(); from += MOST_AT_ONCE) {
      run(files.subList(from, Math.min(files.size(), from + MOST_AT_ONCE)), context);
    }
  }

  private void run(List<Path> files, OperationContext context) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(codesign.toString(), "--sign", "-", "--force", "--preserve-metadata=entitlements"));
    files.forEach(file -> command.add(file.toString()));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      CancellationToken.Registration stop = context.token().onCancel(process::destroyForcibly);
      try {
        if (process.waitFor() != 0) {
          context.checkpoint();
          context
              .events()
              .warn(
                  "codesign could not sign all of %d changed files, the first of them %s; macOS may end the programs that use them."
                      .formatted(files.size(), files.get(0)));
        }
      } finally {
        stop.close();
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw DiskFailure.explain("sign changed programs with codesign", files.get(0), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.token().cancel("its thread was interrupted");
      context.checkpoint();
    }
  }
}
