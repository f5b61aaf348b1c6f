/** The store of packages, by content: archives are fetched once and files are kept once. */
@NullMarked
package io.jconda.core.cache;

import org.jspecify.annotations.NullMarked;
