package io.jconda.core.install;

import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.progress.ProgressListener;

/** Cancels its operation when a number of packages has been linked. */
final class CancellingListener implements ProgressListener {
  private final CancellationToken token;
  private int left;

  private CancellingListener(CancellationToken token, int packages) {
    this.token = token;
    this.left = packages;
  }

  static OperationContext afterLinking(int packages) {
    CancellationToken token = CancellationToken.create();
    return new OperationContext(token, new Events(new CancellingListener(token, packages)));
  }

  @Override
  public void on(ProgressEvent event) {
    if (event instanceof ProgressEvent.PackageLinked && --left == 0) {
      token.cancel("cancelled by the test");
    }
  }
}
