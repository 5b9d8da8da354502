package latchkey.endpoint.oauth2.revoke;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import latchkey.base.crypto.Secret;
import latchkey.base.database.DatabaseState;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.Bodies;
import latchkey.base.web.ClientForm;
import latchkey.base.web.Requesters;
import latchkey.domain.client.ClientAuthenticator;
import latchkey.domain.client.ClientCredentials;
import latchkey.domain.token.RevokeToken;
import latchkey.domain.token.TokenReader;

/// Token revocation. Credentials that are sent must be right; they need not be sent (MSC4254). An
/// unknown token is a success, and so is one that somebody else revokes at this moment.
@Path("/oauth2/revoke")
@RunOnVirtualThread
public class RevokeResource {
  private final RevokeToken revokeToken;
  private final ClientAuthenticator authenticator;
  private final Requesters requesters;

  RevokeResource(
      RevokeToken revokeToken, ClientAuthenticator authenticator, Requesters requesters) {
    this.revokeToken = revokeToken;
    this.authenticator = authenticator;
    this.requesters = requesters;
  }

  @POST
  public Response revoke(
      @HeaderParam("Content-Type") String contentType,
      @HeaderParam("Authorization") String authorization,
      InputStream body,
      @Context HttpServerRequest request)
      throws SQLException {
    var form = Bodies.form(contentType, body);
    var ipAddress = requesters.of(request).ipAddress();
    ClientCredentials.read(authorization, ClientForm.read(form))
        .filter(ClientCredentials::areProof)
        .ifPresent(credentials -> authenticator.require(credentials, ipAddress));
    var token =
        form.find("token")
            .orElseThrow(
                () ->
                    OAuthProblem.of(OAuthError.INVALID_REQUEST, "The parameter token is missing."));
    try {
      revokeToken.handle(Secret.of(token), ipAddress);
    } catch (TokenReader.UnknownKey e) {
      throw OAuthProblem.temporarilyUnavailable(
          DatabaseState.RETRY_AFTER, String.valueOf(e.getMessage()));
    }
    // Some clients parse the body of a success as JSON.
    return Response.ok("{}", "application/json").header("Cache-Control", "no-store").build();
  }
}
