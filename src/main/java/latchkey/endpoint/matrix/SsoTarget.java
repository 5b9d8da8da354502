package latchkey.endpoint.matrix;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import latchkey.base.crypto.Secret;

/// Where a legacy client wants its user back after `m.login.sso` (`matrix-compat.md` 12.1). There
/// is no list of those that are allowed; a page shows the person where it goes.
record SsoTarget(String url) {
  private static final String TOKEN = "loginToken";

  /// What would run in our page, or read a file, instead of leading to a client.
  private static final Set<String> HARMFUL =
      Set.of("javascript", "data", "vbscript", "blob", "file");

  /// Empty for what is no address of a client.
  static Optional<SsoTarget> parse(String text) {
    try {
      var uri = new URI(text);
      var scheme = uri.getScheme();
      var authority = uri.getRawAuthority();
      boolean usable =
          scheme != null
              && !HARMFUL.contains(scheme.toLowerCase(Locale.ROOT))
              && (authority == null || authority.indexOf('@') < 0)
              && (!isWeb(scheme) || hasHost(authority));
      return usable ? Optional.of(new SsoTarget(uri.toASCIIString())) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isWeb(String scheme) {
    return scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
  }

  private static boolean hasHost(@org.jspecify.annotations.Nullable String authority) {
    return authority != null && !authority.isEmpty() && authority.charAt(0) != ':';
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
