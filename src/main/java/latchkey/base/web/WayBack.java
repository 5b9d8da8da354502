package latchkey.base.web;

import java.util.Map;
import latchkey.base.oauth.AuthorizationResponse;
import latchkey.base.oauth.ResponseMode;

/// The way from one of our pages back to the client that asked: a link, or a form for a client that
/// wants its answers posted.
///
/// @param fields of the form; empty for a link
public record WayBack(String url, boolean posted, Map<String, String> fields) {
  public static WayBack of(AuthorizationResponse response) {
    return response.mode() == ResponseMode.FORM_POST
        ? new WayBack(response.redirectUri(), true, response.parameters())
        : new WayBack(response.location(), false, Map.of());
  }

  /// The parameters may hold a code.
  @Override
  public String toString() {
    return "WayBack";
  }
}
