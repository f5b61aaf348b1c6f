package io.jconda.progress;

/**
 * Hears what an operation is doing, while it does it.
 *
 * <p>The events of one operation come one after the other, never two at once, in this order:
 *
 * <pre>
 *   operation = OperationStarted, { phase | Planned | Warning | OutputLine }, ( OperationFinished | OperationFailed )
 *   phase     = PhaseStarted, { item }, PhaseFinished       phases may overlap: packages are linked while others arrive
 *   item      = IndexLoaded                                                                            (of INDEX)
 *             | Solved                                                                                 (of SOLVE)
 *             | DownloadStarted, { DownloadProgressed }, [ DownloadFinished ]                          (of FETCH)
 *             | PackageUnlinked                                                                        (of UNLINK)
 *             | PackageLinked                                                                          (of LINK)
 * </pre>
 *
 * <p>A failed or cancelled operation may leave phases and downloads unfinished; its last event is
 * still {@code OperationFailed}. {@code DownloadProgressed} is throttled to ten a second for each
 * archive; every other event is delivered.
 *
 * <p>A listener is called from the operation's own threads, never under a lock, and should return
 * soon: the operation may wait for it. One that throws is logged once and hears nothing more of
 * that operation.
 */
@FunctionalInterface
public interface ProgressListener {
  /**
   * Hears one event.
   *
   * @param event what happened
   */
  void on(ProgressEvent event);
}
