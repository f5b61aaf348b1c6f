/**
 * A SAT engine on ints that knows no conda: conflict-driven clause learning, at-most-one groups,
 * clauses made on demand.
 */
@NullMarked
package io.jconda.core.solver.sat;

import org.jspecify.annotations.NullMarked;
