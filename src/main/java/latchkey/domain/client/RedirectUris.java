package latchkey.domain.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides where a client may be sent (RFC 6749 §3.1.2, RFC 8252 §7.3, RFC 9700 §4.1.3).
public final class RedirectUris {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private RedirectUris() {}

  /// The URI to use: the one asked for if it is registered, or the only registered one if none was
  /// asked for.
  public static Optional<String> resolve(List<String> registered, Optional<String> requested) {
    if (requested.isEmpty()) {
      return registered.size() == 1 ? Optional.of(registered.getFirst()) : Optional.empty();
    }
    var uri = requested.get();
    boolean matches =
        registered.contains(uri)
            || withoutLoopbackPort(uri).filter(registered::contains).isPresent();
    return matches ? requested : Optional.empty();
  }

  /// Whether only one server on the network gets what is sent there: over https, and not to the
  /// person's own machine.
  public static boolean belongsToOneHost(String text) {
    try {
      var uri = new URI(text);
      var host = uri.getHost();
      return "https".equals(uri.getScheme())
          && host != null
          && !LOOPBACK.contains(host)
          && !host.endsWith(".localhost")
          && !host.startsWith("127.");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /// Native apps listen on whatever port is free, so a loopback URI registered without a port
  /// accepts any.
  private static Optional<String> withoutLoopbackPort(String text) {
    try {
      var uri = new URI(text);
      boolean loopback =
          "http".equals(uri.getScheme())
              && uri.getHost() != null
              && LOOPBACK.contains(uri.getHost())
              && uri.getPort() >= 0
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null;
      if (!loopback) {
        return Optional.empty();
      }
      var authority = uri.getHost() + ":" + uri.getPort();
      var prefix = "http://" + authority;
      return text.startsWith(prefix)
          ? Optional.of("http://" + uri.getHost() + text.substring(prefix.length()))
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
