package io.jconda.core.net;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the credential for a URL: of those that open it the one with the longest base. */
final class CredentialBook {
  private final List<Credential> credentials;

  CredentialBook(List<Credential> credentials) {
    this.credentials = new CopyOnWriteArrayList<>(credentials);
  }

  /** Remembers a credential; a later one for the same base takes the place of an earlier one. */
  void add(Credential credential) {
    credentials.removeIf(
        old ->
            old.base().equals(credential.base())
                && (old instanceof Credential.PathToken)
                    == (credential instanceof Credential.PathToken));
    credentials.add(credential);
  }

  /** Returns the value of the {@code Authorization} header for a URL. */
  Optional<String> authorization(URI uri) {
    Credential found = find(uri, credential -> !(credential instanceof Credential.PathToken));
    if (found instanceof Credential.Basic basic) {
      return Optional.of(basic(basic.userInfo()));
    }
    return found instanceof Credential.Bearer bearer
        ? Optional.of("Bearer " + bearer.token())
        : Optional.empty();
  }

  static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts the token into a URL that needs one and has none; another URL stays as it is. */
  URI withToken(URI uri) {
    if (Redacted.hasToken(uri)
        || !(find(uri, Credential.PathToken.class::isInstance)
            instanceof Credential.PathToken path)) {
      return uri;
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return URI.create(
        uri.getScheme()
            + "://"
            + uri.getRawAuthority()
            + "/t/"
            + path.token()
            + uri.getRawPath()
            + query);
  }

  private @Nullable Credential find(URI uri, Predicate<Credential> kind) {
    Credential best = null;
    for (Credential credential : credentials) {
      if (kind.test(credential)
          && opens(credential.base(), uri)
          && (best == null || path(credential.base()).length() >= path(best.base()).length())) {
        best = credential;
      }
    }
    return best;
  }

  private static boolean opens(URI base, URI uri) {
    return Origin.same(base, uri)
        && (path(uri).equals(path(base)) || path(uri).startsWith(path(base) + "/"));
  }

  private static String path(URI uri) {
    String path = uri.normalize().getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
