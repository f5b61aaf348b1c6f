package io.jconda.junit;

import io.jconda.CheckReturnValue;
import io.jconda.Conda;
import io.jconda.Environment;
import io.jconda.EnvironmentNotFoundException;
import io.jconda.EnvironmentRequest;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Makes the environments that {@link CondaEnv} asks for, and removes them; JUnit finds it through
 * the annotation.
 */
@SuppressWarnings("exports") // who uses this has JUnit on its own module path
public final class CondaEnvExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {
  private static final System.Logger LOG = System.getLogger(CondaEnvExtension.class.getName());

  /** Short, because the placeholder of some packages leaves little room for a prefix. */
  private static final String NAME = "junit-%08x";

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(CondaEnvExtension.class);

  /** For JUnit. */
  public CondaEnvExtension() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    fill(context, context.getRequiredTestClass(), Optional.empty());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
      fill(context, instance.getClass(), Optional.of(instance));
    }
  }

  private static void fill(ExtensionContext context, Class<?> type, Optional<Object> instance) {
    for (Field field :
        ReflectionSupport.findFields(
            type,
            field -> AnnotationSupport.isAnnotated(field, CondaEnv.class),
            HierarchyTraversalMode.TOP_DOWN)) {
      if (Modifier.isStatic(field.getModifiers()) == instance.isEmpty()) {
        fill(context, field, instance);
      }
    }
  }

  private static void fill(ExtensionContext context, Field field, Optional<Object> instance) {
    if (field.getType() != Environment.class || Modifier.isFinal(field.getModifiers())) {
      throw new ExtensionConfigurationException(
          "@CondaEnv stands on %s, which must be a field of type %s that is not final."
              .formatted(field, Environment.class.getName()));
    }
    CondaEnv wanted = AnnotationSupport.findAnnotation(field, CondaEnv.class).orElseThrow();
    Environment environment = make(context, wanted);
    try {
      field.setAccessible(true);
      field.set(instance.orElse(null), environment);
    } catch (IllegalAccessException e) {
      throw new ExtensionConfigurationException("@CondaEnv cannot set " + field + ".", e);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    boolean annotated = parameter.isAnnotated(CondaEnv.class);
    if (annotated && parameter.getParameter().getType() != Environment.class) {
      throw new ExtensionConfigurationException(
          "@CondaEnv stands on %s, which must be of type %s."
              .formatted(parameter.getParameter(), Environment.class.getName()));
    }
    return annotated;
  }

  @Override
  public Environment resolveParameter(ParameterContext parameter, ExtensionContext context) {
    CondaEnv wanted = parameter.findAnnotation(CondaEnv.class).orElseThrow();
    return make(context, wanted);
  }

  private static Environment make(ExtensionContext context, CondaEnv wanted) {
    Environment environment = request(wanted).create();
    made(context).add(environment);
    return environment;
  }

  /**
   * Returns the environments that live as long as a context; a store hands its own on to contexts
   * within.
   */
  @SuppressWarnings("unchecked")
  private static Queue<Environment> made(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            context.getUniqueId(), id -> new ConcurrentLinkedQueue<Environment>(), Queue.class);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    removeAll(made(context));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    removeAll(made(context));
  }

  private static void removeAll(Queue<Environment> environments) {
    for (Environment next = environments.poll(); next != null; next = environments.poll()) {
      try {
        next.remove();
      } catch (EnvironmentNotFoundException e) {
        LOG.log(System.Logger.Level.DEBUG, "The test removed its environment itself.", e);
      }
    }
  }

  @CheckReturnValue
  private static EnvironmentRequest request(CondaEnv wanted) {
    EnvironmentRequest request =
        Conda.env(NAME.formatted(ThreadLocalRandom.current().nextInt()))
            .channel(wanted.channels())
            .with(wanted.packages());
    return wanted.python().isEmpty() ? request : request.python(wanted.python());
  }
}
