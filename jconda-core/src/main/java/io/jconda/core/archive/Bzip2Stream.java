package io.jconda.core.archive;

import io.jconda.core.archive.Bzip2Block.Decoded;
import io.jconda.core.archive.Bzip2Pieces.Piece;
import io.jconda.core.util.PieceStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Decodes bzip2, one stream or several that are joined, and checks every sum. Where processors are
 * idle they decode blocks that come next; how many is bounded, and so is the memory that it takes.
 * Where none is, each block is read and decoded when it is wanted, by the thread that wants it. For
 * one thread.
 */
final class Bzip2Stream extends PieceStream {
  /** "BZh" and a digit. */
  private static final int HEADER_BITS = 32;

  private static final int HEADER = 'B' << 16 | 'Z' << 8 | 'h';
  private static final int CHECK_SUM_BITS = 32;
  private static final int LEVEL_BYTES = 100_000;

  /** Each block in hand takes up to two megabytes: of a small heap they may take a sixteenth. */
  private static final int MOST_AHEAD =
      (int)
          Math.min(
              Math.min(8, Runtime.getRuntime().availableProcessors() + 1),
              Math.max(2, Runtime.getRuntime().maxMemory() >> 25));

  private final Bzip2Pieces pieces;
  private final IdleProcessors idle;

  /** The blocks in hand, in their order; those who help look at it too. */
  private final ConcurrentLinkedDeque<Work> ahead = new ConcurrentLinkedDeque<>();

  private final AtomicInteger helping = new AtomicInteger();
  private final Bzip2Runs runs = new Bzip2Runs();

  /** At which bit the next block, or the end, must begin; negative before the first header. */
  private long expected = -1;

  private int level;
  private int checkSum;
  private int checkSumOfBlock;
  private boolean inBlock;
  private boolean ended;
  private volatile boolean closed;

  /**
   * Wraps a compressed stream; reads nothing yet.
   *
   * @param in what is decoded; not closed with this
   * @param idle what may help
   */
  Bzip2Stream(InputStream in, IdleProcessors idle) {
    this.pieces = new Bzip2Pieces(in);
    this.idle = idle;
  }

  /** A block that somebody decodes, once. */
  private static final class Work {
    private final Piece piece;
    private final FutureTask<Decoded> decoding;
    private final AtomicBoolean begun = new AtomicBoolean();

    Work(Piece piece) {
      this.piece = piece;
      this.decoding =
          new FutureTask<>(() -> Bzip2Block.decode(piece.bytes(), piece.offset(), piece.limit()));
    }

    /** Decodes it, unless somebody has begun to; returns whether it was this call. */
    boolean begin() {
      if (!piece.begins(Bzip2Pieces.BLOCK) || !begun.compareAndSet(false, true)) {
        return false;
      }
      decoding.run();
      return true;
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int got = inBlock ? runs.write(target, offset, length) : 0;
      if (got > 0) {
        return got;
      }
      if (inBlock) {
        finishBlock();
      }
      beginBlock();
    }
    return -1;
  }

  private void finishBlock() throws IOException {
    inBlock = false;
    if (runs.checkSum() != checkSumOfBlock) {
      throw new IOException("a block of it has another check sum than it should have");
    }
    checkSum = Integer.rotateLeft(checkSum, 1) ^ checkSumOfBlock;
  }

  /** Goes on to the next block, or to the end of the last stream. */
  private void beginBlock() throws IOException {
    if (expected < 0) {
      Piece first = pieces.next();
      if (first == null) {
        throw new EOFException("it is empty");
      }
      readHeader(first, 0);
    }
    while (!inBlock && !ended) {
      Work work = take();
      if (work.piece.begins(Bzip2Pieces.END)) {
        finishStream(work.piece);
      } else {
        begin(decoded(work));
      }
    }
  }

  private void begin(Decoded block) throws IOException {
    if (block.bytes().length > level * LEVEL_BYTES) {
      throw new IOException("a block of it is longer than its header allows");
    }
    expected += block.bits();
    checkSumOfBlock = block.checkSum();
    runs.begin(block.bytes());
    inBlock = true;
  }

