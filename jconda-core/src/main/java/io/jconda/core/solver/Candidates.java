package io.jconda.core.solver;

import io.jconda.spec.PackageRecord;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds all candidates of one name, in the order of their classes: candidates are of one class if
 * track_features, channel rank, version and build number do not tell them apart.
 */
final class Candidates {
  private final String name;
  private final List<PackageRecord> records;
  private final int[] classes;
  private final List<PackageRecord> hidden;
  private final Map<String, List<PackageRecord>> shutOut;
  private final Map<BitSet, Subset> subsets = new HashMap<>();

  /** The variable of the first candidate, those of the others follow; -1 until there are any. */
  int firstVariable = -1;

  int group = -1;

  /** The candidate that comes before all others because it is installed; -1 if none does. */
  int favoured = -1;

  /** The candidates, best first, within a class only once the class is sorted. */
  private final int[] order;

  private final BitSet sortedClasses = new BitSet();

  /**
   * Makes candidates.
   *
   * @param records the records in the order of their classes
   * @param classes the class of each, 0 for the best
   * @param hidden records of lower channels that strict priority shuts out
   * @param shutOut other records that are no candidates, by the reason
   */
  Candidates(
      String name,
      List<PackageRecord> records,
      int[] classes,
      List<PackageRecord> hidden,
      Map<String, List<PackageRecord>> shutOut) {
    this.name = name;
    this.records = records;
    this.classes = classes;
    this.hidden = hidden;
    this.shutOut = shutOut;
    this.order = new int[records.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  String name() {
    return name;
  }

  int size() {
    return records.size();
  }

  /** Tells whether there are records of the name at all, be they candidates or shut out. */
  boolean isKnown() {
    return !records.isEmpty() || !shutOut.isEmpty();
  }

  List<PackageRecord> records() {
    return records;
  }

  PackageRecord record(int index) {
    return records.get(index);
  }

  List<PackageRecord> hidden() {
    return hidden;
  }

  /**
   * Returns the records that the request's options shut out, by the reason, in words that follow
   * those for the package.
   */
  Map<String, List<PackageRecord>> shutOut() {
    return shutOut;
  }

  int classOf(int index) {
    return classes[index];
  }

  /** Returns the index behind the last candidate of the class that begins at an index. */
  int classEnd(int start) {
    int end = start + 1;
    while (end < classes.length && classes[end] == classes[start]) {
      end++;
    }
    return end;
  }

  /** Returns the index of the first candidate of the class that an index is in. */
  int classStart(int index) {
    int start = index;
    while (start > 0 && classes[start - 1] == classes[index]) {
      start--;
    }
    return start;
  }

  /** Returns the candidate at a place of the order. */
  int ordered(int place) {
    return order[place];
  }

  boolean isSorted(int classNumber) {
    return sortedClasses.get(classNumber);
  }

  void setOrder(int start, int[] indexes) {
    System.arraycopy(indexes, 0, order, start, indexes.length);
    sortedClasses.set(classes[start]);
  }

  Subset subset(BitSet members) {
    return subsets.computeIfAbsent(members, key -> new Subset(this, key));
  }

  Subset all() {
    BitSet all = new BitSet(size());
    all.set(0, size());
    return subset(all);
  }

  int variable(int index) {
    return firstVariable + index;
  }
}
