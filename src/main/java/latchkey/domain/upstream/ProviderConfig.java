package latchkey.domain.upstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import latchkey.base.config.Kind;
import latchkey.base.config.Section;

/// One entry of `upstream_oauth2.providers` (`configuration.md` 12.1).
///
/// @param id also the end of the callback URL
/// @param enabled false is like not being there
/// @param synapseIdpId what Synapse called it, for accounts that come from there
/// @param issuer empty only without discovery
/// @param humanName what its button says
/// @param brandName which icon its button has
/// @param additionalParameters sent along with the authorization request
public record ProviderConfig(
    UUID id,
    boolean enabled,
    Optional<String> synapseIdpId,
    Optional<String> issuer,
    Optional<String> humanName,
    Optional<String> brandName,
    String clientId,
    ProviderCredentials credentials,
    String scope,
    Discovery discovery,
    Endpoints endpoints,
    Pkce pkce,
    String idTokenAlgorithm,
    boolean fetchUserinfo,
    Optional<String> userinfoAlgorithm,
    Optional<ResponseMode> responseMode,
    AuthorizationParameters additionalParameters,
    OnBackchannelLogout onBackchannelLogout,
    boolean registrationTokenRequired,
    ClaimsImports claims) {
  private static final String NOBODY = ": nobody can sign in through this provider";

  /// Whether the provider is asked where its endpoints are, and whether its answer is believed
  /// unchecked.
  public enum Discovery {
    OIDC,
    INSECURE,
    DISABLED
  }

  /// When a code challenge is sent.
  public enum Pkce {
    AUTO,
    ALWAYS,
    NEVER
  }

  /// How the provider's answer comes back.
  public enum ResponseMode {
    QUERY,
    FORM_POST
  }

  /// What ends here when somebody signs out there.
  public enum OnBackchannelLogout {
    DO_NOTHING,
    LOGOUT_BROWSER_ONLY,
    LOGOUT_ALL
  }

  /// Endpoints that are given instead of discovered.
  public record Endpoints(
      Optional<URI> authorization,
      Optional<URI> token,
      Optional<URI> userinfo,
      Optional<URI> jwks) {}

  static ProviderConfig read(Section provider) {
    provider.deprecated(
        "forward_login_hint",
        "add login_hint: \"{{ params.login_hint }}\" to additional_authorization_parameters");
    var discovery = provider.choice("discovery_mode", Discovery.OIDC);
    var endpoints = endpoints(provider);
    var scope = provider.string("scope", "openid");
    var idTokenAlgorithm =
        provider.value("id_token_signed_response_alg", Algorithms.SIGNING, "RS256");
    boolean fetchUserinfo = provider.bool("fetch_userinfo", false);
    adviseEndpoints(provider, discovery, endpoints);
    adviseKeys(provider, discovery, endpoints, scope, idTokenAlgorithm);
    provider.advice(
        "userinfo_endpoint",
        discovery != Discovery.DISABLED || !fetchUserinfo || endpoints.userinfo.isPresent(),
        "is needed with discovery_mode disabled and fetch_userinfo",
        NOBODY);
    return new ProviderConfig(
        provider.require("id", Kind.ULID, new UUID(0, 0)),
        provider.bool("enabled", true),
        provider.string("synapse_idp_id"),
        issuer(provider, discovery),
        provider.string("human_name"),
        provider.string("brand_name"),
        provider.requireString("client_id"),
        ProviderCredentials.read(provider),
        scope,
        discovery,
        endpoints,
        provider.choice("pkce_method", Pkce.AUTO),
        idTokenAlgorithm,
        fetchUserinfo,
        provider.value("userinfo_signed_response_alg", Algorithms.SIGNING),
        provider.choice("response_mode", ResponseMode.class),
        AuthorizationParameters.read(provider),
        provider.choice("on_backchannel_logout", OnBackchannelLogout.DO_NOTHING),
        registrationTokenRequired(provider),
        ClaimsImports.read(provider.section("claims_imports")));
  }

  private static Optional<String> issuer(Section provider, Discovery discovery) {
    var issuer = provider.string("issuer");
    provider.rule(
        "issuer",
        discovery == Discovery.DISABLED || provider.has("issuer"),
        "is missing; only discovery_mode disabled does without");
    provider.rule(
        "issuer",
        discovery == Discovery.DISABLED || issuer.isEmpty() || isWebAddress(issuer.get()),
        "has to be a URL that begins with https:// or http://; only discovery_mode disabled takes another");
    return issuer;
  }

  private static boolean isWebAddress(String issuer) {
    try {
      var uri = new URI(issuer);
      return uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static Endpoints endpoints(Section provider) {
    return new Endpoints(
        provider.url("authorization_endpoint"),
        provider.url("token_endpoint"),
        provider.url("userinfo_endpoint"),
        provider.url("jwks_uri"));
  }

  private static void adviseEndpoints(Section provider, Discovery discovery, Endpoints endpoints) {
    boolean given = discovery != Discovery.DISABLED;
    var advice = "is needed with discovery_mode disabled";
    provider.advice(
        "authorization_endpoint", given || endpoints.authorization.isPresent(), advice, NOBODY);
    provider.advice("token_endpoint", given || endpoints.token.isPresent(), advice, NOBODY);
  }

  /// Without an ID token one may still come in by userinfo.
  private static void adviseKeys(
      Section provider,
      Discovery discovery,
      Endpoints endpoints,
      String scope,
      String idTokenAlgorithm) {
    boolean checksIdTokens =
        List.of(scope.split(" ", -1)).contains("openid") && !idTokenAlgorithm.startsWith("HS");
    provider.advice(
        "jwks_uri",
        discovery != Discovery.DISABLED || !checksIdTokens || endpoints.jwks.isPresent(),
        "is needed with discovery_mode disabled where scope has openid, unless id_token_signed_response_alg is HS256, HS384 or HS512",
        ": whoever comes with an ID token of this provider is refused");
  }

  private static boolean registrationTokenRequired(Section provider) {
    boolean required = provider.bool("registration_token_required", false);
    provider.notYet(
        "registration_token_required",
        required,
        "registration tokens are not supported yet, and without them anybody could register");
    return required;
  }
}
