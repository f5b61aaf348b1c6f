package io.jconda.core.process;

import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import java.nio.file.Path;

/**
 * Holds what a command runs in.
 *
 * @param prefix the environment
 * @param activation what makes it active
 * @param context the operation that the command belongs to
 */
record Surroundings(Path prefix, Activation activation, OperationContext context) {}
