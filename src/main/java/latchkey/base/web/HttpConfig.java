package latchkey.base.web;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;

/// The section `http`: the public address, and which proxies are believed (`configuration.md` 3.1).
///
/// @param publicBase the base of every URL; its path ends in `/`
/// @param issuer the value of `iss`, in normalised URL form
public record HttpConfig(URI publicBase, String issuer, List<IpNetwork> trustedProxies) {
  private static final Kind<IpNetwork> NETWORK =
      Kind.texts(
          "address or CIDR range",
          "an address or a CIDR range is expected",
          "10.0.0.0/8",
          IpNetwork::parse);

  private static final List<String> DEFAULT_PROXIES =
      List.of(
          "192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/10", "127.0.0.1/8", "fd00::/8", "::1/128");

  public HttpConfig {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /// An absolute URL for one of our paths, which begins with `/`.
  public String url(String path) {
    return publicBase + path.substring(1);
  }

  /// A path as links on our pages spell it: below the path of the public base.
  public String path(String path) {
    return publicBase.getRawPath() + path.substring(1);
  }

  /// The path of the public base, with a slash at its end: what links and cookies begin with.
  public String prefix() {
    return publicBase.getRawPath();
  }

  public boolean isSecure() {
    return "https".equals(publicBase.getScheme());
  }

  public static HttpConfig read(Section root) {
    if (!root.has("http")) {
      var base = URI.create("http://[::]:8080/");
      return new HttpConfig(base, base.toString(), defaultProxies());
    }
    var http = root.section("http");
    http.otherwise("issuer", "`public_base`");
    http.otherwise("trusted_proxies", String.join(", ", DEFAULT_PROXIES));
    var base = base(http);
    var issuer = http.url("issuer").map(HttpConfig::normalised);
    return new HttpConfig(withSlash(base), issuer.orElseGet(() -> normalised(base)), proxies(http));
  }

  private static URI base(Section http) {
    var base = http.require("public_base", Kind.URL, URI.create("http://localhost/"));
    http.rule(
        "public_base",
        base.getRawQuery() == null
            && base.getRawFragment() == null
            && base.getRawUserInfo() == null,
        "must have no user, query or fragment");
    return base;
  }

  private static URI withSlash(URI base) {
    return base.getRawPath().endsWith("/") ? base : URI.create(base + "/");
  }

  /// As browsers write it: a bare host gains a slash, scheme and host are in lower case, default
  /// ports are left out.
  static String normalised(URI url) {
    int port = url.getPort();
    boolean isDefault =
        port == -1
            || (port == 443 && "https".equals(url.getScheme()))
            || (port == 80 && "http".equals(url.getScheme()));
    var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    var host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    return url.getScheme() + "://" + host + (isDefault ? "" : ":" + port) + path;
  }

  private static List<IpNetwork> defaultProxies() {
    return DEFAULT_PROXIES.stream().flatMap(text -> IpNetwork.parse(text).stream()).toList();
  }

  private static List<IpNetwork> proxies(Section http) {
    var given = http.list("trusted_proxies", NETWORK);
    return http.has("trusted_proxies") ? given : defaultProxies();
  }
}
