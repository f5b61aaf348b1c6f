package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles what docs/running.md shows. */
class RunningDocsTest {
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final String FRAME =
      """
      import io.jconda.*;
      import io.jconda.process.*;
      import io.jconda.spec.*;
      import java.nio.file.*;
      import java.time.*;
      import java.util.*;
      class Example%d {
        static void run(Environment env, Map<String, String> theirs, Path script, Path work,
            Path wheels, Path project, List<Path> files) throws Exception {
      %s
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void everyExampleCompiles() throws IOException {
    String text = Files.readString(Path.of("..", "docs", "running.md"));
    List<JavaFileObject> sources = new ArrayList<>();
    Matcher examples = EXAMPLE.matcher(text);
    while (examples.find()) {
      sources.add(source(sources.size(), examples.group(1)));
    }
    assertThat(sources).hasSizeGreaterThan(3);

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-d",
                    folder.toString(),
                    "-cp",
                    System.getProperty("java.class.path")),
                null,
                sources)
            .call();

    assertThat(compiled).as(said.toString()).isTrue();
  }

  private static JavaFileObject source(int number, String example) {
    String text = FRAME.formatted(number, example);
    URI name = URI.create("string:///Example" + number + ".java");
    return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
