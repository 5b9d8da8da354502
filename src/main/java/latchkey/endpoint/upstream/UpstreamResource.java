package latchkey.endpoint.upstream;

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
import java.util.Objects;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.base.web.Bodies;
import latchkey.base.web.Continuation;
import latchkey.base.web.Csrf;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.KnownBrowserCookie;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Parameters;
import latchkey.base.web.Queries;
import latchkey.base.web.RequestIds;
import latchkey.base.web.Requesters;
import latchkey.base.web.SessionCookie;
import latchkey.base.web.TripCookie;
import latchkey.base.web.Underway;
import latchkey.base.web.page.Page;
import org.jspecify.annotations.Nullable;

/// The way to a provider and back.
@Path("/upstream")
@RunOnVirtualThread
public class UpstreamResource {
  private static final String SET_COOKIE = "Set-Cookie";

  private static final int BROKEN = 500;

  /// No address is longer.
  private static final int LONGEST_HINT = 254;

  private final StartTrip startTrip;
  private final TakeAnswer takeAnswer;
  private final MeetArrival meetArrival;
  private final LinkAccount linkAccount;
  private final TripCookie tripCookie;
  private final SessionCookie sessionCookie;
  private final KnownBrowserCookie knownBrowserCookie;
  private final Csrf csrf;
  private final Requesters requesters;
  private final HttpConfig http;

  UpstreamResource(
      StartTrip startTrip,
      TakeAnswer takeAnswer,
      MeetArrival meetArrival,
      LinkAccount linkAccount,
      TripCookie tripCookie,
      SessionCookie sessionCookie,
      KnownBrowserCookie knownBrowserCookie,
      Csrf csrf,
      Requesters requesters,
      HttpConfig http) {
    this.startTrip = startTrip;
    this.takeAnswer = takeAnswer;
    this.meetArrival = meetArrival;
    this.linkAccount = linkAccount;
    this.tripCookie = tripCookie;
    this.sessionCookie = sessionCookie;
    this.knownBrowserCookie = knownBrowserCookie;
    this.csrf = csrf;
    this.requesters = requesters;
    this.http = http;
  }

  @GET
  @Path("/authorize/{provider}")
  public Response authorize(
      @PathParam("provider") String provider, @Context HttpServerRequest request) {
    var query = Queries.readable(request);
    var next = Continuation.read(query);
    var hint = query.find("login_hint").filter(text -> text.length() <= LONGEST_HINT);
    boolean loggedOut = sessionCookie.signedOutLately(request);
    return switch (startTrip.handle(provider, next, hint, loggedOut, requesters.of(request))) {
      case StartTrip.Outcome.Leave(var to, var underway) ->
          PageResponse.toProvider(to)
              .header(SET_COOKIE, tripCookie.with(request, underway))
              .build();
      case StartTrip.Outcome.Show(var status, var page) -> show(status, page, request).build();
    };
  }

  @GET
  @Path("/callback/{provider}")
  public Response callback(
      @PathParam("provider") String provider, @Context HttpServerRequest request)
      throws SQLException {
    var query = Queries.readable(request);
    requireOnce(query);
    return take(provider, false, query, request);
  }

  /// `response_mode=form_post`. Who sends it has a `state`, so there is no other token.
  @POST
  @Path("/callback/{provider}")
  public Response postedCallback(
      @PathParam("provider") String provider,
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    return take(provider, true, Bodies.form(contentType, body), request);
  }

  // RFC 6749 §3.1: parameters must not be included more than once.
  private static void requireOnce(Parameters parameters) {
    if (!parameters.repeated().isEmpty()) {
      throw Refusals.over("a parameter is there more than once");
    }
  }

  private Response take(
      String provider, boolean posted, Parameters parameters, HttpServerRequest request)
      throws SQLException {
    var answer =
        new TakeAnswer.Answer(
            provider,
            posted,
            parameters,
            tripCookie.isThere(request),
            tripCookie.read(request),
            requesters.of(request));
    return switch (takeAnswer.handle(answer)) {
      case TakeAnswer.Outcome.GoOn(var underway) ->
          PageResponse.seeOther(
                  http.path(new Continuation.LinkUpstream(requireLink(underway)).path()))
              .header(SET_COOKIE, tripCookie.with(request, underway))
              .build();
      case TakeAnswer.Outcome.PostAgain(var page) -> PageResponse.repeating(page).build();
      case TakeAnswer.Outcome.Show(var status, var page) -> show(status, page, request).build();
    };
  }

  /// Of what is broken, whoever is asked wants to find the line in the log.
  private static Response.ResponseBuilder show(int status, Page page, HttpServerRequest request) {
    return PageResponse.of(
        status,
        status >= BROKEN && page instanceof UpstreamProblemPage problem
            ? problem.withReference(request.getHeader(RequestIds.HEADER))
            : page);
  }

  private static UUID requireLink(Underway underway) {
    return Objects.requireNonNull(underway.link());
  }

  @GET
  @Path("/link/{link}")
  public Response show(@PathParam("link") String link, @Context HttpServerRequest request)
      throws SQLException {
    var token = csrf.token(request);
    return respond(meetArrival.handle(id(link), visit(request, token)), request, token);
  }

  @POST
  @Path("/link/{link}")
  public Response decide(
      @PathParam("link") String link,
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    var form = Bodies.form(contentType, body);
    csrf.require(request, form);
    var token = csrf.token(request);
    var visit = visit(request, token);
    var outcome =
        switch (form.find("action").orElse("")) {
          case "link" -> linkAccount.handle(id(link), visit);
          case "register" -> meetArrival.handle(id(link), visit, RegisterForm.read(form));
          default -> meetArrival.handle(id(link), visit);
        };
    return respond(outcome, request, token);
  }

  private static UUID id(String link) {
    return Ids.parse(link).orElseThrow(() -> Refusals.over("that is no link"));
  }

  private Visit visit(HttpServerRequest request, Csrf.Token token) {
    return new Visit(
        sessionCookie.read(request),
        tripCookie.read(request),
        requesters.of(request),
        token.field());
  }

  private Response respond(
      MeetArrival.Outcome outcome, HttpServerRequest request, Csrf.Token token) {
    return switch (outcome) {
      case MeetArrival.Outcome.SignedIn(
              var session,
              var username,
              var next,
              var over,
              var hasNotices) ->
          PageResponse.seeOther(http.path(hasNotices ? next.noticesPath() : next.path()))
              .header(SET_COOKIE, sessionCookie.signedIn(session))
              .header(
                  SET_COOKIE,
                  knownBrowserCookie.signedIn(knownBrowserCookie.read(request), username))
              .header(SET_COOKIE, tripCookie.without(request, over))
              .build();
      case MeetArrival.Outcome.GoOn(var next, var over) -> {
        var response = PageResponse.seeOther(http.path(next.path()));
        yield over == null
            ? response.build()
            : response.header(SET_COOKIE, tripCookie.without(request, over)).build();
      }
      case MeetArrival.Outcome.LogIn(var next) ->
          PageResponse.seeOther(http.path(next.loginPath())).build();
      case MeetArrival.Outcome.Show(var status, var page) ->
          show(status, page, request).header(SET_COOKIE, token.setCookie()).build();
    };
  }
}
