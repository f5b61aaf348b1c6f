package io.jconda.core.process;

import io.jconda.core.util.OperationContext;
import io.jconda.process.Activation;
import java.nio.file.Path;
import java.util.Map;

/**
 * Holds what a command runs in.
 *
 * @param prefix the environment
 * @param activation what makes it active
 * @param parent what the program inherits before activation
 * @param context the operation that the command belongs to
 */
record Surroundings(
    Path prefix, Activation activation, Map<String, String> parent, OperationContext context) {}
