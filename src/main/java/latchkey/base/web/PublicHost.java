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
  /// that only its device knows.
  public static String ofRedirect(String redirectUri) {
    return of(redirectUri).orElseGet(() -> redirectUri.substring(0, redirectUri.indexOf(':') + 1));
  }

  /// The first letter of a name, to stand for a logo.
  public static String initial(String name) {
    return name.isBlank()
        ? "?"
        : name.strip().substring(0, name.strip().offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT);
  }
}
