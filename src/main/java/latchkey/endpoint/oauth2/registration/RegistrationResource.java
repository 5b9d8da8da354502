package latchkey.endpoint.oauth2.registration;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import latchkey.base.web.Bodies;
import latchkey.base.web.Requesters;
import org.jspecify.annotations.Nullable;

/// Where clients register themselves. The same client gets the same registration.
@Path("/oauth2/registration")
@RunOnVirtualThread
public class RegistrationResource {
  private final RegisterClient registerClient;
  private final Requesters requesters;

  RegistrationResource(RegisterClient registerClient, Requesters requesters) {
    this.registerClient = registerClient;
    this.requesters = requesters;
  }

  @POST
  public Response register(
      @HeaderParam("Content-Type") @Nullable String contentType,
      InputStream body,
      @Context HttpServerRequest request) {
    Bodies.requireType(contentType, "application/json");
    var metadata = MetadataDocument.parse(Bodies.read(body));
    var registered = registerClient.handle(metadata, requesters.of(request));
    return Response.status(201)
        .entity(RegistrationResponse.json(registered))
        .type("application/json")
        .header("Cache-Control", "no-store")
        .header("Pragma", "no-cache")
        .build();
  }
}
