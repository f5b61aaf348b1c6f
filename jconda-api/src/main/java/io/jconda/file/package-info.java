/**
 * Files that say what environments hold: {@code environment.yml} (CEP-24), {@code conda-lock.yml}
 * (CEP-37) and lists of packages (CEP-23), as values.
 */
@NullMarked
package io.jconda.file;

import org.jspecify.annotations.NullMarked;
