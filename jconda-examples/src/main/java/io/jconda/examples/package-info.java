/** Programs that show JConda at work: the quick start and the beginner's whole course. */
@NullMarked
package io.jconda.examples;

import org.jspecify.annotations.NullMarked;
