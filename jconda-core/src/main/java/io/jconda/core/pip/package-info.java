/**
 * Python's own packages in an environment: its pip, and what lies in its site-packages.
 *
 * <p>The doors are {@link io.jconda.core.pip.EnvironmentPip} for users, {@link
 * io.jconda.core.pip.PipRunner} for other rooms, and {@link io.jconda.core.pip.SitePackages}.
 */
@NullMarked
package io.jconda.core.pip;

import org.jspecify.annotations.NullMarked;
