package io.jconda.core.cache;

import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.Events;
import io.jconda.core.util.OperationContext;
import io.jconda.progress.ProgressEvent;
import io.jconda.progress.ProgressListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the events of one operation. */
final class RecordingListener implements ProgressListener {
  private final List<ProgressEvent> events = new CopyOnWriteArrayList<>();
  private final CancellationToken token = CancellationToken.create();
  private final OperationContext context = new OperationContext(token, new Events(this));

  @Override
  public void on(ProgressEvent event) {
    events.add(event);
  }

  OperationContext context() {
    return context;
  }

  CancellationToken token() {
    return token;
  }

  List<ProgressEvent> events() {
    return events;
  }

  <T extends ProgressEvent> List<T> events(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
