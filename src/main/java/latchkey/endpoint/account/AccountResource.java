package latchkey.endpoint.account;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import latchkey.base.web.Continuation;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Queries;
import latchkey.base.web.Routes;

/// The front of an account, and where links lead. Loading a page never changes anything, whatever
/// the link asks for.
@Path("/account")
@RunOnVirtualThread
public class AccountResource {
  private final ShowAccount showAccount;
  private final Visits visits;
  private final HttpConfig http;

  AccountResource(ShowAccount showAccount, Visits visits, HttpConfig http) {
    this.showAccount = showAccount;
    this.visits = visits;
    this.http = http;
  }

  /// Both `/account/` and the address without the last slash, which leads there.
  @GET
  public Response account(@Context HttpServerRequest request) throws SQLException {
    var here = Continuation.ManageAccount.read(Queries.readable(request));
    if (String.valueOf(request.path()).endsWith(Routes.ACCOUNT_TOO)) {
      return PageResponse.seeOther(http.path(here.path())).build();
    }
    var visit = visits.of(request);
    return respond(showAccount.handle(visit, here), visit, http);
  }

  @GET
  @Path("/password/change")
  public Response password(@Context HttpServerRequest request) throws SQLException {
    var visit = visits.of(request);
    return respond(showAccount.handlePassword(visit), visit, http);
  }

  @GET
  @Path("/devices/{device}")
  public Response device(@PathParam("device") String device, @Context HttpServerRequest request)
      throws SQLException {
    var visit = visits.of(request);
    return respond(showAccount.handleDevice(visit, device), visit, http);
  }

  static Response respond(Outcome outcome, Visit visit, HttpConfig http) {
    return switch (outcome) {
      case Outcome.LogIn(var next) -> PageResponse.seeOther(http.path(next.loginPath())).build();
      case Outcome.GoTo(var path) -> PageResponse.seeOther(http.path(path)).build();
      case Outcome.Show(var page) ->
          PageResponse.ok(page).header("Set-Cookie", visit.token().setCookie()).build();
    };
  }
}
