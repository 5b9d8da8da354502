package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import latchkey.base.crypto.Secret;
import latchkey.domain.upstream.ProviderConfig.Discovery;
import latchkey.domain.upstream.ProviderConnection.Step;

/// Asks a provider whom it has sent: exchanges the code and proves what comes of it (OpenID Connect
/// Core §3.1.3). The calls for tokens and userinfo have ten seconds together, and 5 more each those
/// for metadata or keys that are not known; never within a transaction.
@Singleton
public class FetchIdentity {
  /// What callbacks carry by some specification: RFC 6749, RFC 9207, OpenID Connect Core, Session
  /// Management, JARM.
  private static final Set<String> STANDARD =
      Set.of(
          "code",
          "state",
          "iss",
          "error",
          "error_description",
          "error_uri",
          "scope",
          "session_state",
          "id_token",
          "access_token",
          "token_type",
          "expires_in",
          "response");

  private final AskTokens askTokens;
  private final CheckIdToken checkIdToken;
  private final AskUserinfo askUserinfo;
  private final ProviderWatch watch;
  private final CallbackAddress callback;

  FetchIdentity(
      AskTokens askTokens,
      CheckIdToken checkIdToken,
      AskUserinfo askUserinfo,
      ProviderWatch watch,
      CallbackAddress callback) {
    this.askTokens = askTokens;
    this.checkIdToken = checkIdToken;
    this.askUserinfo = askUserinfo;
    this.watch = watch;
    this.callback = callback;
  }

  /// @param callbackParameters all that came to the callback; what OAuth and OpenID Connect name is
  ///   left out of the claims
  /// @throws ProviderProblem if nobody comes in by that
  public Identity handle(
      ProviderConfig provider,
      Secret code,
      TripSecrets secrets,
      Map<String, String> callbackParameters) {
    if (!mayBeFrom(provider, Optional.ofNullable(callbackParameters.get("iss")))) {
      throw CheckSignature.untrusted(provider, "the answer is another provider's (iss)");
    }
    var step = new Step();
    var tokens = askTokens.handle(provider, step, grant(provider, code, secrets));
    var nonce =
        AskProvider.asksForIdToken(provider)
            ? Optional.of(secrets.nonce())
            : Optional.<Secret>empty();
    requireIdToken(provider, tokens);
    var idToken =
        tokens
            .idToken()
            .map(
                token ->
                    checkIdToken.handle(
                        provider,
                        token,
                        new CheckIdToken.Beside(
                            nonce, Optional.of(tokens.accessToken()), Optional.of(code))));
    var userinfo = askUserinfo.handle(provider, step, tokens.accessToken(), idToken);
    var claims = new Claims(idToken, userinfo, furtherThanStandard(callbackParameters));
    var identity = Identity.of(claims, tokens.idToken(), tokens.refreshToken());
    return userinfo.isPresent() && tokens.refreshToken().isEmpty()
        ? identity.withAccessToken(
            Optional.of(new Identity.AccessToken(tokens.accessToken(), tokens.lifetime())))
        : identity;
  }

  /// Whether an answer may be this provider's (RFC 9207 §2.4). To be asked of every answer, an
  /// error too, before anything is done with it; [#handle] asks by itself.
  ///
  /// @param iss the parameter of the callback
  public boolean mayBeFrom(ProviderConfig provider, Optional<String> iss) {
    var issuer = provider.issuer();
    return iss.isPresent()
        ? issuer.isEmpty() || issuer.equals(iss)
        : watch.known(provider).filter(ProviderMetadata::namesIssuer).isEmpty();
  }

  // RFC 6749 §4.1.3, RFC 7636 §4.5
  private Map<String, String> grant(ProviderConfig provider, Secret code, TripSecrets secrets) {
    var grant = new LinkedHashMap<String, String>();
    grant.put("grant_type", "authorization_code");
    grant.put("code", code.reveal());
    grant.put("redirect_uri", callback.of(provider));
    if (AskProvider.sendsChallenge(provider, watch.knownOrAsked(provider))) {
      grant.put("code_verifier", secrets.verifier().reveal());
    }
    return grant;
  }

  /// OpenID Connect Core §3.1.3.3. Without discovery a provider may be OAuth alone, whatever the
  /// scope.
  private static void requireIdToken(ProviderConfig provider, AskTokens.Tokens tokens) {
    if (tokens.idToken().isEmpty()
        && AskProvider.asksForIdToken(provider)
        && provider.discovery() != Discovery.DISABLED) {
      throw CheckSignature.untrusted(
          provider,
          "it gave no ID token, though scope has openid; does it know the client as one?");
    }
  }

  private static Map<String, String> furtherThanStandard(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .filter(parameter -> !STANDARD.contains(parameter.getKey()))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
