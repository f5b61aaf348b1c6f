/** Puts one package into one prefix: where its paths go, what is rewritten, what is made. */
@NullMarked
package io.jconda.core.link;

import org.jspecify.annotations.NullMarked;
