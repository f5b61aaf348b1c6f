package io.jconda.core.cache;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Knows beside which sources of a package compiled Python lies: it names the source's time, and
 * Python compiles anew, at every start, what does not fit.
 */
final class CompiledPython {
  private static final String CACHE = "__pycache__/";

  private final Set<String> sources = new HashSet<>();

  /** Looks through a package's paths. */
  CompiledPython(Collection<String> paths) {
    for (String path : paths) {
      if (path.endsWith(".pyc")) {
        sources.add(source(path));
      }
    }
  }

  private static String source(String compiled) {
    int name = compiled.lastIndexOf('/') + 1;
    String folder = compiled.substring(0, name);
    boolean cached = folder.equals(CACHE) || folder.endsWith("/" + CACHE);
    if (!cached) {
      // Python 2: beside the source
      return compiled.substring(0, compiled.length() - 1);
    }
    // Python 3: __pycache__/module.cpython-313.pyc, or .opt-1.pyc
    int end = compiled.indexOf('.', name);
    return folder.substring(0, folder.length() - CACHE.length())
        + compiled.substring(name, end)
        + ".py";
  }

  /** Tells whether a path is a source with compiled Python beside it. */
  boolean fits(String path) {
    return sources.contains(path);
  }
}
