package latchkey.endpoint.takeover;

import java.util.LinkedHashMap;
import java.util.Map;
import latchkey.base.config.Section;

/// How Synapse proves itself to a provider, in our words.
final class SynapseCredentials {
  private static final String METHOD = "token_endpoint_auth_method";
  private static final String NONE = "none";

  private SynapseCredentials() {}

  static Map<String, Object> read(Section provider) {
    var jwtKey = "client_secret_jwt_key";
    var key = provider.section(jwtKey);
    if (isApple(provider, key)) {
      return Map.of(METHOD, "sign_in_with_apple", "sign_in_with_apple", apple(key));
    } else if (provider.has(jwtKey)) {
      provider.warn(jwtKey, "is ignored: only Apple takes a secret that is signed with a key");
    }
    var ours = new LinkedHashMap<String, Object>();
    provider.string("client_secret_path").ifPresent(path -> ours.put("client_secret_file", path));
    provider
        .string("client_secret")
        .ifPresent(
            secret -> {
              ours.clear();
              ours.put("client_secret", secret);
            });
    boolean hasSecret = !ours.isEmpty();
    var method =
        provider
            .oneOf("client_auth_method", "client_secret_basic", "client_secret_post", NONE)
            .orElse(hasSecret ? "client_secret_basic" : NONE);
    if (!hasSecret && !method.equals(NONE)) {
      provider.warn("client_auth_method", "is ignored: there is no client_secret");
      method = NONE;
    } else if (method.equals(NONE)) {
      ours.clear();
    }
    ours.putFirst(METHOD, method);
    return ours;
  }

  private static boolean isApple(Section provider, Section key) {
    return provider.string("issuer", "").contains("//appleid.apple.com")
        && (key.has("key") || key.has("key_file"))
        && key.section("jwt_header").has("kid")
        && key.section("jwt_payload").has("iss");
  }

  private static Map<String, Object> apple(Section key) {
    var ours = new LinkedHashMap<String, Object>();
    ours.put("team_id", key.section("jwt_payload").string("iss", ""));
    ours.put("key_id", key.section("jwt_header").string("kid", ""));
    key.string("key_file").ifPresent(file -> ours.put("private_key_file", file));
    key.string("key").ifPresent(text -> ours.put("private_key", text));
    return ours;
  }
}
