/** Answers questions about packages: what there is, what needs what. */
@NullMarked
package io.jconda.core.query;

import org.jspecify.annotations.NullMarked;
