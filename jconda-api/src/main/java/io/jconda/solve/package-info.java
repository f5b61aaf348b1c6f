/** What the solver is told and what it answers. */
@NullMarked
package io.jconda.solve;

import org.jspecify.annotations.NullMarked;
