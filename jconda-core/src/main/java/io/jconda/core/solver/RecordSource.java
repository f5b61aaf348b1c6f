package io.jconda.core.solver;

import io.jconda.spec.PackageRecord;
import java.util.Collection;
import java.util.List;

/**
 * Gives the solver the records of the channels, name by name, so that what it does not reach need
 * not be read.
 *
 * <p>It must answer the same for the whole of a solve. The solver asks from one thread.
 */
public interface RecordSource {
  /**
   * Returns all records of a name, over all channels and subdirs, in any order; none if the name is
   * not known. May block while an index is read.
   *
   * @param name a package's name, in lower case
   */
  List<PackageRecord> records(String name);

  /**
   * Returns the rank of the channel that a record is of: 0 for the channel of highest priority, the
   * same for all subdirs of a channel. Records of {@link #records} have the rank of their channel;
   * a record that no channel of the request has (an installed one, perhaps) has the rank behind the
   * last.
   */
  int channelRank(PackageRecord record);

  /**
   * Returns all names that there are records of, in any order. It is asked for only to find what a
   * glob or regular expression of a name means, or names that look alike.
   */
  Collection<String> names();
}
