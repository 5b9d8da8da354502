package latchkey.endpoint.takeover;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import latchkey.base.config.Section;

/// An identity provider of Synapse (`oidc_providers`, `oidc_config`).
///
/// @param settings the same as an entry of our `upstream_oauth2.providers`, without an id
public record SynapseProvider(Map<String, Object> settings) {
  /// RFC 6749 §3.3.
  private static final Pattern SCOPE = Pattern.compile("[!#-\\[\\]-~]+");

  private static final String OPENID = "openid";

  /// Empty, with a warning, if nobody could sign in through it.
  static Optional<SynapseProvider> read(Section provider) {
    for (var needed : List.of("client_id", "issuer")) {
      if (!provider.has(needed)) {
        provider.warn("", "the provider is left out: it has no " + needed);
        return Optional.empty();
      }
    }
    var scopes = scopes(provider);
    var ours = new LinkedHashMap<String, Object>();
    ours.put("synapse_idp_id", idpId(provider.string("idp_id", "oidc")));
    copy(provider, "issuer", ours, "issuer");
    copy(provider, "idp_name", ours, "human_name");
    copy(provider, "idp_brand", ours, "brand_name");
    copy(provider, "client_id", ours, "client_id");
    ours.putAll(SynapseCredentials.read(provider));
    ours.put("scope", String.join(" ", scopes));
    ours.put("discovery_mode", discovery(provider));
    provider
        .oneOf("pkce_method", "auto", "always", "never")
        .ifPresent(method -> ours.put("pkce_method", method));
    ours.put("fetch_userinfo", fetchesUserinfo(provider, scopes));
    for (var endpoint :
        List.of("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")) {
      provider.url(endpoint).ifPresent(url -> ours.put(endpoint, url.toString()));
    }
    signingAlgorithm(provider).ifPresent(name -> ours.put("id_token_signed_response_alg", name));
    parameters(provider, ours);
    if (provider.value("backchannel_logout_enabled", SynapseFiles.YES_OR_NO, false)) {
      ours.put("on_backchannel_logout", "logout_all");
    }
    var claims = SynapseClaims.read(provider);
    if (!claims.isEmpty()) {
      ours.put("claims_imports", claims);
    }
    warnOfIgnored(provider);
    if (keepsPeopleOut(provider)) {
      ours.put("enabled", false);
    }
    return Optional.of(new SynapseProvider(ours));
  }

  private static String idpId(String name) {
    return name.equals("oidc") ? name : "oidc-" + name;
  }

  private static void copy(Section from, String key, Map<String, Object> to, String name) {
    from.string(key).ifPresent(value -> to.put(name, value));
  }

  private static List<String> scopes(Section provider) {
    if (!provider.has("scopes")) {
      return List.of(OPENID);
    }
    var scopes = new ArrayList<String>();
    for (var scope : provider.strings("scopes")) {
      if (SCOPE.matcher(scope).matches()) {
        scopes.add(scope);
      } else {
        provider.warn("scopes", "\"" + scope + "\" is left out: it is no scope");
      }
    }
    return scopes;
  }

  private static String discovery(Section provider) {
    boolean unverified = provider.value("skip_verification", SynapseFiles.YES_OR_NO, false);
    if (!provider.value("discover", SynapseFiles.YES_OR_NO, true)) {
      return "disabled";
    }
    return unverified ? "insecure" : "oidc";
  }

  /// Without an ID token there is nowhere else to get claims from.
  private static boolean fetchesUserinfo(Section provider, List<String> scopes) {
    boolean forced =
        provider
            .oneOf("user_profile_method", "auto", "userinfo_endpoint")
            .filter("userinfo_endpoint"::equals)
            .isPresent();
    return forced || !scopes.contains(OPENID);
  }

  private static Optional<String> signingAlgorithm(Section provider) {
    var key = "id_token_signing_alg_values_supported";
    var algorithms = provider.strings(key);
    if (algorithms.size() > 1) {
      provider.warn(
          key,
          "is ignored: name the one that counts in id_token_signed_response_alg, if not RS256");
    }
    return algorithms.size() == 1 ? Optional.of(algorithms.getFirst()) : Optional.empty();
  }

  private static void parameters(Section provider, Map<String, Object> ours) {
    var parameters = provider.texts("additional_authorization_parameters");
    var mode = parameters.remove("response_mode");
    if (mode != null && List.of("query", "form_post").contains(mode)) {
      ours.put("response_mode", mode);
    } else if (mode != null) {
      provider.warn(
          "additional_authorization_parameters",
          "the response_mode " + mode + " is ignored: it is query or form_post");
    }
    for (var name : provider.strings("passthrough_authorization_parameters")) {
      parameters.put(name, SynapseClaims.template("params", name));
    }
    if (!parameters.isEmpty()) {
      ours.put("additional_authorization_parameters", parameters);
    }
  }

  private static void warnOfIgnored(Section provider) {
    for (var key : List.of("idp_icon", "redirect_uri")) {
      if (provider.has(key)) {
        provider.warn(key, "is ignored");
      }
    }
  }

  /// What lets only some in stays shut until an admin has decided: here it would let in everybody.
  private static boolean keepsPeopleOut(Section provider) {
    boolean some = provider.has("attribute_requirements");
    if (some) {
      provider.warn(
          "attribute_requirements",
          "cannot be kept, so the provider has enabled: false: without them everybody it knows"
              + " would be let in");
    }
    boolean known = !provider.value("enable_registration", SynapseFiles.YES_OR_NO, true);
    if (known) {
      provider.warn(
          "enable_registration",
          "cannot be kept, so the provider has enabled: false: everybody it knows would get an"
              + " account");
    }
    return some || known;
  }

  /// Its settings hold secrets.
  @Override
  public String toString() {
    return "SynapseProvider";
  }
}
