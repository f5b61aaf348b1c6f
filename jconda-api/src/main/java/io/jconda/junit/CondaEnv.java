package io.jconda.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Hands a JUnit 5 test an {@link io.jconda.Environment} with Python and packages in it.
 *
 * <pre>{@code
 * class RegressionTest {
 *   @CondaEnv(python = "3.13", packages = "numpy")
 *   static Environment python;
 *
 *   @Test
 *   void numpyAdds() {
 *     assertEquals("6", python.run("python", "-c", "import numpy; print(numpy.sum([1, 2, 3]))").orThrow().stdout().strip());
 *   }
 * }
 * }</pre>
 *
 * <p>On a static field the environment is made before the first test of the class and shared by all
 * of them; on an instance field or a parameter of a test each test gets its own. The environment is
 * removed when the class or the test is done. The annotation may stand on an annotation of the
 * project's own, which then stands for it. Environments lie under the root of {@link
 * io.jconda.Conda}, so that all tests share one package cache.
 *
 * <p>What cannot be made fails the tests that need it, with the exception of {@link
 * io.jconda.EnvironmentRequest}. A field that is final, or of another type, is an {@link
 * org.junit.jupiter.api.extension.ExtensionConfigurationException}.
 */
@SuppressWarnings("exports") // who uses this has JUnit on its own module path
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@ExtendWith(CondaEnvExtension.class)
public @interface CondaEnv {
  /** Returns the version of Python, such as {@code "3.13"}; empty for an environment without it. */
  String python() default "3";

  /** Returns the packages, as match specs. */
  String[] packages() default {};

  /**
   * Returns the channels, as names, URLs or folders; {@code "embedded:"} for the one that needs no
   * network.
   */
  String[] channels() default {"conda-forge"};
}
