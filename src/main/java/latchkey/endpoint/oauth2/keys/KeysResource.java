package latchkey.endpoint.oauth2.keys;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import latchkey.base.crypto.SigningKeys;

/// The JWKS, the same bytes for everybody.
@Path("/oauth2/keys.json")
public class KeysResource {
  private final byte[] jwks;

  KeysResource(SigningKeys keys) {
    this.jwks = keys.jwks();
  }

  @GET
  @NonBlocking
  public Response keys() {
    return Response.ok(jwks, "application/json").build();
  }
}
