package io.jconda.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutputPumpTest {
  @Test
  void silenceCountsFromTheEndOfTheProgramOnly() throws IOException, InterruptedException {
    PipedOutputStream program = new PipedOutputStream();
    OutputPump pump =
        OutputPump.start(
            "jconda-out-test",
            new PipedInputStream(program),
            StandardCharsets.UTF_8,
            1000,
            null,
            (bytes, count) -> {});
    long longAgo = System.nanoTime() - Duration.ofHours(1).toNanos();
    Duration quiet = Duration.ofMillis(50);
    Carriers.await("a silence", () -> pump.isIdle(quiet, longAgo));

    // a program that has said nothing for long writes its last words, and ends
    long end = System.nanoTime() + Duration.ofHours(1).toNanos();
    assertThat(pump.isIdle(quiet, end)).isFalse();

    program.write("last words".getBytes(StandardCharsets.UTF_8));
    program.close();
    while (!pump.awaitEnd(quiet)) {
      assertThat(pump.isIdle(quiet, end)).isFalse();
    }
    assertThat(pump.text()).isEqualTo("last words");
  }
}
