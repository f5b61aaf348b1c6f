/** A small command line, on JConda's public API alone. */
@NullMarked
package io.jconda.examples.cli;

import org.jspecify.annotations.NullMarked;
