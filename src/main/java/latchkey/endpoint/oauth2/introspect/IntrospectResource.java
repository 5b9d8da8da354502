package latchkey.endpoint.oauth2.introspect;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import latchkey.base.crypto.Secret;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.Bodies;
import latchkey.base.web.ClientForm;

/// Token introspection.
@Path("/oauth2/introspect")
@RunOnVirtualThread
public class IntrospectResource {
  private final IntrospectToken introspectToken;

  IntrospectResource(IntrospectToken introspectToken) {
    this.introspectToken = introspectToken;
  }

  @POST
  public Response introspect(
      @HeaderParam("Content-Type") String contentType,
      @HeaderParam("Authorization") String authorization,
      InputStream body) {
    var form = Bodies.form(contentType, body);
    introspectToken.requireCaller(authorization, ClientForm.read(form));
    var token =
        form.find("token")
            .orElseThrow(
                () ->
                    OAuthProblem.of(OAuthError.INVALID_REQUEST, "The parameter token is missing."));
    return Response.ok(introspectToken.handle(Secret.of(token)), "application/json")
        .header("Cache-Control", "no-store")
        .build();
  }
}
