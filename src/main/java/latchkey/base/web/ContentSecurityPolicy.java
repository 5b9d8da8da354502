package latchkey.base.web;

import java.net.URI;

/// The content security policy of pages: nothing inline, nothing from elsewhere but https images
/// (client logos).
final class ContentSecurityPolicy {
  private static final String BASE =
      "default-src 'none'; style-src 'self'; img-src 'self' https:; base-uri 'none'; "
          + "frame-ancestors 'none'; form-action 'self'";

  static final String STRICT = BASE;

  private ContentSecurityPolicy() {}

  /// The policy of a page whose form ends in a redirect to `target`: browsers hold `form-action`
  /// against redirects as well.
  static String allowingRedirectTo(URI target) {
    return BASE + " " + source(target);
  }

  private static String source(URI target) {
    boolean web = "https".equals(target.getScheme()) || "http".equals(target.getScheme());
    return web ? target.getScheme() + "://" + target.getRawAuthority() : target.getScheme() + ":";
  }
}
