package latchkey.endpoint.notices;

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
import latchkey.base.error.DomainProblem;
import latchkey.base.error.DomainProblem.Reason;
import latchkey.base.language.Message;
import latchkey.base.system.Ids;
import latchkey.base.web.Bodies;
import latchkey.base.web.Continuation;
import latchkey.base.web.Csrf;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Parameters;
import latchkey.base.web.Queries;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;
import latchkey.endpoint.notices.ReadNotices.Answer;
import org.jspecify.annotations.Nullable;

/// What a person is told before they go on, and the page behind the link of a mail.
@Path("/notices")
@RunOnVirtualThread
public class NoticesResource {
  private final ShowNotices showNotices;
  private final ReadNotices readNotices;
  private final Csrf csrf;
  private final SessionCookie sessionCookie;
  private final Requesters requesters;
  private final HttpConfig http;

  NoticesResource(
      ShowNotices showNotices,
      ReadNotices readNotices,
      Csrf csrf,
      SessionCookie sessionCookie,
      Requesters requesters,
      HttpConfig http) {
    this.showNotices = showNotices;
    this.readNotices = readNotices;
    this.csrf = csrf;
    this.sessionCookie = sessionCookie;
    this.requesters = requesters;
    this.http = http;
  }

  @GET
  public Response showAll(@Context HttpServerRequest request) {
    var next = Continuation.read(Queries.readable(request));
    var token = csrf.token(request);
    var outcome =
        showNotices.handleAll(
            sessionCookie.read(request), next, requesters.of(request), token.field());
    return respond(outcome, next, next, token);
  }

  @GET
  @Path("/{event}")
  public Response showOne(@PathParam("event") String event, @Context HttpServerRequest request) {
    var next = Continuation.read(Queries.readable(request));
    var token = csrf.token(request);
    var id = requireId(event);
    var outcome =
        showNotices.handleOne(
            id, sessionCookie.read(request), next, requesters.of(request), token.field());
    return respond(outcome, next, new Continuation.ReadNotice(id), token);
  }

  @POST
  public Response haveSeen(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    var form = Bodies.form(contentType, body);
    csrf.require(request, form);
    readNotices.handleSeen(
        sessionCookie.read(request), requesters.of(request), form.find("seen").orElse(""));
    var next = Continuation.read(Queries.readable(request));
    return PageResponse.seeOther(http.path(next.noticesPath())).build();
  }

  @POST
  @Path("/{event}")
  public Response answer(
      @PathParam("event") String event,
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    var form = Bodies.form(contentType, body);
    csrf.require(request, form);
    var id = requireId(event);
    var answer = requireAnswer(form);
    readNotices.handleAnswer(sessionCookie.read(request), requesters.of(request), id, answer);
    var next = Continuation.read(Queries.readable(request));
    // What was ended is shown once more, as it is now.
    var path = answer == Answer.ME ? next.noticesPath() : next.noticePath(id);
    return PageResponse.seeOther(http.path(path)).build();
  }

  /// @param here where to come back to after signing in
  private Response respond(
      ShowNotices.Outcome outcome, Continuation next, Continuation here, Csrf.Token token) {
    return switch (outcome) {
      case ShowNotices.Outcome.LogIn _ ->
          PageResponse.seeOther(http.path(here.loginPath())).build();
      case ShowNotices.Outcome.GoOn _ -> PageResponse.seeOther(http.path(next.path())).build();
      case ShowNotices.Outcome.Show(var page) ->
          PageResponse.ok(page).header("Set-Cookie", token.setCookie()).build();
    };
  }

  private static UUID requireId(String event) {
    return Ids.parse(event).orElseThrow(ShowNotices::nothing);
  }

  private static Answer requireAnswer(Parameters form) {
    return switch (form.find("answer").orElse("")) {
      case "me" -> Answer.ME;
      case "not_me" -> Answer.NOT_ME;
      default ->
          throw DomainProblem.of(
              Reason.INVALID,
              "the answer is neither yes nor no",
              Message.of("latchkey.error.unreadable.text"));
    };
  }
}
