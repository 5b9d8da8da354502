package latchkey.endpoint.consent;

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
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.base.web.Bodies;
import latchkey.base.web.Callbacks;
import latchkey.base.web.Csrf;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;
import latchkey.endpoint.consent.DecideConsent.Act;
import org.jspecify.annotations.Nullable;

/// The consent page of a grant, and what has to be asked before it. The rules are asked when it is
/// shown and again when it is sent.
@Path("/consent/{grant}")
@RunOnVirtualThread
public class ConsentResource {
  private final DecideConsent decideConsent;
  private final Csrf csrf;
  private final SessionCookie sessionCookie;
  private final Requesters requesters;
  private final Callbacks callbacks;
  private final HttpConfig http;

  ConsentResource(
      DecideConsent decideConsent,
      Csrf csrf,
      SessionCookie sessionCookie,
      Requesters requesters,
      Callbacks callbacks,
      HttpConfig http) {
    this.decideConsent = decideConsent;
    this.csrf = csrf;
    this.sessionCookie = sessionCookie;
    this.requesters = requesters;
    this.callbacks = callbacks;
    this.http = http;
  }

  @GET
  public Response show(@PathParam("grant") String grant, @Context HttpServerRequest request) {
    return respond(grant, request, Act.LOOK, Optional.empty());
  }

  @POST
  public Response give(
      @PathParam("grant") String grant,
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request) {
    var form = Bodies.form(contentType, body);
    csrf.require(request, form);
    var act = form.find("act").filter("continue"::equals).isPresent() ? Act.GO_ON : Act.ALLOW;
    return respond(grant, request, act, form.find("account").flatMap(Ids::parse));
  }

  private Response respond(
      String grant, HttpServerRequest request, Act act, Optional<UUID> account) {
    var token = csrf.token(request);
    var outcome =
        decideConsent.handle(
            new DecideConsent.Request(
                grant,
                sessionCookie.read(request),
                requesters.of(request),
                token.field(),
                act,
                account));
    return switch (outcome) {
      case DecideConsent.Outcome.LogIn(var next) ->
          PageResponse.seeOther(http.path(next.loginPath())).build();
      case DecideConsent.Outcome.ReadNotices(var next) ->
          PageResponse.seeOther(http.path(next.noticesPath())).build();
      case DecideConsent.Outcome.Reload(var next) ->
          PageResponse.seeOther(http.path(next.path())).build();
      case DecideConsent.Outcome.Callback(var response) ->
          callbacks.send(response, requesters.of(request)).build();
      case DecideConsent.Outcome.Show(var page) ->
          PageResponse.ok(page).header("Set-Cookie", token.setCookie()).build();
      case DecideConsent.Outcome.ShowForClient(var page, var redirectUri) ->
          PageResponse.endingAt(URI.create(redirectUri), page)
              .header("Set-Cookie", token.setCookie())
              .build();
    };
  }
}
