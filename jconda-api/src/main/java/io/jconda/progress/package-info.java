/** What an operation tells about itself while it runs. */
@NullMarked
package io.jconda.progress;

import org.jspecify.annotations.NullMarked;
