/** Where {@code jconda-core} plugs in; of no use to anybody else. */
@NullMarked
package io.jconda.spi;

import org.jspecify.annotations.NullMarked;
