/**
 * What lies in a prefix: the records of its packages, its history, its pins, its state (CEP-32).
 */
@NullMarked
package io.jconda.core.prefix;

import org.jspecify.annotations.NullMarked;
