package latchkey.domain.policy;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What rules can call besides CEL's own functions.
final class RuleFunctions {
  private static final Map<String, Object> INVALID =
      Map.of("valid", false, "scheme", "", "host", "", "port", -1L, "path", "", "authority", false);

  private RuleFunctions() {}

  /// The parts of an absolute URI that leaves nothing to guess: scheme and host in lower case, no
  /// user, no fragment, no trailing dot, no empty host, no percent-encoding in the path. Anything
  /// else is `valid: false`.
  static Object uri(Object text) {
    try {
      var uri = new URI(String.valueOf(text));
      var scheme = uri.getScheme();
      boolean hasAuthority = uri.getRawAuthority() != null;
      var host = uri.getHost() == null ? "" : uri.getHost();
      var path = uri.isOpaque() ? uri.getRawSchemeSpecificPart() : uri.getRawPath();
      boolean valid =
          scheme != null
              && scheme.equals(scheme.toLowerCase(Locale.ROOT))
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null
              && (!hasAuthority || isHost(host))
              && !String.valueOf(path).contains("%");
      return valid
          ? Map.<String, Object>of(
              "valid",
              true,
              "scheme",
              scheme,
              "host",
              host,
              "port",
              (long) uri.getPort(),
              "path",
              path,
              "authority",
              hasAuthority)
          : INVALID;
    } catch (URISyntaxException e) {
      return INVALID;
    }
  }

  private static boolean isHost(String host) {
    return !host.isEmpty()
        && !host.endsWith(".")
        && host.equals(host.toLowerCase(Locale.ROOT))
        && host.matches(
            "\\[[0-9a-f:.]+]|[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
  }

  /// Whether a host is another one or below it. Nothing is within the empty host.
  static Object within(Object host, Object parent) {
    var child = String.valueOf(host);
    var above = String.valueOf(parent);
    return !above.isEmpty() && (child.equals(above) || child.endsWith("." + above));
  }

  /// `app.example.com` as `com.example.app`.
  static Object reversed(Object host) {
    var labels = new ArrayList<>(List.of(String.valueOf(host).split("\\.", -1)));
    Collections.reverse(labels);
    return String.join(".", labels);
  }

  /// Whether an address lies in one of the networks (`192.0.2.0/24`, `::1`). An unknown address
  /// lies in none.
  static Object inNetworks(Object networks, Object address) {
    if (!(networks instanceof List<?> list) || !(address instanceof String literal)) {
      return false;
    }
    return list.stream().anyMatch(network -> isIn(String.valueOf(network), literal));
  }

  private static boolean isIn(String network, String literal) {
    int slash = network.indexOf('/');
    try {
      var base =
          InetAddress.ofLiteral(slash < 0 ? network : network.substring(0, slash)).getAddress();
      var address = InetAddress.ofLiteral(literal).getAddress();
      int bits = slash < 0 ? base.length * 8 : Integer.parseInt(network.substring(slash + 1));
      if (base.length != address.length || bits < 0 || bits > base.length * 8) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        if (((base[i / 8] ^ address[i / 8]) & (0x80 >> (i % 8))) != 0) {
          return false;
        }
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// Whether a text matches any member of a constraint set: `literals`, `substrings`, `prefixes`,
  /// `suffixes`, `regexes` (RE2, unanchored).
  static Object inSet(Object set, Object value, Patterns patterns) {
    if (!(set instanceof Map<?, ?> map) || !(value instanceof String text)) {
      return false;
    }
    return strings(map, "literals").contains(text)
        || strings(map, "substrings").stream().anyMatch(text::contains)
        || strings(map, "prefixes").stream().anyMatch(text::startsWith)
        || strings(map, "suffixes").stream().anyMatch(text::endsWith)
        || strings(map, "regexes").stream().anyMatch(regex -> patterns.find(regex, text));
  }

  /// Whether a domain matches any of a list of globs: `*` stands for what is within one label, `**`
  /// for what may span some, `?` for one character, `[…]` and `{a,b}` for a choice.
  static Object inGlobs(Object globs, Object domain, Patterns patterns) {
    return globs instanceof List<?> list
        && domain instanceof String text
        && list.stream().anyMatch(glob -> patterns.find(regex(String.valueOf(glob)), text));
  }

  /// The regular expression that says the same as a glob.
  private static String regex(String glob) {
    var regex = new StringBuilder("^");
    boolean inBraces = false;
    boolean inBrackets = false;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (inBrackets) {
        inBrackets = c != ']';
        regex.append(c == '!' && glob.charAt(i - 1) == '[' ? '^' : c);
      } else if (c == '*' && i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
        regex.append(".*");
        i++;
      } else {
        switch (c) {
          case '*' -> regex.append("[^.]*");
          case '?' -> regex.append("[^.]");
          case '[' -> regex.append('[');
          case '{' -> regex.append("(?:");
          case '}' -> regex.append(')');
          case ',' -> regex.append(inBraces ? '|' : ',');
          default -> regex.append(Character.isLetterOrDigit(c) ? "" : "\\").append(c);
        }
        inBrackets = c == '[';
        inBraces = c == '{' || (inBraces && c != '}');
      }
    }
    return regex.append('$').toString();
  }

  private static List<String> strings(Map<?, ?> map, String key) {
    return map.get(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }
}
