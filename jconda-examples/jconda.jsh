// JConda at a JShell prompt. From the project's folder, after `mvn -DskipTests package`:
//
//     jshell --class-path jconda-examples/target/jconda.jar jconda-examples/jconda.jsh
//
//     jshell> var env = Conda.env("demo").channel("embedded:").python("3.13").ensure("numpy")
//     jshell> sh(env, "python", "-c", "import numpy; print(numpy.arange(3) * 2)")

import io.jconda.*;
import io.jconda.build.*;
import io.jconda.process.*;
import io.jconda.spec.*;
import java.nio.file.Path;

/** Runs a program in an environment and prints what it says. */
void sh(Environment env, String program, String... arguments) {
  CommandResult result = env.run(program, arguments);
  System.out.print(result.stdout());
  System.err.print(result.stderr());
}
