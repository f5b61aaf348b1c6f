/** Questions about packages, of channels and of environments, and their answers as values. */
@NullMarked
package io.jconda.query;

import org.jspecify.annotations.NullMarked;
