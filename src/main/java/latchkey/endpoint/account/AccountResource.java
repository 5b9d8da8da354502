package latchkey.endpoint.account;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import latchkey.base.web.Continuation;
import latchkey.base.web.Csrf;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Queries;
import latchkey.base.web.Requesters;
import latchkey.base.web.Routes;
import latchkey.base.web.SessionCookie;

/// The page of the person who is signed in. Loading it never changes anything, whatever the link
/// asks for.
@Path("/account")
@RunOnVirtualThread
public class AccountResource {
  private final ShowAccount showAccount;
  private final Csrf csrf;
  private final SessionCookie sessionCookie;
  private final Requesters requesters;
  private final HttpConfig http;

  AccountResource(
      ShowAccount showAccount,
      Csrf csrf,
      SessionCookie sessionCookie,
      Requesters requesters,
      HttpConfig http) {
    this.showAccount = showAccount;
    this.csrf = csrf;
    this.sessionCookie = sessionCookie;
    this.requesters = requesters;
    this.http = http;
  }

  /// Both `/account/` and the address without the last slash, which leads there.
  @GET
  public Response account(@Context HttpServerRequest request) {
    var here = Continuation.ManageAccount.read(Queries.readable(request));
    return String.valueOf(request.path()).endsWith(Routes.ACCOUNT_TOO)
        ? PageResponse.seeOther(http.path(here.path())).build()
        : show(here, request);
  }

  @GET
  @Path("/password/change")
  public Response password(@Context HttpServerRequest request) {
    return show(new Continuation.ChangePassword(), request);
  }

  private Response show(Continuation here, HttpServerRequest request) {
    var token = csrf.token(request);
    return switch (showAccount.handle(
        sessionCookie.read(request), here, requesters.of(request), token.field())) {
      case ShowAccount.Outcome.LogIn _ ->
          PageResponse.seeOther(http.path(here.loginPath())).build();
      case ShowAccount.Outcome.Show(var page) ->
          PageResponse.ok(page).header("Set-Cookie", token.setCookie()).build();
    };
  }
}
