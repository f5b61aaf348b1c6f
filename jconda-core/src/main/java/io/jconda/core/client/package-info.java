/** Assembles the rooms and implements the API; the only room that knows all others. */
@NullMarked
package io.jconda.core.client;

import org.jspecify.annotations.NullMarked;
