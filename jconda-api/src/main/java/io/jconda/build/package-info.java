/** Building packages and channels: for channel owners, tests, and sites without a network. */
@NullMarked
package io.jconda.build;

import org.jspecify.annotations.NullMarked;
