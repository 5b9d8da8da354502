package latchkey.endpoint.account;

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
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.base.web.Continuation;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Queries;
import latchkey.base.web.Routes;
import org.jspecify.annotations.Nullable;

/// The sessions of the person who is signed in: apps, devices, browsers.
@Path("/account/sessions")
@RunOnVirtualThread
public class SessionsResource {
  private final ShowSessions showSessions;
  private final EndSessions endSessions;
  private final EndChosen endChosen;
  private final Visits visits;
  private final HttpConfig http;

  SessionsResource(
      ShowSessions showSessions,
      EndSessions endSessions,
      EndChosen endChosen,
      Visits visits,
      HttpConfig http) {
    this.showSessions = showSessions;
    this.endSessions = endSessions;
    this.endChosen = endChosen;
    this.visits = visits;
    this.http = http;
  }

  @GET
  public Response all(@Context HttpServerRequest request) throws SQLException {
    var visit = visits.of(request);
    return respond(showSessions.handleAll(visit, Queries.readable(request)), visit);
  }

  @GET
  @Path("/{session}")
  public Response one(@PathParam("session") String session, @Context HttpServerRequest request)
      throws SQLException {
    var visit = visits.of(request);
    return respond(showSessions.handleOne(visit, requireId(session)), visit);
  }

  @POST
  @Path("/{session}")
  public Response end(
      @PathParam("session") String session,
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    visits.form(request, contentType, body);
    var visit = visits.of(request);
    return respond(endSessions.handleOne(visit, requireId(session)), visit);
  }

  /// A page of its own in MAS.
  @GET
  @Path("/browsers")
  public Response browsers() {
    return PageResponse.seeOther(http.path(Routes.SESSIONS)).build();
  }

  @GET
  @Path("/others")
  public Response others(@Context HttpServerRequest request) throws SQLException {
    var visit = visits.of(request);
    return respond(showSessions.handleOthers(visit), visit);
  }

  @POST
  @Path("/others")
  public Response endOthers(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    visits.form(request, contentType, body);
    var visit = visits.of(request);
    return respond(endSessions.handleOthers(visit), visit);
  }

  /// What somebody at the limit of their sessions has chosen.
  @POST
  @Path("/choose")
  public Response endChosen(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    var form = visits.form(request, contentType, body);
    var visit = visits.of(request);
    var next = Continuation.read(Queries.readable(request));
    return respond(endChosen.handle(visit, form, next), visit);
  }

  private Response respond(Outcome outcome, Visit visit) {
    return AccountResource.respond(outcome, visit, http);
  }

  /// MAS's pages say the kind of the session before a colon.
  private static UUID requireId(String text) {
    return Ids.parse(text.substring(text.indexOf(':') + 1)).orElseThrow(Door::nothing);
  }
}
