package latchkey.endpoint.authorize;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import latchkey.base.error.OAuthProblem;
import latchkey.base.language.Message;
import latchkey.base.oauth.CallbackUrl;
import latchkey.base.oauth.OAuthError;
import latchkey.base.oauth.Pkce;
import latchkey.base.oauth.Scope;
import latchkey.base.web.HttpConfig;
import latchkey.base.web.Parameters;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.Clients;
import latchkey.domain.client.GrantType;
import latchkey.domain.client.RedirectUris;
import latchkey.domain.grant.AuthorizationGrant;
import latchkey.domain.grant.AuthorizationGrants;

/// Checks an authorization request in the order of the specifications and stores it (RFC 6749
/// §4.1.1). Until client and redirect URI are trusted a fault is a page; from then on it goes back
/// to the client.
@Singleton
class StartAuthorization {
  private final Clients clients;
  private final AuthorizationGrants grants;
  private final HttpConfig http;

  StartAuthorization(Clients clients, AuthorizationGrants grants, HttpConfig http) {
    this.clients = clients;
    this.grants = grants;
    this.http = http;
  }

  /// A fault the client itself is told about.
  private static final class Fault extends Exception {
    private final OAuthError error;

    Fault(OAuthError error, String description) {
      super(description, null, false, false);
      this.error = error;
    }
  }

  /// @param language what this person is spoken to in, from here to the name of the device
  AuthorizeOutcome handle(Parameters query, String language) {
    var client = requireClient(query);
    var redirectUri = requireRedirectUri(query, client);
    // From here on the client can be told. What cannot be told in its own way goes by query.
    var mode = query.find("response_mode").filter(CallbackUrl.FRAGMENT::equals);
    var responseMode = mode.orElse(CallbackUrl.QUERY);
    try {
      requireNoRepeats(query);
      requireKnownResponseMode(query);
      requireNoRequestObject(query);
      requireCodeResponse(query);
      requireGrantType(client);
      requireNoSilence(query);
      var challenge = requirePkce(query, client);
      var scope = requireScope(query);
      var id =
          grants.start(
              new AuthorizationGrant.Request(
                  client.id(),
                  redirectUri,
                  query.find("redirect_uri").isPresent(),
                  responseMode,
                  scope,
                  query.find("state").orElse(null),
                  query.find("nonce").orElse(null),
                  challenge.orElse(null),
                  query.find("login_hint").orElse(null),
                  language,
                  raw(query)));
      return new AuthorizeOutcome.Started(id);
    } catch (Fault fault) {
      return sendBack(fault, redirectUri, responseMode, query);
    }
  }

  private ClientView requireClient(Parameters query) {
    refuseRepeated(query, "client_id");
    return query
        .find("client_id")
        .flatMap(clients::find)
        .orElseThrow(
            () ->
                OAuthProblem.of(OAuthError.INVALID_REQUEST, "there is no such client")
                    .withMessage(Message.of("latchkey.error.client_unknown")));
  }

  // RFC 6749 §3.1.2.4: never redirect to an address that is not registered.
  private static String requireRedirectUri(Parameters query, ClientView client) {
    refuseRepeated(query, "redirect_uri");
    return RedirectUris.resolve(client.metadata().redirectUris(), query.find("redirect_uri"))
        .orElseThrow(
            () ->
                OAuthProblem.of(OAuthError.INVALID_REQUEST, "the redirect URI is not registered")
                    .withMessage(
                        Message.of("latchkey.error.redirect_unknown")
                            .with("client_name", client.displayName())));
  }

  private static void refuseRepeated(Parameters query, String name) {
    if (query.repeated().contains(name)) {
      throw OAuthProblem.of(OAuthError.INVALID_REQUEST, name + " is there more than once")
          .withMessage(Message.of("latchkey.error.client_ambiguous"));
    }
  }

  // RFC 6749 §3.1: parameters must not be included more than once.
  private static void requireNoRepeats(Parameters query) throws Fault {
    if (!query.repeated().isEmpty()) {
      throw new Fault(OAuthError.INVALID_REQUEST, "A parameter is there more than once.");
    }
  }

