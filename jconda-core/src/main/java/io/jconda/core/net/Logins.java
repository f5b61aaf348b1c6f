package io.jconda.core.net;

import java.net.Authenticator.RequestorType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import okhttp3.Challenge;
import okhttp3.Credentials;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * Answers the challenges of servers and proxies: with the password of the proxy's URL, else by
 * asking the application's {@link java.net.Authenticator}, and for a proxy else the JVM's. A
 * request that was sent with a password already is not sent again.
 */
final class Logins {
  private static final String OF_SERVER = "Authorization";
  private static final String OF_PROXY = "Proxy-Authorization";

  private final ProxyChoice proxies;
  private final java.net.@Nullable Authenticator authenticator;

  Logins(ProxyChoice proxies, java.net.@Nullable Authenticator authenticator) {
    this.proxies = proxies;
    this.authenticator = authenticator;
  }

  /** Answers a proxy: at its challenge, and before it when a tunnel is made. */
  okhttp3.Authenticator ofProxies() {
    return (route, response) -> {
      if (response.request().header(OF_PROXY) != null || route == null) {
        return null;
      }
      if (!(route.proxy().address() instanceof InetSocketAddress address)) {
        return null;
      }
      Optional<String> value =
          proxies
              .userInfo(address)
              .map(CredentialBook::basic)
              .or(() -> asked(response, route, address, RequestorType.PROXY));
      return value.map(header -> with(response.request(), OF_PROXY, header)).orElse(null);
    };
  }

  /** Answers a server, if the application gave an authenticator. */
  okhttp3.Authenticator ofServers() {
    return (route, response) -> {
      if (authenticator == null || response.request().header(OF_SERVER) != null) {
        return null;
      }
      InetSocketAddress address =
          InetSocketAddress.createUnresolved(
              response.request().url().host(), response.request().url().port());
      return asked(response, route, address, RequestorType.SERVER)
          .map(header -> with(response.request(), OF_SERVER, header))
          .orElse(null);
    };
  }

  private static Request with(Request request, String name, String value) {
    return request.newBuilder().header(name, value).build();
  }

  private Optional<String> asked(
      Response response, @Nullable Route route, InetSocketAddress address, RequestorType type) {
    for (Challenge challenge : response.challenges()) {
      // a tunnel is asked for with OkHttp's own scheme before the proxy says anything
      boolean early = challenge.scheme().equalsIgnoreCase("OkHttp-Preemptive");
      if (!challenge.scheme().equalsIgnoreCase("Basic") && !early) {
        continue;
      }
      URL url = response.request().url().url();
      InetAddress resolved = address.getAddress();
      boolean tunnelled = route != null && route.proxy().type() == Proxy.Type.HTTP;
      String protocol = type == RequestorType.PROXY && tunnelled ? "http" : url.getProtocol();
      PasswordAuthentication login =
          java.net.Authenticator.requestPasswordAuthentication(
              authenticator,
              address.getHostString(),
              resolved,
              address.getPort(),
              protocol,
              challenge.realm(),
              "Basic",
              url,
              type);
      if (login != null) {
        return Optional.of(
            Credentials.basic(
                login.getUserName(), new String(login.getPassword()), StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }
}
