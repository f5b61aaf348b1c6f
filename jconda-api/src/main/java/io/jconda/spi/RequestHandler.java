package io.jconda.spi;

import io.jconda.Environment;
import io.jconda.EnvironmentRequest;
import io.jconda.Operation;
import io.jconda.Plan;
import java.nio.file.Path;
import java.util.List;

/**
 * Does what the terminal operations of an {@link EnvironmentRequest} ask for; core's client is one.
 * Thread-safe.
 */
public interface RequestHandler {
  /** Begins {@link EnvironmentRequest#create()}. */
  Operation<Environment> create(EnvironmentRequest request);

  /** Begins {@link EnvironmentRequest#install(String...)}. */
  Operation<Environment> install(EnvironmentRequest request, List<String> specs);

  /** Begins {@link EnvironmentRequest#ensure(String...)}. */
  Operation<Environment> ensure(EnvironmentRequest request, List<String> specs);

  /** Begins {@link EnvironmentRequest#open()}. */
  Operation<Environment> open(EnvironmentRequest request);

  /** Begins {@link EnvironmentRequest#plan(String...)}. */
  Operation<Plan> plan(EnvironmentRequest request, List<String> specs);

  /** Begins {@link EnvironmentRequest#saveProblem(Path, String...)}. */
  Operation<Path> saveProblem(EnvironmentRequest request, List<String> specs, Path file);
}
