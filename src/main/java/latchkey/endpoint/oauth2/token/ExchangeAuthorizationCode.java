package latchkey.endpoint.oauth2.token;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import latchkey.base.crypto.Digest;
import latchkey.base.error.OAuthProblem;
import latchkey.base.oauth.OAuthError;
import latchkey.base.oauth.Pkce;
import latchkey.base.web.Requester;
import latchkey.domain.client.ClientView;
import latchkey.domain.client.GrantType;
import latchkey.domain.grant.AuthorizationGrant;
import latchkey.domain.grant.CodeGrant;
import latchkey.domain.grant.CodeGrantRepository;
import latchkey.domain.grant.Stage;
import latchkey.domain.token.EndMisusedSession;
import latchkey.domain.token.Presenter;

/// Exchanges an authorization code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6).
@Singleton
class ExchangeAuthorizationCode {
  /// The very client asking twice within this time repeats itself, and is no thief.
  private static final Duration DOUBLED = Duration.ofSeconds(20);

  private final CodeGrantRepository grants;
  private final RedeemCode redeemCode;
  private final EndMisusedSession endMisusedSession;
  private final WriteIdToken writeIdToken;
  private final Clock clock;

  ExchangeAuthorizationCode(
      CodeGrantRepository grants,
      RedeemCode redeemCode,
      EndMisusedSession endMisusedSession,
      WriteIdToken writeIdToken,
      Clock clock) {
    this.grants = grants;
    this.redeemCode = redeemCode;
    this.endMisusedSession = endMisusedSession;
    this.writeIdToken = writeIdToken;
    this.clock = clock;
  }

  TokenResponse handle(TokenRequest.Code request, ClientView client, Requester requester)
      throws SQLException {
    requireGrantType(client);
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var grant =
        grants
            .findByCode(Digest.sha256(request.code().bytes()), now)
            .orElseThrow(() -> invalidGrant("there is no such code"));
    switch (grant.stage()) {
      case Stage.Pending _, Stage.Cancelled _ -> throw invalidGrant("the code is not usable");
      case Stage.Exchanging(_, var deadline) -> {
        requireProof(request, client, grant);
        throw OAuthProblem.temporarilyUnavailable(
            wait(now, deadline), "the code is being exchanged at this moment");
      }
      case Stage.Exchanged exchanged -> {
        endIfReplayed(exchanged, request, client, grant, requester, now);
        throw invalidGrant("the code was exchanged before");
      }
      case Stage.Fulfilled fulfilled -> requireFresh(fulfilled, now);
    }
    requireProof(request, client, grant);
    requireConsenter(grant);
    var algorithm = writeIdToken.requireAlgorithm(grant, client);
    var opened = redeemCode.handle(grant, client, requester);
    var idToken = algorithm.map(name -> writeIdToken.handle(grant, client, name, opened.access()));
    return new TokenResponse(opened, grant.scope(), idToken);
  }

  private static void requireGrantType(ClientView client) {
    if (!client.holds(GrantType.AUTHORIZATION_CODE)) {
      throw OAuthProblem.of(
          OAuthError.UNAUTHORIZED_CLIENT, "The client may not use authorization codes.");
    }
  }

  // RFC 6749 §4.1.2: codes are short-lived.
  private static void requireFresh(Stage.Fulfilled fulfilled, Instant now) {
    if (now.isAfter(fulfilled.at().plus(AuthorizationGrant.CODE_LIFETIME))) {
      throw invalidGrant("the code has expired");
    }
  }

  private static void requireProof(TokenRequest.Code request, ClientView client, CodeGrant grant) {
    // RFC 6749 §4.1.3: the code was issued to this client,
    if (!grant.clientId().equals(client.id())) {
      throw invalidGrant("the code was issued to another client");
    }
    // and the redirect URI is the one of the authorization request, if that named one.
    if (!hasSameRedirectUri(request, grant)) {
      throw invalidGrant("redirect_uri is not the one of the authorization request");
    }
    requireVerifier(request, grant);
  }

  private static boolean hasSameRedirectUri(TokenRequest.Code request, CodeGrant grant) {
    return request
        .redirectUri()
        .map(uri -> uri.equals(grant.redirectUri()))
        .orElse(!grant.redirectUriGiven());
  }

  // RFC 7636 §4.6
  private static void requireVerifier(TokenRequest.Code request, CodeGrant grant) {
    var challenge = grant.codeChallenge();
    if (challenge == null && request.verifier().isEmpty()) {
      return;
    }
    if (challenge == null || request.verifier().isEmpty()) {
      throw OAuthProblem.of(
          OAuthError.INVALID_REQUEST,
          challenge == null
              ? "A code_verifier was sent without a code_challenge before."
              : "The code_verifier is missing.");
    }
    if (!Pkce.matches(request.verifier().get().reveal(), challenge)) {
      throw invalidGrant("the code verifier does not fit");
    }
  }

  private static void requireConsenter(CodeGrant grant) {
    if (!grant.consenter().mayGoOn()) {
      throw invalidGrant("the person who consented is signed out, locked or gone");
    }
  }

  /// RFC 6749 §4.1.2: a code used twice ends what the first use began, unless the very client
  /// repeats itself.
  private void endIfReplayed(
      Stage.Exchanged exchanged,
      TokenRequest.Code request,
      ClientView client,
      CodeGrant grant,
      Requester requester,
      Instant now)
      throws SQLException {
    boolean doubled =
        now.isBefore(exchanged.at().plus(DOUBLED))
            && grant.clientId().equals(client.id())
            && hasSameRedirectUri(request, grant)
            && isRightVerifier(request, grant);
    if (!doubled) {
      endMisusedSession.handleCode(
          exchanged.session(), new Presenter(requester.ipAddress(), requester.userAgent()));
    }
  }

  private static boolean isRightVerifier(TokenRequest.Code request, CodeGrant grant) {
    var challenge = grant.codeChallenge();
    return challenge == null
        ? request.verifier().isEmpty()
        : request.verifier().map(v -> Pkce.matches(v.reveal(), challenge)).orElse(false);
  }

  private static Duration wait(Instant now, Instant deadline) {
    var left = Duration.between(now, deadline);
    return left.compareTo(Duration.ofSeconds(2)) > 0 ? Duration.ofSeconds(2) : left;
  }

  private static OAuthProblem invalidGrant(String detail) {
    return OAuthProblem.of(
        OAuthError.INVALID_GRANT, "The authorization code is not valid.", detail);
  }
}
