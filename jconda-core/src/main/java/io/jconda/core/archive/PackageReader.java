package io.jconda.core.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.jconda.CondaException;
import io.jconda.IntegrityException;
import io.jconda.core.util.JsonTree;
import io.jconda.core.util.OperationContext;
import io.jconda.core.util.PieceStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a package's archive in one pass, as a stream, in memory that does not grow with it.
 *
 * <p>Input is trusted with nothing: names that leave the package, links that do, files under links,
 * devices, names given twice, what unpacks to a thousand times its size, and everything that is not
 * what its check sums say are refused. Permissions shrink to the executable bit. Instances belong
 * to one call.
 */
public final class PackageReader {
  /** Tools of conda make frames of up to 128 MiB. */
  private static final int MAX_WINDOW_LOG = 27;

  private static final int BUFFER = 1 << 16;

  /**
   * Enough for headers and small files. Who reads more than that at once gets it straight from the
   * decoder, without a copy.
   */
  private static final int TAR_BUFFER = 1 << 14;

  private static final int MAX_METADATA = 1 << 16;

  private final String archiveName;
  private final Source source;
  private final EntryVisitor visitor;
  private final Expansion expansion;
  private final IdleProcessors idle;

  /** What is read into it is not looked at. */
  private final byte[] nowhere = new byte[BUFFER];

  private PackageReader(
      String archiveName, Source source, EntryVisitor visitor, IdleProcessors idle) {
    this.archiveName = archiveName;
    this.source = source;
    this.visitor = visitor;
    this.idle = idle;
    this.expansion = new Expansion(archiveName, source::count);
  }

  /**
   * Reads a package and tells a visitor what is in it. Blocks; reads the stream to its very end, so
   * that a hash taken on the way is that of the whole archive; does not close it.
   *
   * @param archiveName what messages call the archive: its file name, URL or path
   * @param archive the archive's bytes
   * @param format what they are
   * @param visitor who is told
   * @param context asked now and then whether to stop
   * @throws IntegrityException if the archive is torn, is not of that format, or holds an entry
   *     that is refused; the message names both
   * @throws IOException what {@code archive} or the visitor threw
   * @throws io.jconda.OperationCancelledException if the operation should stop
   */
  public static void read(
      String archiveName,
      InputStream archive,
      ArchiveFormat format,
      EntryVisitor visitor,
      OperationContext context)
      throws IOException {
    read(archiveName, archive, format, visitor, IdleProcessors.NONE, context);
  }

  /**
   * Reads a package and tells a visitor what is in it, as above, and has processors help that are
   * idle. Some may still be at work on something that nobody needs any more when this returns or
   * throws.
   *
   * @param archiveName what messages call the archive: its file name, URL or path
   * @param archive the archive's bytes
   * @param format what they are
   * @param visitor who is told, by the calling thread
   * @param idle what may help
   * @param context asked now and then whether to stop
   * @throws IntegrityException if the archive is torn, is not of that format, or holds an entry
   *     that is refused; the message names both
   * @throws IOException what {@code archive} or the visitor threw
   * @throws io.jconda.OperationCancelledException if the operation should stop
   */
  public static void read(
      String archiveName,
      InputStream archive,
      ArchiveFormat format,
      EntryVisitor visitor,
      IdleProcessors idle,
      OperationContext context)
      throws IOException {
    PackageReader reader =
        new PackageReader(archiveName, new Source(archive, context), visitor, idle);
    switch (format) {
      case CONDA -> reader.readConda();
      case TAR_BZ2 -> reader.readTarBz2();
    }
  }

  private void readTarBz2() throws IOException {
    try (Bzip2Stream tar = new Bzip2Stream(source, idle)) {
      // a tarball is read in pieces of 512 bytes, and each would be summed up by itself
      new TarWalk(this, visitor, new PathRules(archiveName), expansion)
          .walk(new UnlockedBuffer(tar, TAR_BUFFER));
    }
  }

