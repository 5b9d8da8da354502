package latchkey.endpoint.authorize;

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
import latchkey.base.web.Callbacks;
import latchkey.base.web.Continuation.ContinueGrant;
import latchkey.base.web.Frames;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Parameters;
import latchkey.base.web.Queries;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;
import latchkey.domain.session.BrowserSessions;
import org.jspecify.annotations.Nullable;

/// Where a client sends a browser that should bring back a code.
@Path("/authorize")
@RunOnVirtualThread
public class AuthorizeResource {
  private final StartAuthorization startAuthorization;
  private final BrowserSessions browserSessions;
  private final SessionCookie sessionCookie;
  private final Callbacks callbacks;
  private final Frames frames;
  private final Requesters requesters;
  private final HttpConfig http;

  AuthorizeResource(
      StartAuthorization startAuthorization,
      BrowserSessions browserSessions,
      SessionCookie sessionCookie,
      Callbacks callbacks,
      Frames frames,
      Requesters requesters,
      HttpConfig http) {
    this.startAuthorization = startAuthorization;
    this.browserSessions = browserSessions;
    this.sessionCookie = sessionCookie;
    this.callbacks = callbacks;
    this.frames = frames;
    this.requesters = requesters;
    this.http = http;
  }

  @GET
  public Response byQuery(@Context HttpServerRequest request) {
    return authorize(Queries.readable(request), request, true);
  }

  /// The form comes from the client's site, so browsers send it without our cookies, and a person
  /// who is signed in looks signed out. The redirect that follows has them again: the sign-in page
  /// sends such a person on at once.
  @POST
  public Response byForm(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request) {
    return authorize(Bodies.readableForm(contentType, body), request, false);
  }

  /// @param hasCookies whether the browser has sent the cookies it has
  private Response authorize(Parameters parameters, HttpServerRequest request, boolean hasCookies) {
    var requester = requesters.of(request);
    boolean signedIn =
        browserSessions.visitor(sessionCookie.read(request), requester)
            instanceof BrowserSessions.Visitor.SignedIn;
    var language =
        frames.translation(requester, parameters.find("ui_locales").orElse(null)).language();
    var outcome = startAuthorization.handle(parameters, language, hasCookies && !signedIn);
    return switch (outcome) {
      case AuthorizeOutcome.SendBack(var response) -> callbacks.send(response, requester).build();
      case AuthorizeOutcome.Started(var grant, var silent, var register) -> {
        var next = new ContinueGrant(grant);
        // A silent answer is given where the cookies are there.
        var entrance = register ? next.registerPath() : next.loginPath();
        var path = signedIn || silent ? next.path() : entrance;
        yield PageResponse.seeOther(http.path(path)).build();
      }
    };
  }
}
