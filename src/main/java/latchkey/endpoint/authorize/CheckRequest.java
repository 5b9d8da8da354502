package latchkey.endpoint.authorize;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.Optional;
import latchkey.base.oauth.OAuthError;
import latchkey.base.oauth.Pkce;
import latchkey.base.oauth.ResponseMode;
import latchkey.base.oauth.Scope;
import latchkey.base.web.Parameters;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.GrantType;
import latchkey.domain.grant.AuthorizationGrant;

/// Checks a request whose sender is known, in the order of the specifications. What is wrong the
/// client is told; what nobody knows does not matter (RFC 6749 §3.1).
@Singleton
class CheckRequest {
  private final ReadWishes readWishes;

  CheckRequest(ReadWishes readWishes) {
    this.readWishes = readWishes;
  }

  AuthorizationGrant.Request handle(Parameters request, Asker asker, String language) throws Fault {
    requireNoRepeats(request);
    requireUsableResponseMode(request, asker.redirectUri());
    requireNoRequestObject(request);
    requireCodeResponse(request);
    requireGrantType(asker.client());
    var wishes = readWishes.handle(request, asker.client());
    var challenge = requirePkce(request, asker.client());
    var scope = requireScope(request);
    return new AuthorizationGrant.Request(
        asker.client().id(),
        asker.redirectUri(),
        request.find("redirect_uri").isPresent(),
        asker.mode(),
        scope,
        asker.state(),
        request.find("nonce").orElse(null),
        challenge.orElse(null),
        wishes.loginHint(),
        wishes.demands(),
        wishes.claims(),
        wishes.uiLocales(),
        language,
        raw(request));
  }

  // RFC 6749 §3.1: parameters must not be included more than once.
  private static void requireNoRepeats(Parameters request) throws Fault {
    if (!request.repeated().isEmpty()) {
      throw new Fault(OAuthError.INVALID_REQUEST, "A parameter is there more than once.");
    }
  }

  private static void requireUsableResponseMode(Parameters request, String redirectUri)
      throws Fault {
    var name = request.find("response_mode");
    if (name.isEmpty()) {
      return;
    }
    var mode = ResponseMode.parse(name.get());
    if (mode.isEmpty()) {
      throw new Fault(OAuthError.INVALID_REQUEST, "This response_mode is not supported.");
    }
    if (!Asker.canAnswer(redirectUri, mode.get())) {
      throw new Fault(
          OAuthError.INVALID_REQUEST, "The response_mode form_post needs an https redirect_uri.");
    }
  }

  // OpenID Connect Core §6: objects are not supported, and say so.
  private static void requireNoRequestObject(Parameters request) throws Fault {
    if (request.find("request").isPresent()) {
      throw new Fault(OAuthError.REQUEST_NOT_SUPPORTED, "Request objects are not supported.");
    } else if (request.find("request_uri").isPresent()) {
      throw new Fault(OAuthError.REQUEST_URI_NOT_SUPPORTED, "Request URIs are not supported.");
    } else if (request.find("registration").isPresent()) {
      throw new Fault(
          OAuthError.REGISTRATION_NOT_SUPPORTED, "The registration parameter is not supported.");
    }
  }

  // RFC 6749 §4.1.1
  private static void requireCodeResponse(Parameters request) throws Fault {
    var type = request.find("response_type");
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

  // RFC 7636 §4.3, RFC 9700 §2.1.1
  private static Optional<String> requirePkce(Parameters request, ClientView client) throws Fault {
    var challenge = request.find("code_challenge");
    var method = request.find("code_challenge_method");
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
  private static Scope requireScope(Parameters request) throws Fault {
    var scope =
        request.find("scope").flatMap(Scope::parse).map(all -> all.without(Scope.OFFLINE_ACCESS));
    if (scope.isEmpty() || scope.get().isEmpty()) {
      throw new Fault(OAuthError.INVALID_SCOPE, "The scope is missing or malformed.");
    }
    return scope.get();
  }

  private static String raw(Parameters request) {
    var json = new JsonObject();
    request.all().forEach(json::put);
    return json.encode();
  }
}
