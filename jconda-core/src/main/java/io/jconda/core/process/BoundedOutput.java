package io.jconda.core.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps what a program writes in bounded memory: all of it, or the first and the last half of what
 * is allowed. Thread-safe.
 */
final class BoundedOutput {
  private final long headLimit;
  private final long tailLimit;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private final Deque<byte[]> tail = new ArrayDeque<>();
  private long tailBytes;
  private long droppedBytes;

  BoundedOutput(long limit) {
    this.headLimit = limit / 2;
    this.tailLimit = limit - headLimit;
  }

  synchronized void add(byte[] bytes, int count) {
    int toHead = (int) Math.min(count, headLimit - head.size());
    head.write(bytes, 0, toHead);
    if (toHead == count) {
      return;
    }
    byte[] rest = new byte[count - toHead];
    System.arraycopy(bytes, toHead, rest, 0, rest.length);
    tail.addLast(rest);
    tailBytes += rest.length;
    while (tailBytes - tail.getFirst().length >= tailLimit) {
      int gone = tail.removeFirst().length;
      tailBytes -= gone;
      droppedBytes += gone;
    }
  }

  /** Tells whether something was left out. */
  synchronized boolean isTruncated() {
    return omitted() > 0;
  }

  private long omitted() {
    return droppedBytes + Math.max(0, tailBytes - tailLimit);
  }

  synchronized String text(Charset charset) {
    byte[] end = new byte[(int) Math.min(tailBytes, tailLimit)];
    long toSkip = tailBytes - end.length;
    int at = 0;
    for (byte[] chunk : tail) {
      int from = (int) Math.min(chunk.length, toSkip);
      toSkip -= from;
      System.arraycopy(chunk, from, end, at, chunk.length - from);
      at += chunk.length - from;
    }
    if (omitted() > 0) {
      return head.toString(charset)
          + "%n[... %,d bytes are left out here ...]%n".formatted(omitted())
          + new String(end, charset);
    }
    // joined before it is decoded: a character may lie across the two
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.size() + end.length);
    all.writeBytes(head.toByteArray());
    all.writeBytes(end);
    return all.toString(charset);
  }
}
