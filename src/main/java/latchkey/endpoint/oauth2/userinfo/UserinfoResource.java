package latchkey.endpoint.oauth2.userinfo;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.error.OAuthProblem;
import latchkey.base.web.Bodies;
import latchkey.base.web.Queries;
import latchkey.base.web.Requesters;

/// Who the holder of an access token is. The token comes in the header, or in the form of a `POST`,
/// never in the address (RFC 9700 §4.3.2).
@Path("/oauth2/userinfo")
@RunOnVirtualThread
public class UserinfoResource {
  private static final String BEARER = "bearer ";

  private final TellUserinfo tellUserinfo;
  private final Requesters requesters;

  UserinfoResource(TellUserinfo tellUserinfo, Requesters requesters) {
    this.tellUserinfo = tellUserinfo;
    this.requesters = requesters;
  }

  @GET
  public Response get(
      @HeaderParam("Authorization") String authorization, @Context HttpServerRequest request) {
    if (Queries.strict(request).find("access_token").isPresent()) {
      throw TellUserinfo.malformed("The access token must not be in the address.");
    }
    return answer(bearer(authorization), request);
  }

  @POST
  public Response post(
      @HeaderParam("Authorization") String authorization,
      @HeaderParam("Content-Type") String contentType,
      InputStream body,
      @Context HttpServerRequest request) {
    var header = bearer(authorization);
    var bytes = contentType == null ? Optional.<Secret>empty() : fromForm(contentType, body);
    if (header.isPresent() && bytes.isPresent()) {
      throw TellUserinfo.malformed("The access token is there twice.");
    }
    return answer(header.isPresent() ? header : bytes, request);
  }

  private static Optional<Secret> fromForm(String contentType, InputStream body) {
    try {
      return Bodies.form(contentType, body).find("access_token").map(Secret::of);
    } catch (OAuthProblem e) {
      throw TellUserinfo.malformed(e);
    }
  }

  private static Optional<Secret> bearer(String authorization) {
    if (authorization == null) {
      return Optional.empty();
    }
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw TellUserinfo.malformed("A bearer token is expected.");
    }
    return Optional.of(Secret.of(authorization.substring(BEARER.length()).strip()));
  }

  private Response answer(Optional<Secret> token, HttpServerRequest request) {
    var response =
        switch (tellUserinfo.handle(token, requesters.of(request).ipAddress())) {
          case TellUserinfo.Answer.Plain(var json) -> Response.ok(json, "application/json");
          case TellUserinfo.Answer.Signed(var jwt) -> Response.ok(jwt, "application/jwt");
        };
    return response.header("Cache-Control", "no-store").build();
  }
}
