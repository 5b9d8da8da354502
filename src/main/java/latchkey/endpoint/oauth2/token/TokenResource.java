package latchkey.endpoint.oauth2.token;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.web.Bodies;
import latchkey.base.web.ClientForm;
import latchkey.base.web.Requester;
import latchkey.base.web.Requesters;
import latchkey.domain.client.ClientAuthenticator;
import latchkey.domain.client.ClientCredentials;
import latchkey.domain.client.ClientView;

/// The token endpoint: read the form, prove the client, do what the grant type says, answer. It
/// never answers 429, and a cause that may pass is 503: clients log out at anything else.
@Path("/oauth2/token")
@RunOnVirtualThread
public class TokenResource {
  private final ClientAuthenticator authenticator;
  private final ExchangeAuthorizationCode exchangeAuthorizationCode;
  private final RefreshTokens refreshTokens;
  private final Requesters requesters;

  TokenResource(
      ClientAuthenticator authenticator,
      ExchangeAuthorizationCode exchangeAuthorizationCode,
      RefreshTokens refreshTokens,
      Requesters requesters) {
    this.authenticator = authenticator;
    this.exchangeAuthorizationCode = exchangeAuthorizationCode;
    this.refreshTokens = refreshTokens;
    this.requesters = requesters;
  }

  @POST
  public Response token(
      @HeaderParam("Content-Type") String contentType,
      @HeaderParam("Authorization") String authorization,
      InputStream body,
      @Context HttpServerRequest http)
      throws SQLException {
    var form = Bodies.form(contentType, body);
    var request = TokenRequest.read(form);
    var requester = requesters.of(http);
    var credentials = credentials(authorization, ClientForm.read(form));
    var client = authenticator.require(credentials, requester.ipAddress());
    var answer = answer(request, client, requester);
    return Response.ok(answer.json(), "application/json")
        .header("Cache-Control", "no-store")
        .header("Pragma", "no-cache")
        .build();
  }

  private TokenResponse answer(TokenRequest request, ClientView client, Requester requester)
      throws SQLException {
    return switch (request) {
      case TokenRequest.Code code -> exchangeAuthorizationCode.handle(code, client, requester);
      case TokenRequest.Refresh refresh -> refreshTokens.handle(refresh, client, requester);
    };
  }

  private static ClientCredentials credentials(String authorization, ClientForm form) {
    return ClientCredentials.read(authorization, form)
        .orElseThrow(
            () -> OAuthProblem.of(OAuthError.INVALID_REQUEST, "The client is not identified."));
  }
}
