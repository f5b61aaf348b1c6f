package io.jconda.solve;

import io.jconda.spec.MatchSpec;

/**
 * Shuts packages out of a solve; what is installed or locked stays possible.
 *
 * @param spec which ones, such as {@code numpy 2.1.0} or {@code openssl <3}
 * @param reason why, in words that complete "… is excluded: "; shown where it is to blame
 */
public record Exclusion(MatchSpec spec, String reason) {}
