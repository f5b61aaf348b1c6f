package io.jconda.examples.cli;

import io.jconda.EnvironmentRequest;
import io.jconda.solve.ChannelPriority;
import io.jconda.solve.Dependencies;
import io.jconda.solve.ExcludeNewer;
import io.jconda.solve.SolveOptions;
import io.jconda.solve.SolveStrategy;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Says how the solver chooses; a mixin of the commands that solve. */
final class SolvingOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--channel-priority",
      paramLabel = "HOW",
      description = "strict (default unless .condarc says otherwise), flexible or disabled.")
  private @Nullable ChannelPriority priority;

  @Option(
      names = "--strategy",
      paramLabel = "WHICH",
      converter = Strategy.class,
      description = "Preferred versions: highest (default), lowest or lowest-direct.")
  private SolveStrategy strategy = SolveStrategy.HIGHEST;

  @Option(
      names = "--exclude-newer",
      paramLabel = "TIME",
      converter = Time.class,
      description = "Shut out packages newer than a day or time, such as 2026-01-31.")
  private @Nullable Instant newest;

  @Option(names = "--only-deps", description = "Install the dependencies alone.")
  private boolean onlyDependencies;

  @Option(names = "--no-deps", description = "Install what is named alone; may break things.")
  private boolean noDependencies;

  @Option(
      names = {"--freeze-installed", "--no-update-deps"},
      description = "Move nothing that is installed and not named.")
  private boolean freeze;

  EnvironmentRequest apply(EnvironmentRequest request) {
    if (onlyDependencies && noDependencies) {
      throw CommonOptions.usage(spec, "--only-deps and --no-deps exclude each other.");
    }
    SolveOptions options =
        SolveOptions.defaults()
            .strategy(strategy)
            .freezeInstalled(freeze)
            .dependencies(
                onlyDependencies
                    ? Dependencies.ONLY
                    : noDependencies ? Dependencies.LEFT_OUT : Dependencies.INCLUDED);
    if (priority != null) {
      options = options.channelPriority(priority);
    }
    return request.solveOptions(
        newest == null ? options : options.excludeNewer(ExcludeNewer.than(newest)));
  }

  /** Reads {@code lowest-direct} as well as {@code LOWEST_DIRECT}. */
  static final class Strategy implements ITypeConverter<SolveStrategy> {
    @Override
    public SolveStrategy convert(String text) {
      try {
        return SolveStrategy.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + text + "' is not highest, lowest or lowest-direct");
      }
    }
  }

  /** Reads a day, which counts to its end in UTC, or a time. */
  static final class Time implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return text.contains("T")
            ? Instant.parse(text)
            : LocalDate.parse(text)
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .minusMillis(1);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'"
                + text
                + "' is neither a day such as 2026-01-31 nor a time such as 2026-01-31T12:00:00Z");
      }
    }
  }
}
