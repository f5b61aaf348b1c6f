/** What several rooms need: the context of an operation, and no more. */
@NullMarked
package io.jconda.core.util;

import org.jspecify.annotations.NullMarked;
