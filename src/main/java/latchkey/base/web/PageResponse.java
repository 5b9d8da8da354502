package latchkey.base.web;

import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import latchkey.base.web.page.Page;

/// Turns pages into responses: HTML that is never stored, under the content security policy.
public final class PageResponse {
  private PageResponse() {}

  public static Response.ResponseBuilder ok(Page page) {
    return of(200, page, ContentSecurityPolicy.STRICT);
  }

  public static Response.ResponseBuilder of(int status, Page page) {
    return of(status, page, ContentSecurityPolicy.STRICT);
  }

  /// A page for who tries something too often, with the time after which it may be tried again.
  public static Response.ResponseBuilder tooMany(Duration retryAfter, Page page) {
    return of(429, page).header("Retry-After", MatrixErrors.seconds(retryAfter));
  }

  /// A page whose form may end in a redirect to `target`, or in a post to it.
  public static Response.ResponseBuilder endingAt(URI target, Page page) {
    return of(200, page, ContentSecurityPolicy.allowingRedirectTo(target));
  }

  /// A page that sends its form to `target` by itself.
  static Response.ResponseBuilder posting(URI target, Page page) {
    return of(200, page, ContentSecurityPolicy.allowingScriptToPostTo(target));
  }

  /// A page that sends its form back to us by itself.
  public static Response.ResponseBuilder repeating(Page page) {
    return of(200, page, ContentSecurityPolicy.SENDING_ITSELF);
  }

  /// 307 Temporary Redirect, to a provider that people sign in at.
  public static Response.ResponseBuilder toProvider(URI location) {
    return Response.status(307)
        .header("Location", location.toString())
        .header("Cache-Control", "no-store");
  }

  /// 303 See Other, the redirect to everywhere else.
  public static Response.ResponseBuilder seeOther(String location) {
    return Response.status(303).header("Location", location).header("Cache-Control", "no-store");
  }

  private static Response.ResponseBuilder of(int status, Page page, String policy) {
    return Response.status(status)
        .type("text/html; charset=utf-8")
        .header("Cache-Control", "no-store")
        .header("Content-Security-Policy", policy)
        .header("Content-Language", page.frame().language())
        .header("Vary", "Accept-Language")
        .entity(page);
  }
}
