package io.jconda.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jconda.AllowedScripts;
import io.jconda.CondaClient;
import io.jconda.EnvironmentRequest;
import io.jconda.InvalidSpecException;
import io.jconda.build.MirrorRequest;
import io.jconda.query.PackageQuery;
import io.jconda.spec.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all requests have in common. */
class RequestTest {
  @TempDir Path folder;
  private CondaClient client;

  @BeforeEach
  void open() {
    client = CondaClient.builder().root(folder.resolve("root")).build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private EnvironmentRequest environment() {
    return client.env("e");
  }

  private PackageQuery query() {
    return client.query();
  }

  private MirrorRequest mirror() {
    return client.mirror(folder.resolve("mirror"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void aTimeLimitIsMoreThanZero(long seconds) {
    Duration limit = Duration.ofSeconds(seconds);
    List<ThrowingCallable> requests =
        List.of(
            () -> keep(environment().timeout(limit)),
            () -> keep(query().timeout(limit)),
            () -> keep(mirror().timeout(limit)));

    for (ThrowingCallable request : requests) {
      assertThatThrownBy(request)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("more than zero");
    }
  }

  private static void keep(Object request) {
    assertThat(request).isNotNull();
  }

  @Test
  void linkScriptsAreAllowedForAllOrByTheNamesOfPackages() {
    EnvironmentRequest none = environment();
    assertThat(none.allowedScripts()).isEqualTo(AllowedScripts.NONE);
    assertThat(none.allowLinkScripts(true).allowedScripts().allows("any")).isTrue();

    AllowedScripts some =
        none.allowLinkScriptsOf("OpenSSL").allowLinkScriptsOf("perl").allowedScripts();
    assertThat(some.packages()).containsExactly("openssl", "perl");
    assertThat(some.allows("openssl")).isTrue();
    assertThat(some.allows("other")).isFalse();
    assertThat(none.allowLinkScriptsOf("perl").allowLinkScripts(false).allowedScripts())
        .isEqualTo(AllowedScripts.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"openssl>=3", "open*", "", "conda-forge::openssl"})
  void whoseScriptsMayRunIsANameAlone(String text) {
    EnvironmentRequest request = environment();
    assertThatThrownBy(() -> request.allowLinkScriptsOf(text))
        .isInstanceOf(InvalidSpecException.class);
  }

  @Test
  void whatIsSetLeavesTheRequestBeforeAsItWas() {
    check(environment(), one -> one.channel("a").channel("b").offline(true).with("x"));
    check(query(), one -> one.channel("a").channel("b").offline(true).limit(7));
    check(mirror(), one -> one.channel("a").channel("b").offline(true).with("x"));
  }

  private static <T> void check(T before, UnaryOperator<T> setting) {
    String told = before.toString();

    T after = setting.apply(before);

    assertThat(before).hasToString(told);
    assertThat(channels(before)).isEmpty();
    assertThat(channels(after)).extracting(Channel::name).containsExactly("a", "b");
    assertThat(isOffline(before)).isFalse();
    assertThat(isOffline(after)).isTrue();
  }

  private static List<Channel> channels(Object request) {
    return request instanceof EnvironmentRequest environment
        ? environment.channels()
        : request instanceof PackageQuery query
            ? query.channels()
            : ((MirrorRequest) request).channels();
  }

  private static boolean isOffline(Object request) {
    return request instanceof EnvironmentRequest environment
        ? environment.isOffline()
        : request instanceof PackageQuery query
            ? query.isOffline()
            : ((MirrorRequest) request).isOffline();
  }
}
