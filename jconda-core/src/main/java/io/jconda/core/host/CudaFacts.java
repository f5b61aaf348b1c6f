package io.jconda.core.host;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks NVIDIA's driver, through the program {@code nvidia-smi} that comes with it, what it and the
 * cards can do.
 *
 * <p>The program's exit status is not heeded: with one card of several lost it tells of the others
 * and fails. Thread-safe; each question blocks, two seconds at most, and is not remembered.
 */
final class CudaFacts {
  /**
   * The driver's own library's CUDA; since driver 610 it has a name of its own. Read from the text,
   * as an XML parser would ask for the type definition that the answer names.
   */
  private static final Pattern VERSION =
      Pattern.compile(
          "<cuda_(?:umd_)?version>\\s{0,20}(?<it>[0-9]{1,4}\\.[0-9]{1,4})(?:\\.[0-9]{1,4})?"
              + "\\s{0,20}</cuda_");

  private static final Pattern CAPABILITY =
      Pattern.compile("(?m)^[ \\t]{0,20}([0-9]{1,4})\\.([0-9]{1,4})[ \\t\\r]{0,20}$");

  private final List<String> programs;

  /**
   * Creates it.
   *
   * @param programs the program's name or path, the first that is there counts
   */
  CudaFacts(List<String> programs) {
    this.programs = List.copyOf(programs);
  }

  /** Looks in the search path, and where Windows puts the program for the Linux in it. */
  static CudaFacts real() {
    return new CudaFacts(List.of("nvidia-smi", "/usr/lib/wsl/lib/nvidia-smi"));
  }

  /** Returns the highest CUDA that the driver supports, {@code major.minor}. */
  Optional<String> version() {
    return ask("-q", "-x").flatMap(CudaFacts::versionOf);
  }

  static Optional<String> versionOf(String answer) {
    Matcher matcher = VERSION.matcher(answer);
    return matcher.find() ? Optional.of(matcher.group("it")) : Optional.empty();
  }

  /** Returns the lowest compute capability of all cards, {@code major.minor} (CEP-46). */
  Optional<String> lowestCapability() {
    return ask("--query-gpu=compute_cap", "--format=csv,noheader")
        .flatMap(CudaFacts::lowestCapabilityOf);
  }

  static Optional<String> lowestCapabilityOf(String answer) {
    int lowest = Integer.MAX_VALUE;
    Matcher matcher = CAPABILITY.matcher(answer);
    while (matcher.find()) {
      int number = Integer.parseInt(matcher.group(1)) * 10_000 + Integer.parseInt(matcher.group(2));
      lowest = Math.min(lowest, number);
    }
    return lowest == Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.of(lowest / 10_000 + "." + lowest % 10_000);
  }

  private Optional<String> ask(String first, String second) {
    for (String program : programs) {
      Probe.Answer answer = Probe.ask(List.of(program, first, second));
      if (answer.started()) {
        return answer.ended() ? Optional.of(answer.output()) : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
