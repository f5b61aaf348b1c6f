/** Python environments for JUnit 5 tests. */
@NullMarked
package io.jconda.junit;

import org.jspecify.annotations.NullMarked;
