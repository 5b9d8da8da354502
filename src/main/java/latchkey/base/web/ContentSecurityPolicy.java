package latchkey.base.web;

import java.net.URI;

/// The content security policy of pages: nothing inline, nothing from elsewhere but https images
/// (client logos).
final class ContentSecurityPolicy {
  private static final String BASE =
      "default-src 'none'; style-src 'self'; img-src 'self' https:; base-uri 'none'; "
          + "frame-ancestors 'none'; form-action 'self'";

  static final String STRICT = BASE;

  /// The policy of a page that sends its form back to us, by a script of ours.
  static final String SENDING_ITSELF = BASE + "; script-src 'self'";

  private ContentSecurityPolicy() {}

  /// The policy of a page whose form ends at a client.
  static String allowingRedirectTo(URI target) {
    return BASE + " " + sources(target);
  }

  /// The policy of a page that sends its own form to a client, by a script of ours.
  static String allowingScriptToPostTo(URI target) {
    return allowingRedirectTo(target) + "; script-src 'self'";
  }

  /// Browsers hold `form-action` against every redirect that follows, and clients pass people on to
  /// other hosts of theirs, which we cannot know. So this names schemes, not hosts.
  private static String sources(URI target) {
    return "https".equals(target.getScheme()) ? "https:" : "https: " + target.getScheme() + ":";
  }
}
