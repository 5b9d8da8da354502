package latchkey.base.web;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import latchkey.base.oauth.AuthorizationResponse;

/// Sends a browser back to a client, in the response mode the client asked for.
@Singleton
public class Callbacks {
  private final Frames frames;

  Callbacks(Frames frames) {
    this.frames = frames;
  }

  public Response.ResponseBuilder send(AuthorizationResponse response, Requester requester) {
    return switch (response.mode()) {
      case QUERY, FRAGMENT -> PageResponse.seeOther(response.location());
      case FORM_POST -> {
        var target = response.redirectUri();
        var host = PublicHost.of(target).orElse(target);
        yield PageResponse.posting(
            URI.create(target),
            new CallbackPage(frames.frame(requester), host, target, response.parameters()));
      }
    };
  }
}
