package latchkey.endpoint.oauth2.registration;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import latchkey.base.system.Ids;
import latchkey.domain.client.Clients;
import org.jspecify.annotations.Nullable;

/// The answer to a registration: everything that was registered, with the values that hold (RFC
/// 7591 §3.2.1).
final class RegistrationResponse {
  private RegistrationResponse() {}

  static String json(Clients.Registered registered) {
    var client = registered.client();
    var metadata = client.metadata();
    var json =
        new JsonObject()
            .put("client_id", Ids.text(client.id()))
            .put("client_id_issued_at", client.createdAt().getEpochSecond())
            .put("redirect_uris", new JsonArray(metadata.redirectUris()))
            .put("grant_types", new JsonArray(metadata.grantTypes()))
            .put("response_types", new JsonArray(metadata.responseTypes()))
            .put("application_type", metadata.applicationType())
            .put("token_endpoint_auth_method", metadata.authMethod());
    registered
        .secret()
        .ifPresent(
            secret ->
                json.put("client_secret", secret.reveal()).put("client_secret_expires_at", 0));
    put(json, "client_name", metadata.name());
    put(json, "client_uri", metadata.uri());
    put(json, "logo_uri", metadata.logoUri());
    put(json, "policy_uri", metadata.policyUri());
    put(json, "tos_uri", metadata.tosUri());
    put(json, "software_id", metadata.softwareId());
    put(json, "software_version", metadata.softwareVersion());
    put(json, "id_token_signed_response_alg", metadata.idTokenAlgorithm());
    put(json, "userinfo_signed_response_alg", metadata.userinfoAlgorithm());
    put(json, "initiate_login_uri", metadata.initiateLoginUri());
    put(json, "contacts", metadata.contacts());
    return json.encode();
  }

  private static void put(JsonObject json, String member, @Nullable String value) {
    if (value != null) {
      json.put(member, value);
    }
  }

  private static void put(JsonObject json, String member, List<String> values) {
    if (!values.isEmpty()) {
      json.put(member, new JsonArray(values));
    }
  }
}
