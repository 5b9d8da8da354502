package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.domain.upstream.ProviderConnection.Step;
import latchkey.domain.upstream.ProviderProblem.Kind;
import org.jspecify.annotations.Nullable;

/// Asks a provider whether somebody who signed in there is still welcome, by their refresh token
/// (RFC 6749 §6), or by userinfo. Never within a transaction.
@Singleton
public class RevalidateIdentity {
  private final AskTokens askTokens;
  private final CheckIdToken checkIdToken;
  private final AskUserinfo askUserinfo;

  RevalidateIdentity(AskTokens askTokens, CheckIdToken checkIdToken, AskUserinfo askUserinfo) {
    this.askTokens = askTokens;
    this.checkIdToken = checkIdToken;
    this.askUserinfo = askUserinfo;
  }

  /// What it said.
  public sealed interface Outcome {
    /// @param identity what is true now; without ID token if none came. With another refresh token
    ///   the one before is void. Whoever asked compares the subject.
    record Still(Identity identity) implements Outcome {}

    /// `invalid_grant`, or `invalid_token` of userinfo: disabled, removed, or signed out there.
    record Gone(String reason) implements Outcome {}

    /// Nobody knows: the provider is down, or does not accept us.
    ///
    /// @param refreshToken the one before is void, and this one came in its place; if it got so far
    record Unknown(String reason, Optional<Secret> refreshToken) implements Outcome {}
  }

  public Outcome handle(ProviderConfig provider, Secret refreshToken) {
    var step = Step.inBackground();
    AskTokens.Tokens tokens;
    try {
      tokens =
          askTokens.handle(
              provider,
              step,
              Map.of("grant_type", "refresh_token", "refresh_token", refreshToken.reveal()));
    } catch (ProviderProblem problem) {
      return told(problem, "invalid_grant");
    }
    try {
      return new Outcome.Still(identity(provider, step, tokens));
    } catch (ProviderProblem problem) {
      return new Outcome.Unknown(String.valueOf(problem.getMessage()), tokens.refreshToken());
    }
  }

  /// The same with an access token of before, for a provider that gives no refresh tokens: whoever
  /// it is not good for any more is gone. What the rules would have to say to claims, nobody asks
  /// where there were those of an ID token too, of which there is none now.
  public Outcome byUserinfo(ProviderConfig provider, Secret accessToken) {
    try {
      var userinfo =
          askUserinfo.handle(provider, Step.inBackground(), accessToken, Optional.empty());
      if (userinfo.isEmpty()) {
        return new Outcome.Unknown("fetch_userinfo is not set any more", Optional.empty());
      }
      var claims =
          AskProvider.asksForIdToken(provider)
              ? Optional.<Map<String, @Nullable Object>>empty()
              : userinfo;
      return new Outcome.Still(
          Identity.of(
              new Claims(Optional.empty(), claims, Map.of()), Optional.empty(), Optional.empty()));
    } catch (ProviderProblem problem) {
      return told(problem, "invalid_token");
    }
  }

  /// @param code of the error that means gone; any other leaves it open
  private static Outcome told(ProviderProblem problem, String code) {
    var words = String.valueOf(problem.getMessage());
    return problem.kind() instanceof Kind.Refused(var error, _) && error.equals(code)
        ? new Outcome.Gone(words)
        : new Outcome.Unknown(words, Optional.empty());
  }

  // OpenID Connect Core §12.2
  private Identity identity(ProviderConfig provider, Step step, AskTokens.Tokens tokens) {
    var beside =
        new CheckIdToken.Beside(
            Optional.empty(), Optional.of(tokens.accessToken()), Optional.empty());
    var idToken = tokens.idToken().map(token -> checkIdToken.handle(provider, token, beside));
    var userinfo = askUserinfo.handle(provider, step, tokens.accessToken(), idToken);
    return Identity.of(
        new Claims(idToken, userinfo, Map.of()), tokens.idToken(), tokens.refreshToken());
  }
}
