package io.jconda.core.link;

import io.jconda.core.cache.PackageCache;
import io.jconda.core.host.Disk;
import io.jconda.core.host.DiskFailure;
import io.jconda.core.prefix.LinkType;
import io.jconda.core.prefix.PrefixPath;
import io.jconda.core.util.Hashes;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts packages into one prefix, many at a time: folders first, then the files of several folders
 * at once.
 *
 * <p>Of two packages that bring the same path the one with the higher rank wins, as with conda the
 * one that is linked later does, whichever comes first. Not safe to share between threads; made for
 * one transaction.
 */
public final class Linker {
  /** So many files of one folder are one piece of work. */
  private static final int PIECE = 200;

  /** Writing so many bytes takes about as long as a link does. */
  private static final int BYTES_OF_A_LINK = 20_000;

  private final LinkTarget target;
  private final Disk disk;
  private final Seats seats;
  private final FilePlacer placer;
  private final MachOSigner signer;

  /**
   * Makes a linker.
   *
   * @param target what is linked into
   * @param fresh whether nothing lies there yet but what this linker puts there
   * @param cache where the packages' files lie
   * @param disk what writes
   */
  public Linker(LinkTarget target, boolean fresh, PackageCache cache, Disk disk) {
    this(target, fresh, cache, disk, new MachOSigner(target.platform()));
  }

  /** Signs with another signer; for tests, which run elsewhere than on a Mac. */
  Linker(LinkTarget target, boolean fresh, PackageCache cache, Disk disk, MachOSigner signer) {
    this.target = target;
    this.disk = disk;
    this.seats = new Seats(target.root(), fresh, target.platform());
    this.placer = new FilePlacer(target, cache, disk);
    this.signer = signer;
  }

  /** Tells whether files come by hard link, as far as that was tried. */
  public boolean linksHard() {
    return placer.linksHard();
  }

  /** Returns at which paths the packages that were linked have different files. */
  public List<Clash> clashes() {
    return seats.clashes();
  }

  /** Is one path of a package, and what became of it. */
  private static final class Job {
    private final Seats.Place place;
    private FilePlacer.@Nullable Result result;

    Job(Seats.Place place) {
      this.place = place;
    }

    long weight() {
      return place.entry instanceof LayoutEntry.Stored stored
              && stored.file().placeholder().isPresent()
          ? 1 + stored.file().size() / BYTES_OF_A_LINK
          : 1;
    }
  }

  /**
   * Puts packages into the prefix; blocks. After a failure some of their paths may be there.
   *
   * @param layouts where their paths go
   * @param inOrder whether all packages of lower rank are in the prefix or among these
   * @param context stops it and hears of it
   * @return what was put there, for each package; nothing if that cannot be said yet, because
   *     packages that must come first are not there: the caller then begins anew with all of them
   * @throws io.jconda.InstallException if a link of a package leads a path out of the prefix, or a
   *     file stands where a folder is wanted or the other way round
   * @throws io.jconda.StorageException if the disk refuses
   */
  public Optional<List<LinkedPackage>> link(
      List<PackageLayout> layouts, boolean inOrder, OperationContext context) {
    List<List<Job>> jobs = new ArrayList<>(layouts.size());
    try {
      seats.begin(inOrder);
      for (PackageLayout layout : layouts) {
        jobs.add(plan(layout));
      }
    } catch (Seats.OrderMatters e) {
      return Optional.empty();
    }
    makeFolders(layouts.isEmpty() ? "" : layouts.get(0).owner());
    Workers.each(pieces(jobs), context, piece -> piece.jobs.forEach(job -> put(job, context)));
    List<LinkedPackage> linked = new ArrayList<>();
    for (List<Job> ofPackage : jobs) {
      linked.add(sum(ofPackage, context));
    }
    return Optional.of(linked);
  }

