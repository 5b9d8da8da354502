package latchkey.base.listener;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  public ListenerConfig {
    resources = List.copyOf(resources);
    binds = List.copyOf(binds);
  }

  /// Every listener of the configuration. Without the section `http` there are two; with it, but
  /// without `listeners`, none.
  public static List<ListenerConfig> read(Section root) {
    if (!root.has("http")) {
      return List.of(
          plain(
              "web",
              List.of("discovery", "human", "oauth", "compat", "graphql", "assets"),
              new Bind.Tcp(null, 8080)),
          plain("internal", List.of("health"), new Bind.Tcp("localhost", 8081)));
    }
    var listeners = new ArrayList<ListenerConfig>();
    for (var section : root.section("http").sections("listeners")) {
      listeners.add(
          new ListenerConfig(
              section.string("name", "unnamed"),
              resources(section),
              binds(section),
              prefix(section),
              section.bool("proxy_protocol", false),
              section.has("tls")
                  ? Optional.of(TlsConfig.read(section.section("tls")))
                  : Optional.empty()));
      section.warnOfUnknown();
    }
    return List.copyOf(listeners);
  }

  private static ListenerConfig plain(String name, List<String> resources, Bind bind) {
    return new ListenerConfig(name, resources, List.of(bind), "", false, Optional.empty());
  }

  Set<Group> groups() {
    var groups = EnumSet.noneOf(Group.class);
    resources.forEach(resource -> Group.named(resource).ifPresent(groups::add));
    return groups;
  }

  private static List<String> resources(Section listener) {
    var names = new LinkedHashSet<String>();
    var sections = listener.sections("resources");
    if (sections.isEmpty()) {
      listener.fault("resources", "must not be empty");
    }
    for (var resource : sections) {
      var name = resource.requireString("name");
      if (name.equals("assets")) {
        resource.ignore("path");
      } else if (name.equals("graphql")) {
        resource.ignore("playground", "undocumented_oauth2_access");
      }
      resource.warnOfUnknown();
      if (!name.isEmpty() && !RESOURCES.contains(name)) {
        resource.fault("name", "there is no resource " + name);
      } else if (!names.add(name)) {
        resource.fault("name", "the resource " + name + " is listed twice on this listener");
      }
    }
    return List.copyOf(names);
  }

  private static List<Bind> binds(Section listener) {
    var binds = new ArrayList<Bind>();
    var sections = listener.sections("binds");
    if (sections.isEmpty()) {
      listener.fault("binds", "must not be empty");
    }
    sections.forEach(section -> BindReader.read(section).ifPresent(binds::add));
    return binds;
  }

  private static String prefix(Section listener) {
    var prefix = listener.string("prefix", "/");
    if (!prefix.startsWith("/") || prefix.contains("//") || prefix.matches(".*[?#%\\s].*")) {
      listener.fault("prefix", "a path is expected, such as /auth");
    }
    return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
  }
}