  /** Returns what begins where the last block ended. */
  private Work take() throws IOException {
    lookAhead();
    Work work = ahead.poll();
    while (work != null && work.piece.begin() < expected) {
      // what it begins with stood inside of a block by chance
      lookAhead();
      work = ahead.poll();
    }
    if (work == null) {
      throw new EOFException("it ends too early");
    }
    if (work.piece.begin() > expected
        || !(work.piece.begins(Bzip2Pieces.BLOCK) || work.piece.begins(Bzip2Pieces.END))) {
      throw new IOException("it has no block where one should begin");
    }
    return work;
  }

  /** Reads the next piece, and more of them as long as somebody decodes them meanwhile. */
  private void lookAhead() throws IOException {
    while (ahead.size() < MOST_AHEAD && (ahead.isEmpty() || isHelped())) {
      Piece piece = pieces.next();
      if (piece == null) {
        return;
      }
      ahead.add(new Work(piece));
    }
  }

  private boolean isHelped() {
    if (helping.get() > 0) {
      return true;
    }
    helping.incrementAndGet();
    if (idle.lend(this::help)) {
      return true;
    }
    helping.decrementAndGet();
    return false;
  }

  /** Decodes blocks as long as there are some that nobody decodes. */
  private void help() {
    boolean more = true;
    while (more && !closed && !idle.areWanted()) {
      more = false;
      for (Work work : ahead) {
        if (work.begin()) {
          more = true;
          break;
        }
      }
    }
    helping.decrementAndGet();
  }

  private Decoded decoded(Work work) throws IOException {
    work.begin();
    // somebody else has it in hand: meanwhile there may be another one to do
    Iterator<Work> others = ahead.iterator();
    while (!work.decoding.isDone() && others.hasNext()) {
      others.next().begin();
    }
    if (!work.decoding.isDone()) {
      idle.await(work.decoding);
    }
    try {
      return work.decoding.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody waits for what is done.", e);
    } catch (ExecutionException e) {
      return after(e.getCause(), work.piece);
    }
  }

  private Decoded after(@Nullable Throwable failure, Piece piece) throws IOException {
    if (failure instanceof IOException && !piece.last()) {
      return decodedToItsEnd(piece);
    }
    if (failure instanceof IOException torn) {
      throw torn;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException("a block of it makes no sense", failure);
  }

  /** Decodes a block that a number cut in two which stood in it by chance, if that is so. */
  private Decoded decodedToItsEnd(Piece cut) throws IOException {
    Piece whole = back(cut);
    Decoded decoded = Bzip2Block.decode(whole.bytes(), whole.offset(), whole.limit());
    pieces.goOnAt(whole.begin() + decoded.bits());
    return decoded;
  }

  private Piece back(Piece from) throws IOException {
    Piece whole = pieces.back(from, ahead.stream().map(work -> work.piece).toList());
    ahead.clear();
    return whole;
  }

  private void finishStream(Piece found) throws IOException {
    Piece piece = found;
    int sums = Bzip2Pieces.MAGIC_BITS + CHECK_SUM_BITS;
    // the next stream, if there is one, begins with a whole byte
    int next = sums + (int) (-(piece.begin() + sums) & 7);
    boolean cut = piece.length() < next + HEADER_BITS && !piece.last();
    if (cut) {
      piece = back(piece);
    }
    if (piece.length() < sums) {
      throw new EOFException("it ends too early");
    }
    if ((int) piece.bits(Bzip2Pieces.MAGIC_BITS, CHECK_SUM_BITS) != checkSum) {
      throw new IOException("its blocks have another check sum than they should have");
    }
    if (piece.last() && piece.length() <= next) {
      ended = true;
      return;
    }
    readHeader(piece, next);
    if (cut) {
      pieces.goOnAt(expected);
    }
  }

  private void readHeader(Piece piece, int at) throws IOException {
    long header = piece.length() < at + HEADER_BITS ? 0 : piece.bits(at, HEADER_BITS);
    level = (int) (header & 0xff) - '0';
    if (header >>> 8 != HEADER || level < 1 || level > 9) {
      throw new IOException(
          at == 0 ? "it is not in the format of bzip2" : "there is something behind its end");
    }
    checkSum = 0;
    expected = piece.begin() + at + HEADER_BITS;
  }

  /** Lets nobody begin another block; those that are begun come to their end. */
  @Override
  public void close() {
    closed = true;
    ended = true;
    ahead.clear();
  }
}
