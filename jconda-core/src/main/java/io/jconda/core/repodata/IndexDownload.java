package io.jconda.core.repodata;

import io.jconda.ChannelException;
import io.jconda.OfflineException;
import io.jconda.core.host.Disk;
import io.jconda.core.net.Network;
import io.jconda.core.net.Response;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the whole index of one subdir from a server by way of the cache. */
final class IndexDownload {
  private static final Logger LOG = LoggerFactory.getLogger(IndexDownload.class);
  private static final List<Variant> FORMS = List.of(Variant.ZST, Variant.JSON);

  /** How long the absence of a form that need not be there is remembered, as conda does. */
  static final Duration ABSENCE = Duration.ofDays(7);

  private final Subdir subdir;
  private final Network network;
  private final Disk disk;
  private final IndexFiles files;
  private final OpenIndexes open;
  private final Freshness freshness;
  private final Clock clock;
  private final OperationContext context;

  IndexDownload(
      Subdir subdir,
      Network network,
      Disk disk,
      Path folder,
      OpenIndexes open,
      Freshness freshness,
      Clock clock,
      OperationContext context) {
    this.subdir = subdir;
    this.network = network;
    this.disk = disk;
    this.files = new IndexFiles(disk, folder, "whole-", subdir, clock);
    this.open = open;
    this.freshness = freshness;
    this.clock = clock;
    this.context = context;
  }

  /**
   * Says which forms are asked for, and when.
   *
   * @param lifetime how long an index is current, whatever its server says; empty if that counts
   * @param refresh whether the server is asked in any case, also for what it did not have
   * @param zst whether the compressed form is asked for
   */
  record Freshness(Optional<Duration> lifetime, boolean refresh, boolean zst) {
    boolean allows(IndexState state, Instant now) {
      return !refresh && state.isFresh(now, lifetime);
    }

    /** Returns the headers of a question; a forced one goes through to the server itself. */
    Map<String, String> headers(Map<String, String> conditions) {
      if (!refresh) {
        return conditions;
      }
      Map<String, String> headers = new HashMap<>(conditions);
      headers.put("Cache-Control", "no-cache");
      return headers;
    }
  }

  /** Is the index of a subdir, or the status with which the server said that there is none. */
  record Answer(Optional<SubdirIndex> index, int status) {}

  /**
   * Returns the index: the cached one while it is fresh or the server confirms it, else a new one.
   *
   * @throws ChannelException if the server gives no index, or something that is none
   * @throws OfflineException if nothing is cached and the network must not be used
   */
  Answer load() {
    IndexState state = files.state();
    Optional<SubdirIndex> cached = open(state);
    if (network.isOffline()) {
      if (state.absent()) {
        return new Answer(Optional.empty(), 404);
      }
      return new Answer(Optional.of(cached.orElseThrow(this::notCached)), 200);
    }
    Instant now = clock.instant();
    if (cached.isPresent() && freshness.allows(state, now)) {
      return new Answer(cached, 200);
    }
    try {
      return ask(state, cached, now);
    } catch (ChannelException e) {
      throw cached.isPresent() ? remindingOf(state, e) : e;
    }
  }

  private OfflineException notCached() {
    return new OfflineException(
        "The index of %s is not in the cache, and JConda is offline.".formatted(subdir),
        "Allow the network, or load it once while online.");
  }

  /** An old index is used only if the user says so, as it is with conda. */
  static ChannelException remindingOf(IndexState state, ChannelException e) {
    return new ChannelException(
        e.problem(),
        "%s Or work offline, with the index of %s that is in the cache."
            .formatted(e.remedy(), state.checked()),
        e);
  }

  private Answer ask(IndexState state, Optional<SubdirIndex> cached, Instant now) {
    IndexState known = state;
    int status = 404;
    for (Variant variant : FORMS) {
      if (variant == Variant.ZST) {
        if (!mayHaveZst(known, now)) {
          continue;
        }
        Zstandard.lookAhead();
      }
      Answer answer = ask(variant, known, cached);
      if (answer.index().isPresent()) {
        return answer;
      }
      status = answer.status();
      if (variant == Variant.ZST) {
        known = known.withoutZstUntil(now.plus(ABSENCE));
      }
    }
    files.write(known.gone(now));
    return new Answer(Optional.empty(), status);
  }

  private boolean mayHaveZst(IndexState state, Instant now) {
    return freshness.zst() && (freshness.refresh() || !now.isBefore(state.noZstUntil()));
  }

  private Answer ask(Variant variant, IndexState state, Optional<SubdirIndex> cached) {
    Map<String, String> headers = new HashMap<>();
    if (cached.isPresent()) {
      headers.putAll(state.conditions(variant));
    }
    if (variant == Variant.JSON) {
      // asked for here and not left to the client, so that it is known what the body grows to
      headers.put("Accept-Encoding", "gzip");
    }
    return new IndexServer(subdir, network, context)
        .ask(
            subdir.file(variant),
            freshness.headers(headers),
            response -> answer(response, variant, state, cached));
  }

  private Answer answer(
      Response response, Variant variant, IndexState state, Optional<SubdirIndex> cached)
      throws IOException {
    int status = response.status();
    if (status == 304 && cached.isPresent()) {
      files.write(state.confirmed(response, clock.instant()));
      return new Answer(cached, status);
    }
    if (status == 200) {
      return new Answer(Optional.of(download(response, variant, state)), status);
    }
    boolean absent = status == 404 || status == 403 || status == 410;
    if (absent || (variant == Variant.ZST && isNo(status))) {
      return new Answer(Optional.empty(), status);
    }
    throw new IndexServer.StatusException(status);
  }

  /** Tells whether a status says that a form that need not be there is not there. */
  static boolean isNo(int status) {
    return (status >= 400 && status < 500) || status == 501;
  }

  private SubdirIndex download(Response response, Variant variant, IndexState state)
      throws IOException {
    Path temporary = files.unused(".tmp");
    Path file = files.unused(".idx");
    try (CompactIndexWriter writing = new CompactIndexWriter(disk, temporary);
        InputStream json = Unpacked.of(response, variant)) {
      IndexScanner.scan(json, writing);
      subdir.archives(writing.baseUrl());
      context.checkpoint();
      writing.publish(file);
      files.write(
          state.served(response, variant, file.getFileName().toString(), 0, clock.instant()));
      files.sweep(file);
    }
    return open.of(subdir.url().toString(), file);
  }

  private Optional<SubdirIndex> open(IndexState state) {
    if (state.dataFile().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(open.of(subdir.url().toString(), files.file(state.dataFile())));
    } catch (IOException e) {
      LOG.debug("The cached index of {} is of no use and is loaded anew.", subdir, e);
      return Optional.empty();
    }
  }
}
