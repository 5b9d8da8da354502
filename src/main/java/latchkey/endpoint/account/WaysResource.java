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
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Queries;
import org.jspecify.annotations.Nullable;

/// The accounts elsewhere that a person can sign in with.
@Path("/account/ways")
@RunOnVirtualThread
public class WaysResource {
  private final ShowWays showWays;
  private final LetWayGo letWayGo;
  private final Visits visits;
  private final HttpConfig http;

  WaysResource(ShowWays showWays, LetWayGo letWayGo, Visits visits, HttpConfig http) {
    this.showWays = showWays;
    this.letWayGo = letWayGo;
    this.visits = visits;
    this.http = http;
  }

  @GET
  public Response all(@Context HttpServerRequest request) throws SQLException {
    var visit = visits.of(request);
    boolean unlinked = Queries.readable(request).find("unlinked").isPresent();
    return AccountResource.respond(showWays.handleAll(visit, unlinked), visit, http);
  }

  @GET
  @Path("/{link}")
  public Response one(@PathParam("link") String link, @Context HttpServerRequest request)
      throws SQLException {
    var visit = visits.of(request);
    return AccountResource.respond(showWays.handleOne(visit, requireId(link)), visit, http);
  }

  @POST
  @Path("/{link}")
  public Response unlink(
      @PathParam("link") String link,
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    visits.form(request, contentType, body);
    var visit = visits.of(request);
    return AccountResource.respond(letWayGo.handle(visit, requireId(link)), visit, http);
  }

  private static UUID requireId(String text) {
    return Ids.parse(text).orElseThrow(Door::nothing);
  }
}
