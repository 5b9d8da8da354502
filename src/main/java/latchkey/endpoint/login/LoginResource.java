package latchkey.endpoint.login;

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
import latchkey.base.web.KnownBrowserCookie;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Queries;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;
import org.jspecify.annotations.Nullable;

/// The sign-in page and its form.
@Path("/login")
@RunOnVirtualThread
public class LoginResource {
  private static final String SET_COOKIE = "Set-Cookie";

  private final ShowLogin showLogin;
  private final LogIn logIn;
  private final Csrf csrf;
  private final SessionCookie sessionCookie;
  private final KnownBrowserCookie knownBrowserCookie;
  private final Requesters requesters;
  private final HttpConfig http;

  LoginResource(
      ShowLogin showLogin,
      LogIn logIn,
      Csrf csrf,
      SessionCookie sessionCookie,
      KnownBrowserCookie knownBrowserCookie,
      Requesters requesters,
      HttpConfig http) {
    this.showLogin = showLogin;
    this.logIn = logIn;
    this.csrf = csrf;
    this.sessionCookie = sessionCookie;
    this.knownBrowserCookie = knownBrowserCookie;
    this.requesters = requesters;
    this.http = http;
  }

  @GET
  public Response show(@Context HttpServerRequest request) {
    var query = Queries.readable(request);
    var next = Continuation.read(query);
    var token = csrf.token(request);
    return switch (showLogin.handle(
        sessionCookie.read(request),
        next,
        query,
        requesters.of(request),
        token.field(),
        sessionCookie.signedOutLately(request))) {
      case ShowLogin.Outcome.GoOn _ -> PageResponse.seeOther(http.path(next.path())).build();
      case ShowLogin.Outcome.Leave(var provider) ->
          PageResponse.seeOther(http.path(next.upstreamPath(provider))).build();
      case ShowLogin.Outcome.Show(var page) ->
          PageResponse.ok(page).header(SET_COOKIE, token.setCookie()).build();
    };
  }

  @POST
  public Response logIn(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request) {
    var form = Bodies.form(contentType, body);
    csrf.require(request, form);
    var next = Continuation.read(Queries.readable(request));
    var token = csrf.token(request);
    var cookie = sessionCookie.read(request);
    var browser = knownBrowserCookie.read(request);
    var requester = requesters.of(request);
    var outcome =
        form.find("step").isPresent() && form.find("password").isEmpty()
            ? logIn.handleAddress(form, next, cookie, requester, token.field())
            : logIn.handle(form, next, cookie, browser, requester, token.field());
    return switch (outcome) {
      case LogIn.Outcome.Leave(var page, var path) ->
          PageResponse.ok(page).header("Refresh", "0; url=" + http.path(path)).build();
      case LogIn.Outcome.SignedIn(var session, var username, var hasNotices) ->
          PageResponse.seeOther(http.path(hasNotices ? next.noticesPath() : next.path()))
              .header(SET_COOKIE, sessionCookie.signedIn(session))
              .header(SET_COOKIE, knownBrowserCookie.signedIn(browser, username))
              .build();
      case LogIn.Outcome.Again(var page) ->
          PageResponse.ok(page).header(SET_COOKIE, token.setCookie()).build();
      case LogIn.Outcome.TooMany(var page, var retryAfter) ->
          PageResponse.tooMany(retryAfter, page).header(SET_COOKIE, token.setCookie()).build();
    };
  }
}
