/** Named environments: what they may be called, where they lie, and which ones there are. */
@NullMarked
package io.jconda.core.env;

import org.jspecify.annotations.NullMarked;
