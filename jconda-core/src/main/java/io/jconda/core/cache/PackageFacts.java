package io.jconda.core.cache;

import io.jconda.spec.NoarchType;
import java.util.List;
import java.util.Optional;

/**
 * Holds what a package says of itself beside its paths.
 *
 * @param indexJson the text of {@code info/index.json}
 * @param noarch its type, if it is not native
 * @param entryPoints those of {@code info/link.json}
 * @param pythonSitePackagesPath where a Python looks for modules (CEP-17)
 */
record PackageFacts(
    String indexJson,
    Optional<NoarchType> noarch,
    List<String> entryPoints,
    Optional<String> pythonSitePackagesPath) {}
