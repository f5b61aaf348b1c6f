/**
 * Values of conda's vocabulary, without I/O: versions, specs, platforms, channels, package records.
 */
@NullMarked
package io.jconda.spec;

import org.jspecify.annotations.NullMarked;
