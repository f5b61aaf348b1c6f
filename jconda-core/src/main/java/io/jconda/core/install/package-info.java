/**
 * Makes, changes and removes prefixes such that each is the old one or the new one, never half of
 * either.
 */
@NullMarked
package io.jconda.core.install;

import org.jspecify.annotations.NullMarked;
