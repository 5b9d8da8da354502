package latchkey.endpoint.matrix;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.system.Ids;
import latchkey.base.web.Bodies;
import latchkey.base.web.Csrf;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Queries;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;
import org.jspecify.annotations.Nullable;

/// The page at the end of `m.login.sso`, on our own domain.
@Path("/complete-compat-sso/{login}")
@RunOnVirtualThread
public class CompleteCompatSsoResource {
  private final CompleteCompatSso completeCompatSso;
  private final Csrf csrf;
  private final SessionCookie sessionCookie;
  private final Requesters requesters;
  private final HttpConfig http;

  CompleteCompatSsoResource(
      CompleteCompatSso completeCompatSso,
      Csrf csrf,
      SessionCookie sessionCookie,
      Requesters requesters,
      HttpConfig http) {
    this.completeCompatSso = completeCompatSso;
    this.csrf = csrf;
    this.sessionCookie = sessionCookie;
    this.requesters = requesters;
    this.http = http;
  }

  @GET
  public Response show(@PathParam("login") String login, @Context HttpServerRequest request)
      throws SQLException {
    return respond(login, request, false, Optional.empty());
  }

  @POST
  public Response goOn(
      @PathParam("login") String login,
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    var form = Bodies.form(contentType, body);
    csrf.require(request, form);
    return respond(login, request, true, form.find("account").flatMap(Ids::parse));
  }

  private Response respond(
      String login, HttpServerRequest request, boolean pressed, Optional<UUID> account)
      throws SQLException {
    var token = csrf.token(request);
    var id =
        Ids.parse(login).orElseThrow(() -> DomainProblem.of(Reason.INVALID, "the id is no ULID"));
    var action = Queries.readable(request).find("action");
    var outcome =
        completeCompatSso.handle(
            new CompleteCompatSso.Request(
                id,
                sessionCookie.read(request),
                requesters.of(request),
                token.field(),
                pressed,
                account,
                action.equals(Optional.of("register"))));
    return switch (outcome) {
      case CompleteCompatSso.Outcome.Register(var next) ->
          PageResponse.seeOther(http.path(next.registerPath())).build();
      case CompleteCompatSso.Outcome.LogIn(var next) ->
          PageResponse.seeOther(http.path(next.loginPath())).build();
      case CompleteCompatSso.Outcome.ReadNotices(var next) ->
          PageResponse.seeOther(http.path(next.noticesPath())).build();
      case CompleteCompatSso.Outcome.GoOn(var url) -> PageResponse.seeOther(url).build();
      case CompleteCompatSso.Outcome.Show(var status, var page) ->
          PageResponse.of(status, page).header("Set-Cookie", token.setCookie()).build();
      case CompleteCompatSso.Outcome.ShowForApp(var page, var target) ->
          PageResponse.endingAt(target, page).header("Set-Cookie", token.setCookie()).build();
    };
  }
}
