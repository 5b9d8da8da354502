package latchkey.base.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The lowest layer of the configuration: `MAS_A_B=value` sets `a.b`. Files lie on top of it.
final class EnvironmentLayer {
  private static final String PREFIX = "MAS_";

  /// The sections; other variables that begin like ours are somebody else's.
  private static final Set<String> SECTIONS =
      Set.of(
          "account",
          "branding",
          "captcha",
          "clients",
          "database",
          "email",
          "experimental",
          "http",
          "latchkey",
          "matrix",
          "oauth",
          "passwords",
          "policy",
          "rate_limiting",
          "secrets",
          "telemetry",
          "templates",
          "upstream_oauth2");

  /// Kubernetes puts these into every pod beside a service called `mas` or `mas-…`; they are not
  /// meant for us.
  private static final Pattern SERVICE_LINK =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");

  private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

  private EnvironmentLayer() {}

  static Node.Mapping of(Map<String, String> environment) {
    Node tree = new Node.Mapping(Map.of(), new Node.Mark("the environment", 0));
    // In the order of their names, so that two variables about one key always merge the same way.
    for (var variable : new TreeMap<>(environment).entrySet()) {
      var name = variable.getKey();
      var keys = name.startsWith(PREFIX) ? keys(name) : new String[0];
      if (keys.length > 0 && SECTIONS.contains(keys[0]) && !isServiceLink(variable)) {
        var mark = new Node.Mark("variable " + name, 0);
        var value = value(variable.getValue().strip(), mark);
        // A whole section can be set as {k=v}; a bare text under such a name is not meant for us.
        if (keys.length > 1 || !(value instanceof Node.Scalar)) {
          tree = Node.merge(tree, nest(keys, value, mark));
        }
      }
    }
    return (Node.Mapping) tree;
  }

  private static String[] keys(String name) {
    return name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).split("_", -1);
  }

  private static boolean isServiceLink(Map.Entry<String, String> variable) {
    return SERVICE_LINK.matcher(variable.getKey()).matches()
        || SERVICE_URL.matcher(variable.getValue()).matches();
  }

  private static Node nest(String[] keys, Node value, Node.Mark mark) {
    var node = value;
    for (int i = keys.length - 1; i >= 0; i--) {
      node = new Node.Mapping(Map.of(keys[i], node), mark);
    }
    return node;
  }

  /// Numbers, booleans, `[a, b]` and `{k=v}` become what they look like, anything else is a text.
  private static Node value(String text, Node.Mark mark) {
    if (text.startsWith("[") && text.endsWith("]")) {
      var items = new ArrayList<Node>();
      parts(text).forEach(part -> items.add(value(part, mark)));
      return new Node.Items(items, mark);
    }
    if (text.startsWith("{") && text.endsWith("}")) {
      var entries = new LinkedHashMap<String, Node>();
      for (var part : parts(text)) {
        int equals = part.indexOf('=');
        if (equals > 0) {
          entries.put(
              part.substring(0, equals).strip(), value(part.substring(equals + 1).strip(), mark));
        }
      }
      return new Node.Mapping(entries, mark);
    }
    return new Node.Scalar(scalar(text), mark);
  }

  /// What stands between the commas, those inside inner brackets apart.
  private static Iterable<String> parts(String bracketed) {
    var parts = new ArrayList<String>();
    int depth = 0;
    int start = 1;
    for (int i = 1; i < bracketed.length(); i++) {
      char c = bracketed.charAt(i);
      boolean ends = depth == 0 && (c == ',' || i == bracketed.length() - 1);
      if (ends && !bracketed.substring(start, i).isBlank()) {
        parts.add(bracketed.substring(start, i).strip());
      }
      start = ends ? i + 1 : start;
      depth += "[{".indexOf(c) >= 0 ? 1 : "]}".indexOf(c) >= 0 ? -1 : 0;
    }
    return parts;
  }

  private static Object scalar(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    try {
      long number = Long.parseLong(text);
      // Only what reads back the same: 007 and +1 are texts.
      return Long.toString(number).equals(text) ? (Object) number : text;
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
