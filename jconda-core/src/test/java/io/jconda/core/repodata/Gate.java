package io.jconda.core.repodata;

import com.github.tomakehurst.wiremock.extension.Parameters;
import com.github.tomakehurst.wiremock.extension.ServeEventListener;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.concurrent.CountDownLatch;

/** Lets a server's answers out, or holds them back until it is opened. */
final class Gate implements ServeEventListener {
  private volatile CountDownLatch latch = new CountDownLatch(0);

  /** Holds back what is answered from now on. */
  void shut() {
    latch = new CountDownLatch(1);
  }

  /** Lets out what was held back. */
  void open() {
    latch.countDown();
  }

  @Override
  public void beforeResponseSent(ServeEvent event, Parameters parameters) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String getName() {
    return "gate";
  }
}
