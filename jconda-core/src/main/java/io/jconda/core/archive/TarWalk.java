package io.jconda.core.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** Goes through one tarball, and on to the end of the stream that it lies in. */
final class TarWalk {
  private static final int EXECUTABLE = 0111;

  private final PackageReader reader;
  private final EntryVisitor visitor;
  private final PathRules rules;
  private final Expansion expansion;

  TarWalk(PackageReader reader, EntryVisitor visitor, PathRules rules, Expansion expansion) {
    this.reader = reader;
    this.visitor = visitor;
    this.rules = rules;
    this.expansion = expansion;
  }

  void walk(InputStream stream) throws IOException {
    HeaderBudget budget = new HeaderBudget(expansion.counted(stream));
    MarkedTar tar = new MarkedTar(budget);
    while (true) {
      budget.startHeader();
      TarArchiveEntry entry = reader.guard(tar::getNextEntry);
      budget.startContent();
      if (entry == null) {
        break;
      }
      visit(tar, entry);
      reader.drain(tar);
    }
    rules.checkLinks();
    budget.startContent();
    reader.drain(budget);
  }

  private void visit(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
    expansion.addEntry();
    String path = rules.clean(entry.getName());
    if (entry.isDirectory()) {
      if (rules.directory(path)) {
        visitor.directory(path);
      }
    } else if (entry.isSymbolicLink()) {
      rules.symbolicLink(path, entry.getLinkName());
      visitor.symbolicLink(path, entry.getLinkName());
    } else if (entry.isLink()) {
      visitHardLink(path, rules.clean(entry.getLinkName()));
    } else if (entry.isFile() && !isSpecial(entry)) {
      if (!tar.canReadEntryData(entry)) {
        throw rules.refuse(path, "is stored in a way that is not known");
      }
      rules.file(path);
      visitor.file(
          new FileEntry(
              path,
              entry.isSparse() ? entry.getRealSize() : entry.getSize(),
              (entry.getMode() & EXECUTABLE) != 0,
              entry.getLastModifiedTime().toInstant()),
          new Content(tar, entry.isSparse()));
    } else {
      throw rules.refuse(path, "is neither a file nor a folder nor a link");
    }
  }

  private static boolean isSpecial(TarArchiveEntry entry) {
    return entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO();
  }

  private void visitHardLink(String path, String existing) throws IOException {
    String target = rules.linkedTarget(path, existing);
    if (target != null) {
      rules.symbolicLink(path, target);
      visitor.symbolicLink(path, target);
    } else {
      rules.hardLink(path, existing);
      visitor.hardLink(path, existing);
    }
  }

  /** Hands a file's bytes to the visitor; a failure of decoding is not to pass for one of disk. */
  private final class Content extends InputStream {
    private final InputStream tar;
    private final boolean sparse;

    Content(InputStream tar, boolean sparse) {
      this.tar = tar;
      this.sparse = sparse;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      int count = read(one, 0, 1);
      return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int got = reader.guard(() -> tar.read(buffer, offset, length));
      if (sparse && got > 0) {
        // its holes are in no stream
        expansion.add(got);
      }
      return got;
    }
  }

  /** A tarball that must have its end mark, so that one cut between two entries is found out. */
  private static final class MarkedTar extends TarArchiveInputStream {
    private boolean ended;

    MarkedTar(InputStream in) {
      super(in, StandardCharsets.UTF_8.name());
    }

    @Override
    protected boolean isEOFRecord(byte @Nullable [] record) {
      if (record == null && !ended) {
        throw new IllegalStateException("the tarball has no end mark");
      }
      boolean end = super.isEOFRecord(record);
      ended |= end;
      return end;
    }
  }

  /** Bounds what long names and extended headers may make the reader keep in memory. */
  private static final class HeaderBudget extends FilterInputStream {
    private static final long LIMIT = 1 << 20;

    private long left = LIMIT;
    private boolean header = true;

    HeaderBudget(InputStream in) {
      super(in);
    }

    void startHeader() {
      header = true;
      left = LIMIT;
    }

    void startContent() {
      header = false;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      spend(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      spend(count);
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      spend(skipped);
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private void spend(long count) throws IOException {
      if (header && count > 0) {
        left -= count;
        if (left < 0) {
          throw new IOException("an entry's header is longer than " + LIMIT + " bytes");
        }
      }
    }
  }
}
