/** The network: requests with retries, credentials and cancellation, over http, https and file. */
@NullMarked
package io.jconda.core.net;

import org.jspecify.annotations.NullMarked;
