/** Programs that run in an environment, and the variables that make it active. */
@NullMarked
package io.jconda.process;

import org.jspecify.annotations.NullMarked;
