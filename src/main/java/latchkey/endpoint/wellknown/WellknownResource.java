package latchkey.endpoint.wellknown;

import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.PageResponse;
import latchkey.base.web.Parameters;
import latchkey.base.web.Queries;
import latchkey.base.web.Routes;
import latchkey.base.web.ServerMetadata;

/// The documents clients begin with.
@Path("/.well-known")
public class WellknownResource {
  private static final String ISSUER_RELATION = "http://openid.net/specs/connect/1.0/issuer";

  private final ServerMetadata metadata;
  private final HttpConfig http;

  WellknownResource(ServerMetadata metadata, HttpConfig http) {
    this.metadata = metadata;
    this.http = http;
  }

  @GET
  @Path("/openid-configuration")
  @NonBlocking
  public Response openidConfiguration() {
    return Response.ok(metadata.document(), "application/json").build();
  }

  @GET
  @Path("/webfinger")
  @NonBlocking
  public Response webfinger(@Context HttpServerRequest request) {
    Parameters query = Queries.strict(request);
    var resource =
        query
            .find("resource")
            .orElseThrow(
                () ->
                    OAuthProblem.of(
                        OAuthError.INVALID_REQUEST, "The parameter resource is missing."));
    var links = new JsonArray();
    if (query.find("rel").filter(ISSUER_RELATION::equals).isPresent()) {
      links.add(new JsonObject().put("rel", ISSUER_RELATION).put("href", http.issuer()));
    }
    var document = new JsonObject().put("subject", resource).put("links", links);
    return Response.ok(document.encode(), "application/jrd+json").build();
  }

  /// For password managers (a W3C draft of that name).
  @GET
  @Path("/change-password")
  @NonBlocking
  public Response changePassword() {
    return PageResponse.seeOther(http.path(Routes.CHANGE_PASSWORD)).build();
  }
}
