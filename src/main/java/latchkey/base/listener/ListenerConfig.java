package latchkey.base.listener;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;
import latchkey.base.web.Group;

/// One entry of `http.listeners` (`configuration.md` 3.2).
///
/// @param resources the groups it serves, by their names in the configuration
/// @param prefix what stands before every path, without a slash at its end; empty for nothing
/// @param proxyProtocol whether every connection begins with a PROXY header
public record ListenerConfig(
    String name,
    List<String> resources,
    List<Bind> binds,
    String prefix,
    boolean proxyProtocol,
    Optional<TlsConfig> tls) {
  private static final String TWICE = "a resource is listed once on a listener";

  private static final List<String> RESOURCES =
      List.of(
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

  /// Where the image, the tarball and the checkout of the service we replace have them; ours are
  /// built in.
  private static final Set<Path> DEFAULT_ASSETS =
      Set.of(
          Path.of("/usr/local/share/mas-cli/assets/"),
          Path.of("./share/assets/"),
          Path.of("./frontend/dist/"));

  public ListenerConfig {
    resources = List.copyOf(resources);
    binds = List.copyOf(binds);
  }

  /// Every listener of the configuration. Without the section `http` there are two; with it, but
  /// without `listeners`, none.
  public static List<ListenerConfig> read(Section root) {
    var http = root.section("http");
    http.otherwise("listeners", "none; without the whole section `http` two, see above");
    var given = http.sections("listeners").stream().map(ListenerConfig::listener).toList();
    return root.has("http")
        ? given
        : List.of(
            plain(
                "web",
                List.of("discovery", "human", "oauth", "compat", "graphql", "assets"),
                new Bind.Tcp(null, 8080)),
            plain("internal", List.of("health"), new Bind.Tcp("localhost", 8081)));
  }

  private static ListenerConfig listener(Section section) {
    return new ListenerConfig(
        section.string("name", "unnamed"),
        resources(section),
        binds(section),
        prefix(section),
        section.bool("proxy_protocol", false),
        section.has("tls")
            ? Optional.of(TlsConfig.read(section.section("tls")))
            : Optional.empty());
  }

  private static ListenerConfig plain(String name, List<String> resources, Bind bind) {
    return new ListenerConfig(name, resources, List.of(bind), "", false, Optional.empty());
  }

  Set<Group> groups() {
    var groups = EnumSet.noneOf(Group.class);
    resources.forEach(resource -> groups.addAll(Group.named(resource)));
    return groups;
  }

  private static List<String> resources(Section listener) {
    var names = new LinkedHashSet<String>();
    var sections = listener.sections("resources");
    listener.rule("resources", !sections.isEmpty(), "must not be empty");
    for (var resource : sections) {
      var name = resource.require("name", Kind.oneOf(RESOURCES), "");
      resource.laterValues("name", "graphql", "adminapi");
      resource.rule("name", name.isEmpty() || names.add(name), TWICE);
      readMore(resource, name);
    }
    names.remove("");
    return List.copyOf(names);
  }

  /// What some resources have beside their name, and none of it does anything here.
  private static void readMore(Section resource, String name) {
    if (name.equals("assets")) {
      var path = resource.value("path", Kind.PATH);
      resource.laterIf("path", path.isPresent() && !DEFAULT_ASSETS.contains(path.get()));
    } else if (name.equals("graphql")) {
      resource.later("playground", "undocumented_oauth2_access");
      resource.bool("playground", false);
      resource.bool("undocumented_oauth2_access", false);
    }
  }

  private static List<Bind> binds(Section listener) {
    var binds = new ArrayList<Bind>();
    var sections = listener.sections("binds");
    listener.rule("binds", !sections.isEmpty(), "must not be empty");
    sections.forEach(section -> BindReader.read(section).ifPresent(binds::add));
    return binds;
  }

  private static String prefix(Section listener) {
    var prefix = listener.string("prefix", "/");
    listener.rule(
        "prefix",
        prefix.startsWith("/") && !prefix.contains("//") && !prefix.matches(".*[?#%\\s].*"),
        "a path is expected, such as /auth");
    return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
  }
}
