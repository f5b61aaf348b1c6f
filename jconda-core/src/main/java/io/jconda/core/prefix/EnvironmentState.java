package io.jconda.core.prefix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jconda.CondaException;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the variables that users give an environment: {@code conda-meta/state} (conda:
 * {@code core/prefix_data.py}).
 */
public final class EnvironmentState {
  /** What conda writes for a variable that its user unset (conda: {@code base/constants.py}). */
  public static final String UNSET = "***unset***";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VARIABLES = "env_vars";

  private EnvironmentState() {}

  /** Returns the file, whether it is there or not. */
  public static Path file(Path prefix) {
    return PrefixRecords.metaFolder(prefix).resolve("state");
  }

  /**
   * Returns the variables of an environment, those that are unset left out.
   *
   * @throws CondaException if the file is damaged
   * @throws io.jconda.StorageException if it cannot be read
   */
  public static Map<String, String> variables(Path prefix) {
    Map<String, String> variables = new LinkedHashMap<>();
    read(prefix)
        .path(VARIABLES)
        .properties()
        .forEach(each -> variables.put(each.getKey(), each.getValue().asText()));
    variables.values().removeIf(UNSET::equals);
    return variables;
  }

  /**
   * Adds variables, in the place of those of the same name; what else the file says stays. The
   * environment must be kept for the caller alone.
   *
   * @throws CondaException if the file is damaged
   * @throws io.jconda.StorageException if it cannot be read or written
   */
  public static void add(Path prefix, Map<String, String> added, Disk disk) {
    ObjectNode state = read(prefix);
    ObjectNode variables =
        state.get(VARIABLES) instanceof ObjectNode there ? there : state.putObject(VARIABLES);
    added.forEach(variables::put);
    try {
      disk.publish(file(prefix), state.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw DiskFailure.explain("write the variables of an environment", file(prefix), e);
    }
  }

  private static ObjectNode read(Path prefix) {
    Path file = file(prefix);
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      if (json instanceof ObjectNode object) {
        return object;
      }
      throw broken(file, "an object is expected", null);
    } catch (NoSuchFileException e) {
      return JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      throw broken(file, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw DiskFailure.explain("read the variables of an environment", file, e);
    }
  }

  private static CondaException broken(Path file, String why, @Nullable Throwable cause) {
    return new CondaException(
        "The environment's variables in %s cannot be read: %s.".formatted(file, why),
        "Mend or delete the file; it holds JSON with the names and values of variables.",
        cause);
  }
}
