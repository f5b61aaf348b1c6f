/**
 * Long-lived Python processes that Java calls: the channel, the loop that runs in Python ({@code
 * worker.py}), the values that pass.
 */
@NullMarked
package io.jconda.core.process.worker;

import org.jspecify.annotations.NullMarked;