  private List<Job> plan(PackageLayout layout) {
    List<Job> jobs = new ArrayList<>(layout.entries().size());
    for (LayoutEntry entry : layout.entries()) {
      jobs.add(
          new Job(
              layout.yielded().contains(entry.path())
                  ? Seats.Place.claimed(layout, entry)
                  : seats.place(layout, entry)));
    }
    return jobs;
  }

  private void makeFolders(String owner) {
    for (String folder : seats.missingFolders()) {
      Path path = target.root().resolve(folder);
      try {
        disk.createDirectories(path);
      } catch (IOException e) {
        throw DiskFailure.explain("link the package " + owner, path, e);
      }
    }
  }

  /** Is some work in one folder. */
  private static final class Piece {
    private final List<Job> jobs = new ArrayList<>();
    private long weight;

    void add(Job job) {
      jobs.add(job);
      weight += job.weight();
    }
  }

  /** Folder by folder, what takes longest first, so that no thread is left alone with it. */
  private static List<Piece> pieces(List<List<Job>> jobs) {
    Map<String, Piece> open = new HashMap<>();
    List<Piece> pieces = new ArrayList<>();
    for (List<Job> ofPackage : jobs) {
      for (Job job : ofPackage) {
        String folder = job.place.folder;
        Piece piece = open.get(folder);
        if (piece == null || piece.weight >= PIECE) {
          piece = new Piece();
          open.put(folder, piece);
          pieces.add(piece);
        }
        piece.add(job);
      }
    }
    pieces.sort(Comparator.comparingLong((Piece piece) -> -piece.weight));
    return pieces;
  }

  private void put(Job job, OperationContext context) {
    context.checkpoint();
    Path path = target.root().resolve(job.place.path);
    try {
      if (job.place.isTaken() && !job.place.predecessor().isEmpty()) {
        disk.deleteIfExists(target.root().resolve(job.place.predecessor()));
      }
      job.result = placer.put(job.place, path, context);
    } catch (IOException e) {
      throw DiskFailure.explain("link the package " + job.place.layout.owner(), path, e);
    }
  }

  private LinkedPackage sum(List<Job> jobs, OperationContext context) {
    int linked = 0;
    int copied = 0;
    int patched = 0;
    List<Path> unsigned = new ArrayList<>();
    List<PrefixPath> paths = new ArrayList<>(jobs.size());
    for (Job job : jobs) {
      FilePlacer.Result result = Objects.requireNonNull(job.result);
      paths.add(result.path());
      switch (result.how()) {
        case LINKED -> linked++;
        case COPIED -> copied++;
        case PATCHED -> patched++;
        case UNSIGNED -> {
          patched++;
          unsigned.add(target.root().resolve(result.path().path()));
        }
        case OTHERWISE -> {
          // folders, links and what another package has
        }
      }
    }
    signer.sign(unsigned, context);
    return new LinkedPackage(
        withFinalDigests(paths, unsigned),
        placer.linksHard() ? LinkType.HARD : LinkType.COPY,
        linked,
        copied,
        patched);
  }

  /** A signature is part of a file, so what was signed is hashed anew. */
  private List<PrefixPath> withFinalDigests(List<PrefixPath> paths, List<Path> changed) {
    if (changed.isEmpty() || !signer.signs()) {
      return paths;
    }
    List<PrefixPath> result = new ArrayList<>(paths.size());
    for (PrefixPath path : paths) {
      Path file = target.root().resolve(path.path());
      result.add(changed.contains(file) ? signed(path, file) : path);
    }
    return result;
  }

  private static PrefixPath signed(PrefixPath path, Path file) {
    PrefixPath.Builder anew = PrefixPath.builder(path.path(), path.type()).noLink(path.noLink());
    path.sha256().ifPresent(anew::sha256);
    path.size().ifPresent(anew::size);
    path.placeholder().ifPresent(text -> anew.placeholder(text, path.binary()));
    try {
      return anew.sha256InPrefix(Hashes.sha256(file)).build();
    } catch (IOException e) {
      throw DiskFailure.explain("read a file that was signed", file, e);
    }
  }
}