  private static void requireKnownResponseMode(Parameters query) throws Fault {
    var mode = query.find("response_mode");
    if (mode.isPresent()
        && !mode.get().equals(CallbackUrl.QUERY)
        && !mode.get().equals(CallbackUrl.FRAGMENT)) {
      throw new Fault(OAuthError.INVALID_REQUEST, "This response_mode is not supported.");
    }
  }

  // OpenID Connect Core §6: objects are not supported, and say so.
  private static void requireNoRequestObject(Parameters query) throws Fault {
    if (query.find("request").isPresent()) {
      throw new Fault(OAuthError.REQUEST_NOT_SUPPORTED, "Request objects are not supported.");
    } else if (query.find("request_uri").isPresent()) {
      throw new Fault(OAuthError.REQUEST_URI_NOT_SUPPORTED, "Request URIs are not supported.");
    } else if (query.find("registration").isPresent()) {
      throw new Fault(
          OAuthError.REGISTRATION_NOT_SUPPORTED, "The registration parameter is not supported.");
    }
  }

  // RFC 6749 §4.1.1
  private static void requireCodeResponse(Parameters query) throws Fault {
    var type = query.find("response_type");
    if (type.isEmpty()) {
      throw new Fault(OAuthError.INVALID_REQUEST, "The parameter response_type is missing.");
    } else if (!type.get().equals("code")) {
      throw new Fault(
          OAuthError.UNSUPPORTED_RESPONSE_TYPE, "Only the response type code is supported.");
    }
  }

  private static void requireGrantType(ClientView client) throws Fault {
    if (!client.holds(GrantType.AUTHORIZATION_CODE)) {
      throw new Fault(
          OAuthError.UNAUTHORIZED_CLIENT, "The client may not use authorization codes.");
    }
  }

  // OpenID Connect Core §3.1.2.1. Consent is never remembered, so nothing can be done without a
  // page.
  private static void requireNoSilence(Parameters query) throws Fault {
    if (query.find("prompt").filter("none"::equals).isPresent()) {
      throw new Fault(OAuthError.LOGIN_REQUIRED, "The person has to be asked.");
    }
  }

  // RFC 7636 §4.3, RFC 9700 §2.1.1
  private static Optional<String> requirePkce(Parameters query, ClientView client) throws Fault {
    var challenge = query.find("code_challenge");
    var method = query.find("code_challenge_method");
    if (challenge.isEmpty()) {
      if (method.isPresent() || client.isPublic()) {
        throw new Fault(OAuthError.INVALID_REQUEST, "A code_challenge is needed.");
      }
      return challenge;
    }
    if (method.isEmpty() || !method.get().equals(Pkce.S256)) {
      throw new Fault(OAuthError.INVALID_REQUEST, "The code_challenge_method must be S256.");
    }
    if (!Pkce.isChallenge(challenge.get())) {
      throw new Fault(OAuthError.INVALID_REQUEST, "The code_challenge is no S256 challenge.");
    }
    return challenge;
  }

  // RFC 6749 §3.3; offline_access changes nothing here and is dropped.
  private static Scope requireScope(Parameters query) throws Fault {
    var scope =
        query.find("scope").flatMap(Scope::parse).map(all -> all.without(Scope.OFFLINE_ACCESS));
    if (scope.isEmpty() || scope.get().isEmpty()) {
      throw new Fault(OAuthError.INVALID_SCOPE, "The scope is missing or malformed.");
    }
    return scope.get();
  }

  private AuthorizeOutcome sendBack(
      Fault fault, String redirectUri, String responseMode, Parameters query) {
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("error", fault.error.code());
    answer.put("error_description", String.valueOf(fault.getMessage()));
    var state = query.repeated().contains("state") ? null : query.find("state").orElse(null);
    return new AuthorizeOutcome.SendBack(
        CallbackUrl.of(redirectUri, responseMode, state, http.issuer(), answer));
  }

  private static String raw(Parameters query) {
    var json = new JsonObject();
    query.all().forEach(json::put);
    return json.encode();
  }
}
