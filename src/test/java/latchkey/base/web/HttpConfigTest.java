package latchkey.base.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import latchkey.base.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpConfigTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @ParameterizedTest
  @CsvSource({
    "https://auth.example.com,      https://auth.example.com/",
    "https://Auth.Example.COM:443,  https://auth.example.com/",
    "http://x:80/,                  http://x/",
    "https://x:8443/a/b,            https://x:8443/a/b",
    "http://[::]:8080/,             http://[::]:8080/",
  })
  void the_issuer_is_written_the_way_browsers_write_urls(String given, String issuer)
      throws IOException {
    var http = read("http: {public_base: 'https://p/', issuer: '" + given + "'}");

    assertThat(http.issuer()).isEqualTo(issuer);
  }

  @Test
  void without_an_issuer_it_is_the_public_base() throws IOException {
    var http = read("http: {public_base: 'https://auth.example.com'}");

    assertThat(http.issuer()).isEqualTo("https://auth.example.com/");
    assertThat(http.url("/login")).isEqualTo("https://auth.example.com/login");
    assertThat(http.prefix()).isEqualTo("/");
  }

  @Test
  void a_public_base_with_a_path_is_the_prefix_of_every_link() throws IOException {
    var http = read("http: {public_base: 'https://example.com/auth'}");

    assertThat(http.url("/login")).isEqualTo("https://example.com/auth/login");
    assertThat(http.path("/login")).isEqualTo("/auth/login");
    assertThat(http.prefix()).isEqualTo("/auth/");
    assertThat(http.issuer()).isEqualTo("https://example.com/auth");
  }

  @Test
  void the_default_proxies_keep_the_quirk_of_the_ten_network() throws IOException {
    var proxies = read("http: {public_base: 'https://p/'}").trustedProxies();

    assertThat(trusts(proxies, "10.63.255.255")).isTrue();
    assertThat(trusts(proxies, "10.64.0.0")).isFalse();
    assertThat(trusts(proxies, "127.0.0.1")).isTrue();
    assertThat(trusts(proxies, "::1")).isTrue();
  }

  @Test
  void a_list_of_proxies_replaces_the_default() throws IOException {
    var proxies =
        read("http: {public_base: 'https://p/', trusted_proxies: [10.9.9.9]}").trustedProxies();

    assertThat(trusts(proxies, "10.9.9.9")).isTrue();
    assertThat(trusts(proxies, "127.0.0.1")).isFalse();
  }

  private static boolean trusts(List<IpNetwork> networks, String address) {
    return networks.stream().anyMatch(network -> network.contains(InetAddress.ofLiteral(address)));
  }

  private HttpConfig read(String text) throws IOException {
    var file = Files.writeString(folder.resolve("f.yaml"), text);
    var root = Configuration.load(List.of(file), Map.of()).root(true);
    var http = HttpConfig.read(root);
    assertThat(root.faults().errors()).isEmpty();
    return http;
  }
}
