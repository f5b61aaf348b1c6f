/**
 * Runs programs in environments: activation as data, commands, process trees, the guard.
 *
 * <p>The doors are {@link io.jconda.core.process.Activator}, {@link
 * io.jconda.core.process.ActivationScripts} and {@link io.jconda.core.process.CommandRunner}.
 */
@NullMarked
package io.jconda.core.process;

import org.jspecify.annotations.NullMarked;
