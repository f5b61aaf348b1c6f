package io.jconda.core.net;

import io.jconda.core.util.CancellationToken;
import io.jconda.core.util.OperationContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
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
  private @Nullable OkHttpClient client;

  HttpTransport(NetworkSettings settings, CredentialBook credentials) {
    this.settings = settings;
    this.credentials = credentials;
  }

  /** Makes the client with the first request: it loads a good part of the JVM's TLS. */
  private synchronized OkHttpClient client() {
    OkHttpClient made = client;
    if (made == null) {
      made =
          new OkHttpClient.Builder()
              .connectTimeout(settings.connectTimeout())
              .readTimeout(settings.readTimeout())
              .writeTimeout(settings.readTimeout())
              .connectionPool(new ConnectionPool(10, 30, TimeUnit.SECONDS))
              .followRedirects(false)
              .followSslRedirects(false)
              .proxySelector(new JvmProxySelector())
              .proxyAuthenticator(Authenticator.JAVA_NET_AUTHENTICATOR)
              .build();
      client = made;
    }
    return made;
  }

  @Override
  public Response get(URI uri, Map<String, String> headers, OperationContext context)
      throws IOException {
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
    context.checkpoint();
    Call call = client().newCall(request(hop, headers, sameOrigin));
    CancellationToken token = context.token();
    Duration remaining = token.remaining();
    if (remaining.toDays() < 1) {
      // a time limit of the operation ends the call too, its body included
      call.timeout().timeout(Math.max(1, remaining.toMillis()), TimeUnit.MILLISECONDS);
    }
    CancellationToken.Registration registration = token.onCancel(call::cancel);
    try {
      okhttp3.Response answer = call.execute();
      return new HttpResponse(
          answer, new Body(answer.body().byteStream(), asked, token), registration);
    } catch (IOException e) {
      registration.close();
      Interrupts.check(token);
      if (e instanceof ProtocolException) {
        // an answer longer than its length leaves its rest on the connection, for whoever is next
        client().connectionPool().evictAll();
      }
      throw e;
    }
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
    credentials.authorization(hop).ifPresent(value -> request.header("Authorization", value));
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

  private static final class HttpResponse implements Response {
    private final okhttp3.Response answer;
    private final InputStream body;
    private final CancellationToken.Registration registration;

    HttpResponse(
        okhttp3.Response answer, InputStream body, CancellationToken.Registration registration) {
      this.answer = answer;
      this.body = body;
      this.registration = registration;
    }

    @Override
    public int status() {
      return answer.code();
    }

    @Override
    public InputStream body() {
      return body;
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
    }
  }

  /** Asks the JVM's proxy selector at each request: the application may set another at any time. */
  private static final class JvmProxySelector extends ProxySelector {
    @Override
    public List<Proxy> select(URI uri) {
      ProxySelector selector = ProxySelector.getDefault();
      return selector == null ? List.of(Proxy.NO_PROXY) : selector.select(uri);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      ProxySelector selector = ProxySelector.getDefault();
      if (selector != null) {
        selector.connectFailed(uri, address, failure);
      }
    }
  }
}
