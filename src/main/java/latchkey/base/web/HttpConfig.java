package latchkey.base.web;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import latchkey.base.config.Section;

/// The section `http`: the public address, and where to listen (`configuration.md` 3).
///
/// @param publicBase the base of every URL; its path ends in `/`
/// @param issuer the value of `iss`, in normalised URL form
public record HttpConfig(
    URI publicBase, String issuer, List<IpNetwork> trustedProxies, List<Listener> listeners) {
  /// One entry of `http.listeners`.
  public record Listener(String name, List<Resource> resources, List<Bind> binds) {}

  public record Resource(String name) {}

  public record Bind(String host, int port) {}

  private static final List<String> DEFAULT_PROXIES =
      List.of(
          "192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/10", "127.0.0.1/8", "fd00::/8", "::1/128");
  private static final Set<String> RESOURCES =
      Set.of(
          "health",
          "prometheus",
          "discovery",
          "human",
          "oauth",
          "compat",
          "graphql",
          "assets",
          "adminapi",
          "connection-info");

  public HttpConfig {
    trustedProxies = List.copyOf(trustedProxies);
    listeners = List.copyOf(listeners);
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
      root.ignore("http");
      var base = URI.create("http://[::]:8080/");
      return new HttpConfig(base, base.toString(), defaultProxies(), defaultListeners());
    }
    var http = root.section("http");
    var base = base(http);
    var issuer = http.url("issuer").map(HttpConfig::normalised).orElseGet(() -> normalised(base));
    var config = new HttpConfig(base, issuer, proxies(http), listeners(http));
    http.warnOfUnknown();
    return config;
  }

  private static URI base(Section http) {
    if (!http.has("public_base")) {
      http.fault("public_base", "is missing; give the URL under which browsers reach this service");
    }
    var base = http.url("public_base").orElse(URI.create("http://localhost/"));
    if (base.getRawQuery() != null
        || base.getRawFragment() != null
        || base.getRawUserInfo() != null) {
      http.fault("public_base", "must have no user, query or fragment");
    }
    var path = base.getRawPath();
    if (path.isEmpty()) {
      return URI.create(base + "/");
    }
    if (!path.equals("/")) {
      http.fault("public_base", "a path in the public base is not supported yet");
    }
    return base;
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
    if (!http.has("trusted_proxies")) {
      return defaultProxies();
    }
    var networks = new ArrayList<IpNetwork>();
    for (var text : http.strings("trusted_proxies")) {
      IpNetwork.parse(text)
          .ifPresentOrElse(
              networks::add,
              () -> http.fault("trusted_proxies", text + " is no address and no CIDR range"));
    }
    return networks;
  }

  private static List<Listener> defaultListeners() {
    var web =
        new Listener(
            "web",
            resources("discovery", "human", "oauth", "compat", "assets"),
            List.of(new Bind("::", 8080)));
    var internal =
        new Listener("internal", resources("health"), List.of(new Bind("localhost", 8081)));
    return List.of(web, internal);
  }

  private static List<Resource> resources(String... names) {
    return List.of(names).stream().map(Resource::new).toList();
  }

  private static List<Listener> listeners(Section http) {
    var listeners = new ArrayList<Listener>();
    for (var section : http.sections("listeners")) {
      var name = section.string("name", "unnamed");
      listeners.add(new Listener(name, resources(section), binds(section)));
      refuseWhatIsNotThere(section);
      section.warnOfUnknown();
    }
    return listeners;
  }

  private static void refuseWhatIsNotThere(Section listener) {
    if (listener.has("tls")) {
      listener.fault("tls", "TLS is not supported yet; put a reverse proxy in front");
    }
    if (listener.bool("proxy_protocol", false)) {
      listener.fault("proxy_protocol", "the PROXY protocol is not supported yet");
    }
    if (!listener.string("prefix", "/").equals("/")) {
      listener.fault("prefix", "a prefix is not supported yet");
    }
  }

  private static List<Resource> resources(Section listener) {
    var names = new LinkedHashSet<String>();
    var sections = listener.sections("resources");
    if (sections.isEmpty()) {
      listener.fault("resources", "must not be empty");
    }
    for (var resource : sections) {
      var name = resource.requireString("name");
      resource.ignore("path", "playground", "undocumented_oauth2_access");
      resource.warnOfUnknown();
      if (!name.isEmpty() && !RESOURCES.contains(name)) {
        resource.fault("name", "there is no resource " + name);
      } else if (!names.add(name)) {
        resource.fault("name", "the resource " + name + " is listed twice on this listener");
      }
    }
    return names.stream().map(Resource::new).toList();
  }

  private static List<Bind> binds(Section listener) {
    var binds = new ArrayList<Bind>();
    var sections = listener.sections("binds");
    if (sections.isEmpty()) {
      listener.fault("binds", "must not be empty");
    }
    for (var bind : sections) {
      bind(bind).ifPresent(binds::add);
      bind.warnOfUnknown();
    }
    return binds;
  }

  private static Optional<Bind> bind(Section bind) {
    if (bind.has("port")) {
      var port = bind.integer("port", 0, 65535);
      var host = bind.string("host", "::");
      return port.map(number -> new Bind(host, number.intValue()));
    }
    if (bind.has("address")) {
      var address = bind.string("address").flatMap(HttpConfig::address);
      if (address.isEmpty()) {
        bind.fault("address", "an address and a port are expected, such as [::]:8080");
      }
      return address;
    }
    bind.ignore("socket", "mode", "fd", "kind");
    bind.fault(
        "",
        bind.has("socket")
            ? "Unix sockets are not supported yet"
            : "give host and port, or address (inherited sockets are not supported)");
    return Optional.empty();
  }

  private static Optional<Bind> address(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      return Optional.empty();
    }
    var host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    var literal = bracketed ? host.substring(1, host.length() - 1) : host;
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      boolean valid = port >= 0 && port <= 65535 && IpNetwork.parse(literal).isPresent();
      return valid ? Optional.of(new Bind(literal, port)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
