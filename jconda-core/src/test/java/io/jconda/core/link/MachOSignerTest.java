package io.jconda.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.spec.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a program in the place of {@code codesign}, which is only on a Mac. */
class MachOSignerTest {
  @TempDir Path folder;
  private final List<ProgressEvent> events = new ArrayList<>();
  private final OperationContext context =
      new OperationContext(CancellationToken.create(), new Events(events::add));

  private Path codesign(int exit) throws Exception {
    Path script = folder.resolve("codesign");
    Files.writeString(
        script, "#!/bin/sh\nfor a in \"$@\"; do echo \"$a\"; done >> calls\nexit " + exit + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  @Test
  void signsChangedFilesAdHocAndKeepsTheirEntitlements() throws Exception {
    Path calls = folder.resolve("calls");
    Path script = codesign(0);
    Files.writeString(script, Files.readString(script).replace("calls", calls.toString()));
    MachOSigner signer = MachOSigner.with(Platform.OSX_ARM64, script);

    signer.sign(List.of(folder.resolve("a"), folder.resolve("b c")), context);

    assertThat(Files.readAllLines(calls))
        .containsExactly(
            "--sign",
            "-",
            "--force",
            "--preserve-metadata=entitlements",
            folder.resolve("a").toString(),
            folder.resolve("b c").toString());
    assertThat(events).isEmpty();
  }

  @Test
  void callsOnceForHundredsOfFilesAndNotAtAllForNone() throws Exception {
    Path calls = folder.resolve("calls");
    Path script = codesign(0);
    Files.writeString(script, "#!/bin/sh\necho call >> " + calls + "\n");
    MachOSigner signer = MachOSigner.with(Platform.OSX_ARM64, script);

    signer.sign(List.of(), context);
    assertThat(calls).doesNotExist();
    signer.sign(IntStream.range(0, 700).mapToObj(i -> folder.resolve("f" + i)).toList(), context);

    assertThat(Files.readAllLines(calls)).hasSize(2);
  }

  @Test
  void aFileThatResistsIsAWarning() throws Exception {
    Path script = codesign(1);
    Files.writeString(script, "#!/bin/sh\nexit 1\n");

    MachOSigner.with(Platform.OSX_ARM64, script).sign(List.of(folder.resolve("a")), context);

    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            ProgressEvent.Warning.class,
            warning ->
                assertThat(warning.message()).contains("codesign", folder.resolve("a").toString()));
  }

  @Test
  void onlyProgramsForArmAreSigned() throws Exception {
    assertThat(MachOSigner.with(Platform.OSX_64, codesign(0)).signs()).isFalse();
    assertThat(MachOSigner.with(Platform.OSX_ARM64, codesign(0)).signs()).isTrue();
  }
}
