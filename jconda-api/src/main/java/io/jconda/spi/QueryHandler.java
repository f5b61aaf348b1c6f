package io.jconda.spi;

import io.jconda.Operation;
import io.jconda.query.PackageQuery;
import io.jconda.query.PackageTree;
import io.jconda.query.SearchResult;
import io.jconda.spec.MatchSpec;
import java.util.List;

/** Does what the terminal operations of a {@link PackageQuery} ask for. Thread-safe. */
public interface QueryHandler {
  /** Begins {@link PackageQuery#search(String...)}. */
  Operation<SearchResult> search(PackageQuery query, List<MatchSpec> specs);

  /** Begins {@link PackageQuery#depends(String)}. */
  Operation<PackageTree> depends(PackageQuery query, MatchSpec spec);

  /** Begins {@link PackageQuery#whoNeeds(String)}. */
  Operation<PackageTree> whoNeeds(PackageQuery query, MatchSpec spec);
}
