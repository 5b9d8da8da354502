package latchkey.base.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import latchkey.base.crypto.SigningKeys;
import latchkey.base.language.Catalogue;
import latchkey.base.oauth.Acr;
import latchkey.base.oauth.Prompt;
import latchkey.base.oauth.ResponseMode;
import latchkey.base.oauth.Scope;
import latchkey.base.oauth.StandardClaim;
import latchkey.base.web.page.Templates;

/// The discovery document (OpenID Connect Discovery §3, RFC 8414): bytes made once for each reading
/// of the translations. What stands in it works, and nothing else stands in it.
@Singleton
public class ServerMetadata {
  private static final List<String> AUTH_METHODS =
      List.of(
          "client_secret_basic",
          "client_secret_post",
          "client_secret_jwt",
          "private_key_jwt",
          "none");
  private static final List<String> CONFIDENTIAL = AUTH_METHODS.subList(0, 4);
  private static final List<String> ASSERTION_ALGORITHMS =
      List.of(
          "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
          "ES384", "ES256K");

  private static final List<String> PROTOCOL_CLAIMS =
      List.of(
          "iss",
          "sub",
          "aud",
          "iat",
          "exp",
          "nonce",
          "auth_time",
          "acr",
          "amr",
          "at_hash",
          "sid",
          "username");

  // `cross_signing_reset` and `account_deactivate` belong here once there are pages for them.
  private static final List<String> ACCOUNT_ACTIONS =
      List.of(
          "org.matrix.profile",
          "org.matrix.devices_list",
          "org.matrix.device_view",
          "org.matrix.device_delete",
          "org.matrix.sessions_list",
          "org.matrix.session_view",
          "org.matrix.session_end");

  // `create` belongs here once accounts can be made on our pages.
  private static final List<Prompt> PROMPTS =
      List.of(Prompt.NONE, Prompt.LOGIN, Prompt.CONSENT, Prompt.SELECT_ACCOUNT);

  private record Made(Catalogue catalogue, byte[] document) {
    static Made of(HttpConfig http, SigningKeys keys, Catalogue catalogue) {
      var document = build(http, keys, catalogue).encode();
      return new Made(catalogue, document.getBytes(StandardCharsets.UTF_8));
    }
  }

  private final HttpConfig http;
  private final SigningKeys keys;
  private final Templates templates;
  private volatile Made made;

  ServerMetadata(HttpConfig http, SigningKeys keys, Templates templates) {
    this.http = http;
    this.keys = keys;
    this.templates = templates;
    this.made = Made.of(http, keys, templates.catalogue());
  }

  public byte[] document() {
    var catalogue = templates.catalogue();
    var last = made;
    if (last.catalogue() != catalogue) {
      last = Made.of(http, keys, catalogue);
      made = last;
    }
    return last.document().clone();
  }

  private static JsonObject build(HttpConfig http, SigningKeys keys, Catalogue catalogue) {
    return new JsonObject()
        .put("issuer", http.issuer())
        .put("authorization_endpoint", http.url(Routes.AUTHORIZE))
        .put("token_endpoint", http.url(Routes.TOKEN))
        .put("jwks_uri", http.url(Routes.KEYS))
        .put("registration_endpoint", http.url(Routes.REGISTRATION))
        .put("userinfo_endpoint", http.url(Routes.USERINFO))
        .put("introspection_endpoint", http.url(Routes.INTROSPECT))
        .put("revocation_endpoint", http.url(Routes.REVOKE))
        .put("scopes_supported", array(List.of(Scope.OPENID, Scope.PROFILE, Scope.EMAIL)))
        .put("response_types_supported", array(List.of("code")))
        .put("response_modes_supported", codes(List.of(ResponseMode.values())))
        .put("grant_types_supported", array(List.of("authorization_code", "refresh_token")))
        .put("token_endpoint_auth_methods_supported", array(AUTH_METHODS))
        .put("revocation_endpoint_auth_methods_supported", array(AUTH_METHODS))
        .put("introspection_endpoint_auth_methods_supported", array(CONFIDENTIAL))
        .put("token_endpoint_auth_signing_alg_values_supported", array(ASSERTION_ALGORITHMS))
        .put("revocation_endpoint_auth_signing_alg_values_supported", array(ASSERTION_ALGORITHMS))
        .put(
            "introspection_endpoint_auth_signing_alg_values_supported", array(ASSERTION_ALGORITHMS))
        .put("code_challenge_methods_supported", array(List.of("S256")))
        .put("prompt_values_supported", codes(PROMPTS))
        .put("id_token_signing_alg_values_supported", array(keys.algorithms()))
        .put("userinfo_signing_alg_values_supported", array(keys.algorithms()))
        .put("acr_values_supported", array(Acr.ALL))
        .put("ui_locales_supported", array(catalogue.complete()))
        .put("display_values_supported", array(List.of("page")))
        .put("subject_types_supported", array(List.of("public")))
        .put("claim_types_supported", array(List.of("normal")))
        .put("claims_supported", array(claims()))
        .put("claims_parameter_supported", true)
        .put("request_parameter_supported", false)
        .put("request_uri_parameter_supported", false)
        .put("authorization_response_iss_parameter_supported", true)
        // Synapse cannot use the document without it; it has no query, because Synapse appends one.
        .put("account_management_uri", http.url(Routes.ACCOUNT))
        .put("account_management_actions_supported", array(ACCOUNT_ACTIONS));
  }

  private static List<String> claims() {
    var claims = new ArrayList<>(PROTOCOL_CLAIMS);
    Arrays.stream(StandardClaim.values()).map(StandardClaim::code).forEach(claims::add);
    return claims;
  }

  private static JsonArray codes(List<?> values) {
    return array(values.stream().map(String::valueOf).toList());
  }

  private static JsonArray array(List<String> values) {
    return new JsonArray(values);
  }
}
