/** The package cache that all environments of a root share, and its care. */
@NullMarked
package io.jconda.cache;

import org.jspecify.annotations.NullMarked;
