/**
 * Named environments: what they may be called, where they lie, and which ones there are; and the
 * files that say what environments hold.
 */
@NullMarked
package io.jconda.core.env;

import org.jspecify.annotations.NullMarked;
