package latchkey.endpoint.matrix;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/// The ways to log in that a legacy client is shown (`matrix-compat.md` 4).
final class LoginFlows {
  private LoginFlows() {}

  static String json(boolean passwords) {
    var flows = new JsonArray();
    if (passwords) {
      flows.add(new JsonObject().put("type", LoginRequest.PASSWORD));
    }
    // Whoever knows OAuth is to use that; both names mean the same (MSC3824).
    flows
        .add(
            new JsonObject()
                .put("type", LoginRequest.SSO)
                .put("oauth_aware_preferred", true)
                .put("org.matrix.msc3824.delegated_oidc_compatibility", true))
        .add(new JsonObject().put("type", LoginRequest.TOKEN));
    return new JsonObject().put("flows", flows).encode();
  }
}
