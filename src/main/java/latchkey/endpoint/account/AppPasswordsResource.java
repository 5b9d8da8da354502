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
import java.util.ArrayList;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Queries;
import org.jspecify.annotations.Nullable;

/// Passwords that a person makes for one legacy app each.
@Path("/account/app-passwords")
@RunOnVirtualThread
public class AppPasswordsResource {
  private static final String SET_COOKIE = "Set-Cookie";

  private final ShowAppPasswords showAppPasswords;
  private final ChangeAppPasswords changeAppPasswords;
  private final MadeCookie madeCookie;
  private final Visits visits;
  private final HttpConfig http;

  AppPasswordsResource(
      ShowAppPasswords showAppPasswords,
      ChangeAppPasswords changeAppPasswords,
      MadeCookie madeCookie,
      Visits visits,
      HttpConfig http) {
    this.showAppPasswords = showAppPasswords;
    this.changeAppPasswords = changeAppPasswords;
    this.madeCookie = madeCookie;
    this.visits = visits;
    this.http = http;
  }

  @GET
  public Response all(@Context HttpServerRequest request) throws SQLException {
    var visit = visits.of(request);
    boolean revoked = Queries.readable(request).find("revoked").isPresent();
    return respond(showAppPasswords.handleAll(visit, revoked), visit);
  }

  @GET
  @Path("/new")
  public Response form(@Context HttpServerRequest request) throws SQLException {
    var visit = visits.of(request);
    return respond(changeAppPasswords.handleForm(visit), visit);
  }

  @POST
  @Path("/new")
  public Response make(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    var form = visits.form(request, contentType, body);
    var visit = visits.of(request);
    var cookies = new ArrayList<String>();
    var outcome =
        changeAppPasswords.handleNew(
            visit, form, (id, secret) -> cookies.add(madeCookie.carry(id, secret)));
    var response = Response.fromResponse(respond(outcome, visit));
    cookies.forEach(cookie -> response.header(SET_COOKIE, cookie));
    return response.build();
  }

  @GET
  @Path("/{password}")
  public Response one(@PathParam("password") String password, @Context HttpServerRequest request)
      throws SQLException {
    var visit = visits.of(request);
    var id = requireId(password);
    var secret = madeCookie.read(request, id);
    var answer = respond(showAppPasswords.handleOne(visit, id, secret), visit);
    return secret.isPresent()
        ? Response.fromResponse(answer).header(SET_COOKIE, madeCookie.gone()).build()
        : answer;
  }

  @POST
  @Path("/{password}")
  public Response revoke(
      @PathParam("password") String password,
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    var form = visits.form(request, contentType, body);
    var visit = visits.of(request);
    boolean end = form.find("end_sessions").isPresent();
    return respond(changeAppPasswords.handleRevoke(visit, requireId(password), end), visit);
  }

  private Response respond(Outcome outcome, Visit visit) {
    return AccountResource.respond(outcome, visit, http);
  }

  private static UUID requireId(String text) {
    return Ids.parse(text).orElseThrow(Door::nothing);
  }
}
