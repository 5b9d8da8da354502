package latchkey.endpoint.matrix;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import latchkey.base.crypto.Secret;

/// Where a legacy client wants its user back after `m.login.sso` (`matrix-compat.md` 12.1). There
/// is no list of those that are allowed; a page shows the person where it goes.
record SsoTarget(String url) {
  private static final String TOKEN = "loginToken";

  /// What would run in our page, or read a file, instead of leading to a client.
  private static final Set<String> HARMFUL =
      Set.of("javascript", "data", "vbscript", "blob", "file", "filesystem", "view-source");

  private static final int LONGEST = 2048;
  private static final String NEVER_PLAIN = " \"<>^`{|}";

  /// What the page shows has to be where browsers go, so a host is plain ASCII without escapes.
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.?|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,5}))?");

  private static final int LAST_PORT = 65_535;

  /// Empty for what is no address of a client.
  static Optional<SsoTarget> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      var uri = new URI(tidy(text));
      var scheme = uri.getScheme();
      var authority = uri.getRawAuthority();
      boolean usable =
          scheme != null
              && !HARMFUL.contains(scheme.toLowerCase(Locale.ROOT))
              && (authority == null || authority.indexOf('@') < 0)
              && (!isWeb(scheme) || hasHost(authority));
      return usable ? Optional.of(new SsoTarget(uri.toASCIIString())) : Optional.empty();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// As browsers read it: names of other alphabets by their ASCII form, and behind the authority
  /// what RFC 3986 does not allow by its escape, such as the second `#` of an address in Element.
  private static String tidy(String text) {
    int colon = text.indexOf(':');
    int from = text.startsWith("//", colon + 1) ? colon + 3 : colon + 1;
    int end = from;
    while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    var authority = text.substring(from, end);
    var tidy = new StringBuilder(text.substring(0, from));
    boolean isWeb = colon > 0 && isWeb(text.substring(0, colon));
    tidy.append(isWeb && !authority.startsWith("[") ? IDN.toASCII(authority) : authority);
    boolean inFragment = false;
    for (int i = end; i < text.length(); i++) {
      char c = text.charAt(i);
      if (NEVER_PLAIN.indexOf(c) >= 0 || (c == '#' && inFragment)) {
        tidy.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
      } else {
        inFragment |= c == '#';
        tidy.append(c);
      }
    }
    return tidy.toString();
  }

  private static boolean isWeb(String scheme) {
    return scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
  }

  private static boolean hasHost(@org.jspecify.annotations.Nullable String authority) {
    var parts = AUTHORITY.matcher(authority == null ? "" : authority);
    return parts.matches()
        && (parts.group(1) == null || Integer.parseInt(parts.group(1)) <= LAST_PORT);
  }

  /// The address with the token in its query. A token that is there already goes; everything else
  /// stays as it is.
  String with(Secret token) {
    int fragmentAt = url.indexOf('#');
    var fragment = fragmentAt < 0 ? "" : url.substring(fragmentAt);
    var rest = fragmentAt < 0 ? url : url.substring(0, fragmentAt);
    int queryAt = rest.indexOf('?');
    var query = new StringJoiner("&", "?", "");
    if (queryAt >= 0) {
      for (var parameter : rest.substring(queryAt + 1).split("&", -1)) {
        if (!parameter.isEmpty() && !isToken(parameter)) {
          query.add(parameter);
        }
      }
    }
    query.add(TOKEN + "=" + token.reveal());
    return (queryAt < 0 ? rest : rest.substring(0, queryAt)) + query + fragment;
  }

  private static boolean isToken(String parameter) {
    int equals = parameter.indexOf('=');
    var name = equals < 0 ? parameter : parameter.substring(0, equals);
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8).equals(TOKEN);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
