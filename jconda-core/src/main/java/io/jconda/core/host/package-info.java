/** The machine: its platform, its virtual packages, its disk, its locks. */
@NullMarked
package io.jconda.core.host;

import org.jspecify.annotations.NullMarked;