  private void readConda() throws IOException {
    PathRules rules = new PathRules(archiveName);
    ZipMembers members = new ZipMembers(source);
    boolean info = false;
    boolean pkg = false;
    while (true) {
      Optional<ZipMembers.Member> next = guard(members::next);
      if (next.isEmpty()) {
        break;
      }
      ZipMembers.Member member = next.get();
      if (member.name().equals("metadata.json")) {
        checkFormatVersion(guard(() -> member.content().readNBytes(MAX_METADATA)));
      } else if (member.name().endsWith(".tar.zst") && member.name().startsWith("info-")) {
        info = once(member, info);
        walkZst(member, rules);
      } else if (member.name().endsWith(".tar.zst") && member.name().startsWith("pkg-")) {
        pkg = once(member, pkg);
        walkZst(member, rules);
      }
      drain(member.content());
    }
    if (!info) {
      throw broken("it has no info-*.tar.zst", null);
    }
  }

  private boolean once(ZipMembers.Member member, boolean seen) {
    if (seen) {
      throw broken("a second member of its kind is in it: " + member.name(), null);
    }
    return true;
  }

  private void walkZst(ZipMembers.Member member, PathRules rules) throws IOException {
    // closing frees memory outside the heap; the member's own close does nothing
    try (ZstdInputStreamNoFinalizer tar =
        guard(
            () ->
                new ZstdInputStreamNoFinalizer(member.content(), RecyclingBufferPool.INSTANCE)
                    .setLongMax(MAX_WINDOW_LOG))) {
      // a tarball is read in pieces of 512 bytes, and each would cross into native code
      new TarWalk(this, visitor, rules, expansion).walk(new UnlockedBuffer(tar, TAR_BUFFER));
    }
  }

  private void checkFormatVersion(byte[] metadata) {
    JsonNode version;
    try {
      version = JsonTree.read(metadata).path("conda_pkg_format_version");
    } catch (JsonProcessingException e) {
      throw broken("its metadata.json is no JSON", e);
    }
    if (version.asInt(0) != 2) {
      throw new IntegrityException(
          "The package %s has the format version '%s'; only 2 is known."
              .formatted(archiveName, version.asText()),
          "Use a newer JConda, or a package in the present format.");
    }
  }

  /** Begins to read a tarball. */
  TarStream tar(InputStream stream) {
    return new TarStream(stream, expansion, nowhere);
  }

  /** Reads what is left of a stream. */
  private void drain(InputStream stream) throws IOException {
    int count;
    do {
      count = guard(() -> stream.read(nowhere, 0, nowhere.length));
    } while (count >= 0);
  }

  /** A step of decoding. */
  interface Step<T> {
    T run() throws IOException;
  }

  /**
   * Runs a step of decoding: what it throws is the archive's fault, unless the stream below threw.
   */
  <T> T guard(Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (CondaException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      if (source.failure.isPresent()) {
        throw source.failure.get();
      }
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw broken(reason, e);
    }
  }

  private IntegrityException broken(String reason, @Nullable Exception cause) {
    return new IntegrityException(
        "The package %s is torn or is no package: %s.".formatted(archiveName, strip(reason)),
        "Download it again, or ask who serves it for a sound one.",
        cause);
  }

  private static String strip(String reason) {
    String trimmed = reason.strip();
    return trimmed.endsWith(".") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
  }

  /** Knows whether the stream under the archive failed, and asks whether to stop. */
  private static final class Source extends PieceStream {
    private final InputStream in;
    private final OperationContext context;
    private Optional<IOException> failure = Optional.empty();
    private long count;

    Source(InputStream in, OperationContext context) {
      this.in = in;
      this.context = context;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      context.checkpoint();
      try {
        int got = in.read(buffer, offset, length);
        count += Math.max(0, got);
        return got;
      } catch (IOException e) {
        failure = Optional.of(e);
        throw e;
      }
    }

    /** Returns how many bytes of the archive have been read. */
    long count() {
      return count;
    }
  }
}
