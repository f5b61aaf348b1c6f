/** Archives of packages: reading them as a stream, writing them, and the index of a channel. */
@NullMarked
package io.jconda.core.archive;

import org.jspecify.annotations.NullMarked;
