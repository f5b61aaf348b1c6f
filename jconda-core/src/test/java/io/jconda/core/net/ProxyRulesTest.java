package io.jconda.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Proxy;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyRulesTest {
  private static Optional<String> proxy(
      Map<String, String> servers, Map<String, String> environment, String uri) {
    return new ProxyRules(servers, environment).proxy(URI.create(uri)).map(ProxyRules.Named::url);
  }

  @Test
  void theKeysOfProxyServersGoFromTheHostToEverything() {
    Map<String, String> servers = new HashMap<>();
    servers.put("all", "http://p1");
    assertThat(proxy(servers, Map.of(), "https://Host.example/x")).hasValue("http://p1");
    servers.put("all://host.example", "http://p2");
    assertThat(proxy(servers, Map.of(), "https://Host.example/x")).hasValue("http://p2");
    servers.put("https", "http://p3");
    assertThat(proxy(servers, Map.of(), "https://Host.example/x")).hasValue("http://p3");
    servers.put("https://host.example", "http://p4");
    assertThat(proxy(servers, Map.of(), "https://Host.example/x")).hasValue("http://p4");
    assertThat(proxy(servers, Map.of(), "http://other.example/x")).hasValue("http://p1");
  }

  @Test
  void theConfigurationCountsBeforeTheEnvironment() {
    Map<String, String> environment = Map.of("https_proxy", "http://env", "http_proxy", "http://e");

    assertThat(proxy(Map.of("https", "http://rc"), environment, "https://a/x"))
        .hasValue("http://rc");
    assertThat(proxy(Map.of("https", "http://rc"), environment, "http://a/x")).hasValue("http://e");
  }

  @Test
  void lowerCaseCountsBeforeUpperCaseAndTheSchemeBeforeAll() {
    Map<String, String> environment = new HashMap<>();
    environment.put("ALL_PROXY", "http://p1");
    assertThat(proxy(Map.of(), environment, "http://a/x")).hasValue("http://p1");
    environment.put("all_proxy", "http://p2");
    assertThat(proxy(Map.of(), environment, "http://a/x")).hasValue("http://p2");
    environment.put("HTTP_PROXY", "http://p3");
    assertThat(proxy(Map.of(), environment, "http://a/x")).hasValue("http://p3");
    environment.put("http_proxy", "http://p4");
    assertThat(proxy(Map.of(), environment, "http://a/x")).hasValue("http://p4");
    environment.put("http_proxy", "");
    assertThat(proxy(Map.of(), environment, "http://a/x")).hasValue("http://p3");
    environment.put("REQUEST_METHOD", "GET");
    assertThat(proxy(Map.of(), environment, "http://a/x")).hasValue("http://p2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "*; http://a.example/x; true",
        "example.com; http://example.com/x; true",
        "example.com; http://sub.example.com/x; true",
        "example.com; http://badexample.com/x; false",
        ".example.com; http://sub.example.com/x; true",
        ".example.com; http://example.com/x; true",
        "*.example.com; http://sub.example.com/x; true",
        "EXAMPLE.com; http://example.COM/x; true",
        "a.org, example.com; http://example.com/x; true",
        "a.org example.com; http://example.com/x; true",
        "example.com:8080; http://example.com:8080/x; true",
        "example.com:8080; http://example.com/x; false",
        "example.com:443; https://example.com/x; true",
        "10.0.0.0/8; http://10.1.2.3/x; true",
        "10.0.0.0/8; http://11.1.2.3/x; false",
        "10.0.0.0/33; http://10.1.2.3/x; false",
        "192.168.1.7; http://192.168.1.7:81/x; true",
        "168.1.7; http://192.168.1.7/x; false",
        "::1; http://[::1]:8080/x; true",
        "[::1]:8080; http://[::1]:8080/x; true",
        "[::1]:8080; http://[::1]:8081/x; false",
        "fe80::/10; http://[fe80::5]/x; true",
        "0:0:0:0:0:0:0:1; http://[::1]/x; true",
        "' '; http://a.example/x; false",
        "a/b; http://1.2.3.4/x; false",
      })
  void noProxyNamesHostsDomainsPortsAndRanges(String list, String uri, boolean direct) {
    Map<String, String> environment = Map.of("no_proxy", list, "all_proxy", "http://p");

    assertThat(proxy(Map.of(), environment, uri).isEmpty()).isEqualTo(direct);
    assertThat(proxy(Map.of("all", "http://rc"), Map.of("NO_PROXY", list), uri).isEmpty())
        .isEqualTo(direct);
  }

  @Test
  void aProxysUrlHasASchemeAUserAndAPortOrNeither() {
    assertThat(ProxyServer.of("http://me:p%40ss+1@proxy.example:3128/"))
        .isEqualTo(new ProxyServer(Proxy.Type.HTTP, "proxy.example", 3128, "me:p@ss+1"));
    assertThat(ProxyServer.of("proxy.example"))
        .isEqualTo(new ProxyServer(Proxy.Type.HTTP, "proxy.example", 80, ""));
    assertThat(ProxyServer.of("http://me:p@ss@proxy:1").userInfo()).isEqualTo("me:p@ss");
    assertThat(ProxyServer.of("socks5h://proxy"))
        .isEqualTo(new ProxyServer(Proxy.Type.SOCKS, "proxy", 1080, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:s3cret@proxy:1",
        "ftp://me:s3cret@proxy:1",
        "socks5://me:s3cret@proxy:1",
        "http://me:s3cret@",
        "http://me:s3cret@proxy:99999"
      })
  void aProxyThatCannotBeUsedIsRefusedWithoutItsPassword(String url) {
    assertThatThrownBy(() -> ProxyServer.of(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aProxysTextHasNoPassword() {
    assertThat(ProxyServer.of("http://me:s3cret@proxy:1").toString()).isEqualTo("HTTP proxy:1");
    assertThat(new ProxyRules.Named("http://me:s3cret@p", "all").toString()).doesNotContain("s3c");
  }
}
