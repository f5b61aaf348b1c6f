package io.jconda.core.net;

import io.jconda.ChannelException;
import io.jconda.CondaException;
import io.jconda.Credential;
import io.jconda.OfflineException;
import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import io.jconda.spec.Channel;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for URLs: over http and https, with retries and credentials, and in folders.
 *
 * <p>Owns connections; make one and share it. Thread-safe. No secret stands in anything that it
 * throws or logs.
 */
public final class Network implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Network.class);
  private static final String FILE = "file";
  private static final Set<Integer> EXPECTED = Set.of(200, 206, 304, 404);

  private final NetworkSettings settings;
  private final boolean offline;
  private final CredentialBook credentials;
  private final Mirrors mirrors;
  private final Map<String, Transport> transports;
  private final AtomicBoolean closed;

  /** Makes a network; nothing is connected yet. */
  public Network(NetworkSettings settings) {
    this(settings, Map.of());
  }

  /**
   * Makes a network that knows more schemes than its own.
   *
   * @param more a transport for each further scheme in lower case, which the network owns from now
   *     on; one that is offline does not use them
   */
  Network(NetworkSettings settings, Map<String, Transport> more) {
    this.settings = settings;
    this.offline = settings.offline();
    this.credentials = new CredentialBook(settings);
    this.mirrors = new Mirrors(settings.mirrors(), System::nanoTime);
    Transport http = new HttpTransport(settings, credentials);
    Map<String, Transport> known = new LinkedHashMap<>(more);
    known.put("https", http);
    known.put("http", http);
    known.put(FILE, new FileTransport());
    this.transports = Map.copyOf(known);
    this.closed = new AtomicBoolean();
  }

  private Network(Network origin, boolean offline) {
    this.settings = origin.settings;
    this.offline = offline;
    this.credentials = origin.credentials;
    this.mirrors = origin.mirrors;
    this.transports = origin.transports;
    this.closed = origin.closed;
  }

  /**
   * Returns a view of this network that is offline or is not, for one request among others; it
   * shares connections and credentials, and is closed with this one.
   *
   * @param offline whether http and https are forbidden
   */
  public Network offline(boolean offline) {
    return offline == this.offline ? this : new Network(this, offline);
  }

  /** Tells whether http and https are forbidden. */
  public boolean isOffline() {
    return offline;
  }

  /** Returns what it was made with. */
  public NetworkSettings settings() {
    return settings;
  }

  /**
   * Remembers the user info and the token of a channel for every URL under the channel's.
   *
   * @param channel a channel; one without secrets or without a URL changes nothing
   */
  public void addCredentials(Channel channel) {
    for (Credential credential : credentialsOf(channel)) {
      credentials.add(credential);
    }
  }

  /**
   * Returns the user info and the token of a channel as credentials for what is below its URL.
   *
   * @param channel a channel; one without secrets or without a URL has none
   */
  public static List<Credential> credentialsOf(Channel channel) {
    Optional<URI> url = channel.url();
    if (url.isEmpty()) {
      return List.of();
    }
    List<Credential> found = new ArrayList<>();
    if (channel.userInfo().isPresent()) {
      String info = channel.userInfo().get().replace("+", "%2B");
      found.add(basic(url.get(), URLDecoder.decode(info, StandardCharsets.UTF_8)));
    }
    if (channel.token().isPresent()) {
      found.add(new Credential.PathToken(url.get().toString(), channel.token().get()));
    }
    return found;
  }

  private static Credential basic(URI url, String userInfo) {
    int colon = userInfo.indexOf(':');
    return colon < 0
        ? new Credential.Basic(url.toString(), userInfo, "")
        : new Credential.Basic(
            url.toString(), userInfo.substring(0, colon), userInfo.substring(colon + 1));
  }

  /**
   * Asks for a URL and returns an answer of status 200, 206, 304 or 404.
   *
   * <p>Blocks until the head of the answer is there; the body comes as it is read. Failed
   * connections, 408, 429 and 5xx are repeated after a while, as {@link NetworkSettings} says.
   * Where a channel has mirrors they are asked one after another before anything is repeated; the
   * URL stays the channel's own in all that is thrown.
   *
   * @param uri an http, https or file URL
   * @param headers headers to send, such as {@code Range} or {@code If-None-Match}
   * @param context the operation; cancelling it ends the request
   * @throws ChannelException if there is no answer in the end, or one with another status
   * @throws OfflineException if the URL needs the network and there shall be none
   * @throws io.jconda.OperationCancelledException if the operation is cancelled, or this thread
   *     interrupted
   */
  public Response get(URI uri, Map<String, String> headers, OperationContext context) {
    Response response = exchange(uri, headers, context);
    if (EXPECTED.contains(response.status())) {
      return response;
    }
    response.close();
    throw Refusal.ofStatus(uri, response.status());
  }

  /**
   * Does what {@link #get} does, but returns an answer of whatever status that asking anew would
   * not change, such as 403.
   *
   * @param uri an http, https or file URL
   * @param headers headers to send
   * @param context the operation; cancelling it ends the request
   * @throws ChannelException if there is no answer in the end, or only 408, 429 or 5xx
   * @throws OfflineException if the URL needs the network and there shall be none
   * @throws io.jconda.OperationCancelledException if the operation is cancelled, or this thread
   *     interrupted
   */
  public Response exchange(URI uri, Map<String, String> headers, OperationContext context) {
    if (closed.get()) {
      throw new IllegalStateException("The client that this network belongs to is closed.");
    }
    for (int attempt = 0; ; attempt++) {
      Interrupts.check(context.token());
      Round round = new Round(uri, headers, Backoff.before(attempt + 1, settings), context);
      Optional<Response> answer = round.run();
      if (answer.isPresent()) {
        return answer.get();
      }
      CondaException failure = round.failure();
      if (!round.isWorthRepeating() || attempt >= settings.retries() || closed.get()) {
        throw failure;
      }
      LOG.debug("{} Asking anew in {}.", failure.problem(), round.pause());
      pause(round.pause(), context.token());
    }
  }

  /** Asks each place of a URL once. */
  private final class Round {
    private final URI uri;
    private final Map<String, String> headers;
    private final OperationContext context;
    private Duration pause;
    private @Nullable CondaException failure;
    private boolean worthRepeating;
    private int status;

    Round(URI uri, Map<String, String> headers, Duration pause, OperationContext context) {
      this.uri = uri;
      this.headers = headers;
      this.pause = pause;
      this.context = context;
    }

    Optional<Response> run() {
      List<Mirrors.Place> places = mirrors.places(uri);
      for (Mirrors.Place place : places) {
        Optional<Response> answer = ask(place);
        if (answer.isPresent()) {
          return answer;
        }
      }
      // a mirror that says clearly what it lacks counts more than one that says nothing
      return status == 0 ? Optional.empty() : Optional.of(new StatusOnly(status));
    }

    private Optional<Response> ask(Mirrors.Place place) {
      try {
        Response response = transport(place.uri()).get(place.uri(), headers, context);
        if (Backoff.isWorthRepeating(response.status())) {
          pause = Backoff.asked(response, pause, settings);
          response.close();
          failed(place, Refusal.ofStatus(place.uri(), response.status()), true);
          return Optional.empty();
        }
        if (!place.isMirror()) {
          return Optional.of(response);
        }
        if (response.status() >= 300 && response.status() != 304) {
          LOG.debug("{}: status {}", Redacted.url(place.uri()), response.status());
          response.close();
          status = response.status();
          return Optional.empty();
        }
        LOG.debug("{} is served as {}", Redacted.url(uri), Redacted.url(place.uri()));
        return Optional.of(new MirroredResponse(response, place, mirrors));
      } catch (IOException e) {
        failed(place, Refusal.of(place.uri(), e), Backoff.isWorthRepeating(e));
        return Optional.empty();
      } catch (ChannelException | OfflineException e) {
        failed(place, e, false);
        return Optional.empty();
      }
    }

    private void failed(Mirrors.Place place, CondaException e, boolean repeat) {
      mirrors.failed(place, e.problem());
      failure = place.isMirror() ? Refusal.ofMirror(uri, e) : e;
      worthRepeating |= repeat;
    }

    CondaException failure() {
      return Objects.requireNonNull(failure, "a round without an answer has failed");
    }

    boolean isWorthRepeating() {
      return worthRepeating;
    }

    Duration pause() {
      return pause;
    }
  }

  private Transport transport(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    Transport transport = transports.get(scheme);
    if (transport == null || (uri.getHost() == null && !scheme.equals(FILE))) {
      throw new ChannelException(
          "%s is no URL that can be asked for.".formatted(Redacted.url(uri)),
          "Use a URL with one of the schemes %s."
              .formatted(String.join(", ", new TreeSet<>(transports.keySet()))));
    }
    if (offline && !scheme.equals(FILE)) {
      throw new OfflineException(
          "%s is needed, and JConda is offline.".formatted(Redacted.url(uri)),
          "Allow the network, or do this once while online so that it is in the cache.");
    }
    return transport;
  }

  /** Waits without holding anything; a cancellation ends the wait. */
  private static void pause(Duration wait, CancellationToken token) {
    CountDownLatch cancelled = new CountDownLatch(1);
    CancellationToken.Registration registration = token.onCancel(cancelled::countDown);
    try {
      long nanos = Math.min(wait.toNanos(), token.remaining().toNanos());
      if (cancelled.await(nanos, TimeUnit.NANOSECONDS)) {
        LOG.debug("The wait before asking anew ends early.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      registration.close();
    }
    Interrupts.check(token);
  }

  /**
   * Ends what is under way and gives all connections back; again does nothing.
   *
   * <p>What is left of the HTTP client's threads are idle daemons that end by themselves.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      new HashSet<>(transports.values()).forEach(Transport::close);
    }
  }
}
