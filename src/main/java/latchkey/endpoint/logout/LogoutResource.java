package latchkey.endpoint.logout;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
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
import latchkey.base.web.Queries;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;
import latchkey.base.web.TripCookie;
import latchkey.domain.session.BrowserSessions;
import org.jspecify.annotations.Nullable;

/// Signs a browser out, and only it: what its clients hold goes on; at the provider it signed in
/// through too, where the admin wants that. Works without a session too.
@Path("/logout")
@RunOnVirtualThread
public class LogoutResource {
  private final BrowserSessions browserSessions;
  private final SessionCookie sessionCookie;
  private final TripCookie tripCookie;
  private final Csrf csrf;
  private final LeaveProvider leaveProvider;
  private final Requesters requesters;
  private final HttpConfig http;

  LogoutResource(
      BrowserSessions browserSessions,
      SessionCookie sessionCookie,
      TripCookie tripCookie,
      Csrf csrf,
      LeaveProvider leaveProvider,
      Requesters requesters,
      HttpConfig http) {
    this.browserSessions = browserSessions;
    this.sessionCookie = sessionCookie;
    this.tripCookie = tripCookie;
    this.csrf = csrf;
    this.leaveProvider = leaveProvider;
    this.requesters = requesters;
    this.http = http;
  }

  /// Back from signing out at a provider; changes nothing.
  @GET
  public Response comeBack(@Context HttpServerRequest request) {
    var next = LeaveProvider.returning(Queries.readable(request));
    return PageResponse.seeOther(http.path(next.afterSignOutPath())).build();
  }

  @POST
  public Response logOut(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request) {
    var form = Bodies.form(contentType, body);
    csrf.require(request, form);
    var next = Continuation.read(form);
    var held = sessionCookie.read(request);
    var there =
        held.flatMap(session -> leaveProvider.handle(session, requesters.of(request), next));
    held.ifPresent(browserSessions::finish);
    if (there.isPresent()) {
      // The form may lead nowhere else (`form-action`), so no redirect: the page goes there itself.
      return signedOut(
          PageResponse.ok(there.get().page()).header("Refresh", "0; url=" + there.get().target()),
          next,
          request);
    }
    return signedOut(PageResponse.seeOther(http.path(next.afterSignOutPath())), next, request);
  }

  private Response signedOut(
      Response.ResponseBuilder response, Continuation next, HttpServerRequest request) {
    response.header("Set-Cookie", sessionCookie.signedOut());
    tripCookie.signedOut(request, next).ifPresent(cookie -> response.header("Set-Cookie", cookie));
    return response.build();
  }
}
