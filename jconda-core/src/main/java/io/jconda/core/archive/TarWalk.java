package io.jconda.core.archive;

import io.jconda.core.util.PieceStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

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
    TarStream tar = reader.tar(stream);
    while (true) {
      Optional<TarEntry> entry = reader.guard(tar::next);
      if (entry.isEmpty()) {
        break;
      }
      visit(tar, entry.get());
    }
    rules.checkLinks();
    reader.guard(tar::drain);
  }

  private void visit(TarStream tar, TarEntry entry) throws IOException {
    expansion.addEntry();
    String path = rules.clean(entry.name());
    switch (entry.kind()) {
      case FOLDER -> {
        if (rules.directory(path)) {
          visitor.directory(path);
        }
      }
      case SYMBOLIC_LINK -> {
        rules.symbolicLink(path, entry.linkName());
        visitor.symbolicLink(path, entry.linkName());
      }
      case HARD_LINK -> visitHardLink(path, rules.clean(entry.linkName()));
      case FILE -> {
        rules.file(path);
        InputStream content =
            entry.map().isPresent() ? entry.map().get().fill(tar, expansion) : tar;
        visitor.file(
            new FileEntry(path, entry.size(), (entry.mode() & EXECUTABLE) != 0, entry.modified()),
            new Content(content));
      }
      case OTHER -> throw rules.refuse(path, "is neither a file nor a folder nor a link");
    }
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
  private final class Content extends PieceStream {
    private final InputStream decoded;

    Content(InputStream decoded) {
      this.decoded = decoded;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return reader.guard(() -> decoded.read(buffer, offset, length));
    }
  }
}
