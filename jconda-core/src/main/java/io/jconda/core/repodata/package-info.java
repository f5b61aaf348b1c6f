/** Channels' indexes: loaded, cached, and read lazily, only the records that are asked for. */
@NullMarked
package io.jconda.core.repodata;

import org.jspecify.annotations.NullMarked;
