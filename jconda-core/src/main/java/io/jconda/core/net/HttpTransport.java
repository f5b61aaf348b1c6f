package io.jconda.core.net;

import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.HostnameVerifier;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks over http and https.
 *
 * <p>Follows redirects itself, so that each hop gets the credentials of its own URL and none of
 * another's, and https never becomes http.
 */
final class HttpTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<String> SECRET_HEADERS =
      Set.of("authorization", "proxy-authorization", "cookie");
  private static final int MOST_REDIRECTS = 20;

  private final NetworkSettings settings;
  private final CredentialBook credentials;
  private final ProxyChoice proxies;
  private final Tls tls;
  private final HostTurns turns;
  private final AtomicBoolean asked = new AtomicBoolean();
  private @Nullable OkHttpClient client;

  HttpTransport(NetworkSettings settings, CredentialBook credentials) {
    this.settings = settings;
    this.credentials = credentials;
    this.proxies = new ProxyChoice(settings.proxySelector().orElse(null), settings.proxyRules());
    this.tls = new Tls(settings.tls(), settings.connectTimeout());
    this.turns = new HostTurns(settings.requestsPerHost());
  }

  /** Makes the client with the first request: it is a good part of a small program's start. */
  private synchronized OkHttpClient client() {
    OkHttpClient made = client;
    if (made == null) {
      Logins logins = new Logins(proxies, settings.authenticator().orElse(null));
      OkHttpClient.Builder builder =
          new OkHttpClient.Builder()
              .connectTimeout(settings.connectTimeout())
              .readTimeout(settings.readTimeout())
              .writeTimeout(settings.readTimeout())
              .connectionPool(new ConnectionPool(settings.requestsPerHost(), 30, TimeUnit.SECONDS))
              .followRedirects(false)
              .followSslRedirects(false)
              .proxySelector(proxies)
              .proxyAuthenticator(logins.ofProxies())
              .authenticator(logins.ofServers())
              // else OkHttp would load the JVM's trust store also for plain http
              .sslSocketFactory(tls, new Tls.TrustAll());
      HostnameVerifier verifier = tls.verifier();
      if (verifier != null) {
        builder.hostnameVerifier(verifier);
      }
      made = builder.build();
      client = made;
    }
    return made;
  }

  @Override
  public Response get(URI uri, Map<String, String> headers, OperationContext context)
      throws IOException {
    if (asked.compareAndSet(false, true)) {
      // in a fresh JVM it loads as many classes as the rest of the first request: beside that
      Thread making = new Thread(this::client, "jconda-http");
      making.setDaemon(true);
      making.start();
    }
    URI hop = uri;
    for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
      Response response = once(hop, headers, Origin.same(uri, hop), uri, context);
      Optional<String> location = response.header("Location");
      if (!REDIRECTS.contains(response.status()) || location.isEmpty()) {
        return response;
      }
      response.close();
      hop = target(hop, location.get());
      LOG.debug("{} leads on to {}", Redacted.url(uri), Redacted.url(hop));
    }
    throw new RefusedException("it leads on to other URLs more than " + MOST_REDIRECTS + " times");
  }

  private static URI target(URI from, String location) throws RefusedException {
    URI to;
    try {
      to = from.resolve(location.replace(" ", "%20"));
    } catch (IllegalArgumentException e) {
      throw new RefusedException("it leads on to something that is no URL");
    }
    String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
    if (to.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new RefusedException("it leads on to something that is no http URL");
    }
    if (scheme.equals("http") && from.getScheme().equalsIgnoreCase("https")) {
      throw new RefusedException("it leads on from https to http, to " + Redacted.url(to));
    }
    return to;
  }

  private Response once(
      URI hop, Map<String, String> headers, boolean sameOrigin, URI asked, OperationContext context)
      throws IOException {
    CancellationToken token = context.token();
    token.throwIfCancelled();
    proxies.check(hop);
    if (hop.getScheme().equalsIgnoreCase("https")) {
      // what is wrong with its files is told by this thread, not by one of OkHttp's
      tls.prepare();
    }
    Request request = request(hop, headers, sameOrigin);
    HostTurns.Turn turn = turns.take(hop, token);
    Call call = client().newCall(request);
    Duration remaining = token.remaining();
    if (remaining.toDays() < 1) {
      // a time limit of the operation ends the call too, its body included
      call.timeout().timeout(Math.max(1, remaining.toMillis()), TimeUnit.MILLISECONDS);
    }
    CancellationToken.Registration registration = token.onCancel(call::cancel);
    boolean answered = false;
    try {
      okhttp3.Response answer = new HeadLimit(call, settings.headTimeout()).execute();
      Speed speed = new Speed(settings.lowestSpeed(), settings.speedWindow(), System::nanoTime);
      Body body = new Body(answer.body().byteStream(), asked, token, speed);
      answered = true;
      return new HttpResponse(answer, body, registration, turn);
    } catch (IOException e) {
      Interrupts.check(token);
      if (e instanceof ProtocolException) {
        // an answer longer than its length leaves its rest on the connection, for whoever is next
        client().connectionPool().evictAll();
      }
      throw explained(e);
    } finally {
      if (!answered) {
        registration.close();
        turn.close();
      }
    }
  }

  private static IOException explained(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("authenticate with proxy")) {
      return new RefusedException(
          "the proxy wants a user and password, or others than these (407)");
    }
    return message.contains("HTTP_PROXY_AUTH")
        ? new RefusedException(
            "HTTP status 407: something in between wants a password as if it were a proxy")
        : e;
  }

  private Request request(URI hop, Map<String, String> headers, boolean sameOrigin)
      throws RefusedException {
    URI uri = credentials.withToken(hop);
    Request.Builder request = new Request.Builder();
    try {
      request.url(withoutUserInfo(uri));
    } catch (IllegalArgumentException e) {
      throw new RefusedException("it is no URL that can be asked for");
    }
    request.header("User-Agent", UserAgent.VALUE);
    if (isCompressed(uri.getRawPath())) {
      // else the client would ask for gzip on top, and lengths and ranges would mean nothing
      request.header("Accept-Encoding", "identity");
    }
    if (hop.getRawUserInfo() != null) {
      String userInfo =
          URLDecoder.decode(hop.getRawUserInfo().replace("+", "%2B"), StandardCharsets.UTF_8);
      request.header("Authorization", CredentialBook.basic(userInfo));
    }
    credentials
        .authorization(hop, sameOrigin)
        .ifPresent(value -> request.header("Authorization", value));
    if (sameOrigin) {
      settings.headers().forEach(request::header);
    }
    settings
        .headersByUri()
        .ifPresent(
            source -> source.apply(URI.create(withoutUserInfo(hop))).forEach(request::header));
    headers.forEach(
        (name, value) -> {
          if (sameOrigin || !SECRET_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            request.header(name, value);
          }
        });
    return request.build();
  }

  private static String withoutUserInfo(URI uri) {
    String text = uri.toString();
    return uri.getRawUserInfo() == null ? text : text.replace(uri.getRawUserInfo() + "@", "");
  }

  private static boolean isCompressed(String path) {
    return path.endsWith(".conda")
        || path.endsWith(".bz2")
        || path.endsWith(".zst")
        || path.endsWith(".whl");
  }

  /** Gives all connections back; the client's own daemon threads end when they find no work. */
  @Override
  public synchronized void close() {
    if (client != null) {
      client.dispatcher().cancelAll();
      client.dispatcher().executorService().shutdown();
      client.connectionPool().evictAll();
    }
  }

  /** Ends a call whose head is not there in time, however it drips in. */
  private static final class HeadLimit extends AsyncTimeout {
    private final Call call;

    HeadLimit(Call call, Duration limit) {
      this.call = call;
      timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    okhttp3.Response execute() throws IOException {
      enter();
      okhttp3.Response answer;
      try {
        answer = call.execute();
      } catch (IOException e) {
        throw exit() ? newTimeoutException(e) : e;
      }
      if (exit()) {
        answer.close();
        throw newTimeoutException(null);
      }
      return answer;
    }

    @Override
    protected IOException newTimeoutException(@Nullable IOException cause) {
      SocketTimeoutException late =
          new SocketTimeoutException("the head of the answer did not come in time");
      if (cause != null) {
        late.initCause(cause);
      }
      return late;
    }

    @Override
    protected void timedOut() {
      call.cancel();
    }
  }

  private record HttpResponse(
      okhttp3.Response answer,
      InputStream body,
      CancellationToken.Registration registration,
      HostTurns.Turn turn)
      implements Response {
    @Override
    public int status() {
      return answer.code();
    }

    @Override
    public long contentLength() {
      return answer.body().contentLength();
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.ofNullable(answer.header(name));
    }

    @Override
    public void close() {
      registration.close();
      Body.closeQuietly(body);
      turn.close();
    }
  }
}
