/** The front door. */
@NullMarked
package io.jconda;

import org.jspecify.annotations.NullMarked;
