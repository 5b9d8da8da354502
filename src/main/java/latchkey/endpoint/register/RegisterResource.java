package latchkey.endpoint.register;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import latchkey.base.web.Continuation;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Queries;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;

/// The way to an account.
@Path("/register")
@RunOnVirtualThread
public class RegisterResource {
  private final ShowRegister showRegister;
  private final SessionCookie sessionCookie;
  private final Requesters requesters;
  private final HttpConfig http;

  RegisterResource(
      ShowRegister showRegister,
      SessionCookie sessionCookie,
      Requesters requesters,
      HttpConfig http) {
    this.showRegister = showRegister;
    this.sessionCookie = sessionCookie;
    this.requesters = requesters;
    this.http = http;
  }

  @GET
  public Response show(@Context HttpServerRequest request) {
    var next = Continuation.read(Queries.readable(request));
    return switch (showRegister.handle(
        sessionCookie.read(request),
        next,
        requesters.of(request),
        sessionCookie.signedOutLately(request))) {
      case ShowRegister.Outcome.GoTo(var path) -> PageResponse.seeOther(http.path(path)).build();
      case ShowRegister.Outcome.Show(var page) -> PageResponse.ok(page).build();
    };
  }
}
