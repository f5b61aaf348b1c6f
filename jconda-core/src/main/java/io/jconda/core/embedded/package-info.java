/** The embedded channel: a real Python and NumPy, repacked from Maven artifacts. */
@NullMarked
package io.jconda.core.embedded;

import org.jspecify.annotations.NullMarked;
