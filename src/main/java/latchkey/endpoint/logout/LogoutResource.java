package latchkey.endpoint.logout;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import latchkey.base.web.Bodies;
import latchkey.base.web.Continuation;
import latchkey.base.web.Csrf;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.SessionCookie;
import latchkey.domain.session.BrowserSessions;
import org.jspecify.annotations.Nullable;

/// Signs a browser out, and only it: what its clients hold goes on. Works without a session too.
@Path("/logout")
@RunOnVirtualThread
public class LogoutResource {
  private final BrowserSessions browserSessions;
  private final SessionCookie sessionCookie;
  private final Csrf csrf;
  private final HttpConfig http;

  LogoutResource(
      BrowserSessions browserSessions, SessionCookie sessionCookie, Csrf csrf, HttpConfig http) {
    this.browserSessions = browserSessions;
    this.sessionCookie = sessionCookie;
    this.csrf = csrf;
    this.http = http;
  }

  @POST
  public Response logOut(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request) {
    var form = Bodies.form(contentType, body);
    csrf.require(request, form);
    sessionCookie.read(request).ifPresent(browserSessions::finish);
    var next = Continuation.read(form);
    return PageResponse.seeOther(http.path(next.loginPath()))
        .header("Set-Cookie", sessionCookie.signedOut())
        .build();
  }
}
