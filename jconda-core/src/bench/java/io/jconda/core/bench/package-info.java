/** Measures the solver. */
@NullMarked
package io.jconda.core.bench;

import org.jspecify.annotations.NullMarked;
