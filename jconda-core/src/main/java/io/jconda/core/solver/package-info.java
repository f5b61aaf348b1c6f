/** Records and specs in, a set of packages or an explanation out. */
@NullMarked
package io.jconda.core.solver;

import org.jspecify.annotations.NullMarked;
