package io.jconda.core.net;

import io.jconda.Credential;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the credential for a URL. It looks in one source after another: what channels brought
 * along, what code gave, the credentials files, the netrc file; in each the closest one counts.
 *
 * <p>Files are read with the first URL that no earlier source opens. Thread-safe.
 */
final class CredentialBook {
  private final List<Entry> ofChannels = new CopyOnWriteArrayList<>();
  private final List<Supplier<List<Entry>>> sources;

  private record Entry(CredentialScope scope, Credential credential) {
    static Entry of(Credential credential) {
      return new Entry(CredentialScope.of(credential.where()), credential);
    }

    static List<Entry> of(List<Credential> credentials) {
      List<Entry> entries = new ArrayList<>(credentials.size());
      for (Credential credential : credentials) {
        entries.add(of(credential));
      }
      return entries;
    }

    boolean isPathToken() {
      return credential instanceof Credential.PathToken;
    }
  }

  CredentialBook(NetworkSettings settings) {
    List<Supplier<List<Entry>>> found = new ArrayList<>();
    found.add(() -> ofChannels);
    List<Entry> ofCode = Entry.of(settings.credentials());
    found.add(() -> ofCode);
    for (CredentialSource file : settings.credentialSources()) {
      found.add(new Once(file));
    }
    this.sources = List.copyOf(found);
  }

  /** Reads a file when it is first needed, and then never again. */
  private static final class Once implements Supplier<List<Entry>> {
    private final CredentialSource file;
    private @Nullable List<Entry> entries;

    Once(CredentialSource file) {
      this.file = file;
    }

    @Override
    public synchronized List<Entry> get() {
      List<Entry> read = entries;
      if (read == null) {
        read = Entry.of(file.read());
        entries = read;
      }
      return read;
    }
  }

  /** Remembers what a channel brought; a later one for the same place takes an earlier one's. */
  void add(Credential credential) {
    Entry entry = Entry.of(credential);
    ofChannels.removeIf(
        old -> old.scope().equals(entry.scope()) && old.isPathToken() == entry.isPathToken());
    ofChannels.add(entry);
  }

  /**
   * Returns the value of the {@code Authorization} header for a URL.
   *
   * @param uri the URL
   * @param asked whether somebody asked for its server, rather than being led there: what holds for
   *     every host goes along with nobody
   */
  Optional<String> authorization(URI uri, boolean asked) {
    Credential found =
        find(uri, entry -> !entry.isPathToken() && (asked || !entry.scope().isEverywhere()));
    if (found instanceof Credential.Basic basic) {
      return Optional.of(basic(basic.user() + ":" + basic.password()));
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
        || !(find(uri, Entry::isPathToken) instanceof Credential.PathToken path)) {
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

  private @Nullable Credential find(URI uri, Predicate<Entry> kind) {
    for (Supplier<List<Entry>> source : sources) {
      Entry best = null;
      for (Entry entry : source.get()) {
        if (kind.test(entry)
            && entry.scope().opens(uri)
            && (best == null
                || CredentialScope.BY_CLOSENESS.compare(entry.scope(), best.scope()) >= 0)) {
          best = entry;
        }
      }
      if (best != null) {
        return best.credential();
      }
    }
    return null;
  }
}
