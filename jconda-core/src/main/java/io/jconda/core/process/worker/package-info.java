/**
 * Long-lived Python processes that Java calls: the channel, the loop that runs in Python (the
 * {@code .py} files beside the classes, sent on start), the values that pass.
 */
@NullMarked
package io.jconda.core.process.worker;

import org.jspecify.annotations.NullMarked;
