/** Copies packages from channels to a folder that is a channel itself. */
@NullMarked
package io.jconda.core.mirror;

import org.jspecify.annotations.NullMarked;
