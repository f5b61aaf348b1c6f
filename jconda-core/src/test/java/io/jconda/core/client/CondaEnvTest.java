package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.jconda.Environment;
import io.jconda.PackageNotFoundException;
import io.jconda.junit.CondaEnv;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs small test classes that use the annotation, and looks at what became of them. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class CondaEnvTest {
  private static final List<Path> SEEN = new ArrayList<>();

  @BeforeAll
  static void useTheRootOfTests() {
    System.setProperty("jconda.root", ChannelWorld.root().toString());
  }

  private static Events run(Class<?> type) {
    SEEN.clear();
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(type))
        .execute()
        .testEvents();
  }

  @Retention(RetentionPolicy.RUNTIME)
  @CondaEnv(python = "3.13", packages = "jconda-hello", channels = "embedded:")
  @interface WithHello {}

  static class Shared {
    @WithHello static Environment python;

    @Test
    void first() {
      SEEN.add(python.prefix());
      assertThat(python.run("jconda-hello").exitCode()).isZero();
    }

    @Test
    void second() {
      SEEN.add(python.prefix());
      assertThat(python.run("python", "-c", "import jconda_hello").exitCode()).isZero();
    }
  }

  @Test
  void aStaticFieldIsSharedByTheTestsOfAClassAndRemovedAfterThem() {
    run(Shared.class).assertStatistics(stats -> stats.succeeded(2).failed(0));

    assertThat(SEEN).hasSize(2);
    assertThat(SEEN.get(0)).isEqualTo(SEEN.get(1)).doesNotExist();
  }

  static class Own {
    @CondaEnv(python = "", packages = "libgfortran5", channels = "embedded:")
    Environment field;

    @Test
    void first(@CondaEnv(python = "", channels = "embedded:") Environment parameter) {
      SEEN.add(field.prefix());
      SEEN.add(parameter.prefix());
      assertThat(field.packages()).hasSize(1);
      assertThat(parameter.packages()).isEmpty();
    }

    @Test
    void second() {
      SEEN.add(field.prefix());
    }
  }

  @Test
  void aFieldOrParameterOfATestIsItsOwnAndRemovedAfterIt() {
    run(Own.class).assertStatistics(stats -> stats.succeeded(2).failed(0));

    assertThat(SEEN)
        .hasSize(3)
        .doesNotHaveDuplicates()
        .allSatisfy(p -> assertThat(p).doesNotExist());
  }

  static class OfAnotherType {
    @CondaEnv String python;

    @Test
    void test() {}
  }

  @Test
  void aFieldOfAnotherTypeIsWrongUsage() {
    run(OfAnotherType.class)
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                finishedWithFailure(
                    instanceOf(ExtensionConfigurationException.class),
                    message(text -> text.contains("python")))));
  }

  static class Impossible {
    @CondaEnv(python = "", packages = "no-such-thing", channels = "embedded:")
    Environment python;

    @Test
    void test() {}
  }

  @Test
  void whatCannotBeMadeFailsTheTestThatNeedsIt() {
    run(Impossible.class)
        .assertThatEvents()
        .haveExactly(1, event(finishedWithFailure(instanceOf(PackageNotFoundException.class))));
  }
}
