/** Settings: what code, system properties, the environment and defaults say, resolved once. */
@NullMarked
package io.jconda.core.config;

import org.jspecify.annotations.NullMarked;
