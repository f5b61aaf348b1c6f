package io.jconda.core.solver.sat;

import java.util.Arrays;

/**
 * Orders variables by how much and how lately they took part in conflicts; equals by number, so
 * that the order is the same every time.
 */
final class ActivityHeap {
  private static final double GROWTH = 1 / 0.95;
  private static final double LIMIT = 1e100;

  private double[] activity = new double[32];
  private int[] positions = new int[32];
  private final IntList heap = new IntList();
  private double increment = 1;

  void newVariable(int variable) {
    if (variable == activity.length) {
      activity = Arrays.copyOf(activity, variable * 2);
      positions = Arrays.copyOf(positions, variable * 2);
    }
    positions[variable] = -1;
    insert(variable);
  }

  double activity(int variable) {
    return activity[variable];
  }

  void bump(int variable) {
    activity[variable] += increment;
    if (activity[variable] > LIMIT) {
      for (int i = 0; i < activity.length; i++) {
        activity[i] /= LIMIT;
      }
      increment /= LIMIT;
    }
    if (positions[variable] >= 0) {
      siftUp(positions[variable]);
    }
  }

  void decay() {
    increment *= GROWTH;
  }

  void insert(int variable) {
    if (positions[variable] < 0) {
      positions[variable] = heap.size;
      heap.add(variable);
      siftUp(heap.size - 1);
    }
  }

  boolean isEmpty() {
    return heap.size == 0;
  }

  int removeFirst() {
    int first = heap.items[0];
    positions[first] = -1;
    int last = heap.removeLast();
    if (heap.size > 0) {
      put(0, last);
      siftDown(0);
    }
    return first;
  }

  private boolean before(int a, int b) {
    return activity[a] > activity[b] || (activity[a] == activity[b] && a < b);
  }

  private void put(int position, int variable) {
    heap.items[position] = variable;
    positions[variable] = position;
  }

  private void siftUp(int start) {
    int position = start;
    int variable = heap.items[position];
    while (position > 0) {
      int parent = (position - 1) >> 1;
      if (!before(variable, heap.items[parent])) {
        break;
      }
      put(position, heap.items[parent]);
      position = parent;
    }
    put(position, variable);
  }

  private void siftDown(int start) {
    int position = start;
    int variable = heap.items[position];
    while (2 * position + 1 < heap.size) {
      int child = 2 * position + 1;
      if (child + 1 < heap.size && before(heap.items[child + 1], heap.items[child])) {
        child++;
      }
      if (!before(heap.items[child], variable)) {
        break;
      }
      put(position, heap.items[child]);
      position = child;
    }
    put(position, variable);
  }
}
