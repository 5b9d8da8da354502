package latchkey.base.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How pages show whose an app is.
public final class PublicHost {
  private PublicHost() {}

  /// The host of a URL, without what people need not read.
  public static Optional<String> of(@Nullable String url) {
    if (url == null) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(new URI(url).getHost());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /// Where an app takes its answers, for one that does not say whose it is: the host, or the scheme
  /// that only its device knows. What stands behind a scheme of an app's own names nobody.
  public static String ofRedirect(String redirectUri) {
    var scheme = redirectUri.substring(0, redirectUri.indexOf(':') + 1);
    boolean isWeb = scheme.equalsIgnoreCase("https:") || scheme.equalsIgnoreCase("http:");
    return isWeb ? of(redirectUri).orElseGet(() -> authority(redirectUri)) : scheme;
  }

  /// Of a host with a name that no DNS has, such as `my_host`.
  private static String authority(String url) {
    return url.replaceFirst("^[^:]*://", "").replaceFirst("[/?#].*$", "");
  }

  /// The first letter of a name, to stand for a logo.
  public static String initial(String name) {
    return name.isBlank()
        ? "?"
        : name.strip().substring(0, name.strip().offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT);
  }
}
