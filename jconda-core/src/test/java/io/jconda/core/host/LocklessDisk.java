package io.jconda.core.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.Future;

/** Is a disk with a file system that has no locks, as some network file systems have none. */
public final class LocklessDisk extends Disk {
  @Override
  public AsynchronousFileChannel openLockChannel(Path file) throws IOException {
    return new Lockless(super.openLockChannel(file));
  }

  private static final class Lockless extends AsynchronousFileChannel {
    private final AsynchronousFileChannel channel;

    Lockless(AsynchronousFileChannel channel) {
      this.channel = channel;
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      throw new IOException("No locks available");
    }

    @Override
    public <A> void lock(
        long position,
        long size,
        boolean shared,
        A attachment,
        CompletionHandler<FileLock, ? super A> handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<FileLock> lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public AsynchronousFileChannel truncate(long size) throws IOException {
      return channel.truncate(size);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      channel.force(metaData);
    }

    @Override
    public <A> void read(
        ByteBuffer target,
        long position,
        A attachment,
        CompletionHandler<Integer, ? super A> handler) {
      channel.read(target, position, attachment, handler);
    }

    @Override
    public Future<Integer> read(ByteBuffer target, long position) {
      return channel.read(target, position);
    }

    @Override
    public <A> void write(
        ByteBuffer source,
        long position,
        A attachment,
        CompletionHandler<Integer, ? super A> handler) {
      channel.write(source, position, attachment, handler);
    }

    @Override
    public Future<Integer> write(ByteBuffer source, long position) {
      return channel.write(source, position);
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
