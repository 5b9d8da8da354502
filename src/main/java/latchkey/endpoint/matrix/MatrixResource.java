package latchkey.endpoint.matrix;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import latchkey.base.web.ServerMetadata;

/// The metadata where Matrix clients look for it. A homeserver answers an error here while we are
/// down, which logs clients out, so proxies send the path to us.
@Path("/_matrix/client")
public class MatrixResource {
  private final ServerMetadata metadata;

  MatrixResource(ServerMetadata metadata) {
    this.metadata = metadata;
  }

  @GET
  @Path("/v1/auth_metadata")
  @NonBlocking
  public Response authMetadata() {
    return Response.ok(metadata.document(), "application/json").build();
  }

  @GET
  @Path("/unstable/org.matrix.msc2965/auth_metadata")
  @NonBlocking
  public Response unstableAuthMetadata() {
    return authMetadata();
  }
}
