package io.jconda.spi;

import io.jconda.Operation;
import io.jconda.build.MirrorPlan;
import io.jconda.build.MirrorReport;
import io.jconda.build.MirrorRequest;

/** Does what the terminal operations of a {@link MirrorRequest} ask for. Thread-safe. */
public interface MirrorHandler {
  /** Begins {@link MirrorRequest#plan(String...)}; the request holds all specs. */
  Operation<MirrorPlan> plan(MirrorRequest request);

  /** Begins {@link MirrorRequest#copy(String...)}; the request holds all specs. */
  Operation<MirrorReport> copy(MirrorRequest request);
}
