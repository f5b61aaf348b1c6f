/** Measures the solver, indexes and links. */
@NullMarked
package io.jconda.core.bench;

import org.jspecify.annotations.NullMarked;
