package io.jconda.core.repodata;

import io.jconda.core.util.OperationContext;
import io.jconda.spec.PackageRecord;
import java.io.IOException;
import java.util.List;

/**
 * Is the index of one subdir, in whatever form the channel has it: finds the records of a name
 * without making anything of the others. Thread-safe; nobody closes it.
 */
interface SubdirIndex {
  /** Takes what is found of a name. */
  interface Sink {
    void record(PackageRecord record);

    /** Hears of a record that is of no use. */
    void leftOut(String fileName, String reason);

    /** Hears that there are records that are not in the cache and must not be fetched. */
    void missing();
  }

  /** Returns the names that it has records of, sorted. */
  List<String> names();

  /** Returns how many records it has; where only the names are known, how many of these. */
  int size();

  /** Returns the base of the archives' URLs (CEP-15), empty if it names none. */
  String baseUrl();

  /**
   * Reads all records of a name, in the order of the index.
   *
   * @param name the name, in lower case
   * @param from this index, with the place that it is the index of
   * @throws IOException if it cannot be read from the cache any more
   * @throws io.jconda.ChannelException if it cannot be fetched
   * @throws io.jconda.OperationCancelledException if the operation is cancelled
   */
  void read(String name, LoadedSubdir from, OperationContext context, Sink sink) throws IOException;

  /** Tells whether {@link #read} needs no network for a name. */
  default boolean isAtHand(String name) {
    return true;
  }

  /**
   * Fetches what {@link #read} of a name will need, if anything. Blocks.
   *
   * @throws io.jconda.ChannelException if it cannot be fetched
   * @throws io.jconda.OperationCancelledException if the operation is cancelled
   */
  default void fetch(String name, LoadedSubdir from, OperationContext context) throws IOException {}
}
