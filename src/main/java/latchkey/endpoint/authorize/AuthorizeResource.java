package latchkey.endpoint.authorize;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import latchkey.base.web.Continuation.ContinueGrant;
import latchkey.base.web.Frames;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Queries;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;
import latchkey.domain.session.BrowserSessions;

/// Where a client sends a browser that should bring back a code.
@Path("/authorize")
@RunOnVirtualThread
public class AuthorizeResource {
  private final StartAuthorization startAuthorization;
  private final BrowserSessions browserSessions;
  private final SessionCookie sessionCookie;
  private final Frames frames;
  private final Requesters requesters;
  private final HttpConfig http;

  AuthorizeResource(
      StartAuthorization startAuthorization,
      BrowserSessions browserSessions,
      SessionCookie sessionCookie,
      Frames frames,
      Requesters requesters,
      HttpConfig http) {
    this.startAuthorization = startAuthorization;
    this.browserSessions = browserSessions;
    this.sessionCookie = sessionCookie;
    this.frames = frames;
    this.requesters = requesters;
    this.http = http;
  }

  @GET
  public Response authorize(@Context HttpServerRequest request) {
    var query = Queries.readable(request);
    var language =
        frames
            .translation(requesters.of(request), query.find("ui_locales").orElse(null))
            .language();
    var outcome = startAuthorization.handle(query, language);
    return switch (outcome) {
      case AuthorizeOutcome.SendBack(var location) -> PageResponse.seeOther(location).build();
      case AuthorizeOutcome.Started(var grant) -> {
        var visitor = browserSessions.visitor(sessionCookie.read(request));
        var next = new ContinueGrant(grant);
        var path =
            visitor instanceof BrowserSessions.Visitor.SignedIn ? next.path() : next.loginPath();
        yield PageResponse.seeOther(http.path(path)).build();
      }
    };
  }
}
