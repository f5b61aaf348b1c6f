package io.jconda;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what derives a new value and changes nothing: to drop its result is a mistake.
 *
 * <p>Error Prone and IntelliJ IDEA know the annotation by its simple name and warn where a result
 * is dropped.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface CheckReturnValue {}
