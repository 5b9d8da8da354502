package latchkey.domain.upstream;

import static latchkey.domain.upstream.CheckSignature.untrusted;

import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.domain.upstream.ProviderConnection.Answer;
import latchkey.domain.upstream.ProviderConnection.Step;
import latchkey.domain.upstream.ProviderConnection.Wanted;
import latchkey.domain.upstream.ProviderProblem.Kind;
import org.jspecify.annotations.Nullable;

/// Asks for userinfo, plain or signed (OpenID Connect Core §5.3).
@Singleton
class AskUserinfo {
  private static final String USERINFO = "its userinfo";

  private final ProviderConnection connection;
  private final CheckSignature signature;
  private final ProviderWatch watch;

  // RFC 6750 §3.1
  private static final int UNAUTHORIZED = 401;

  AskUserinfo(ProviderConnection connection, CheckSignature signature, ProviderWatch watch) {
    this.connection = connection;
    this.signature = signature;
    this.watch = watch;
  }

  /// Empty if it is not to be asked for.
  ///
  /// @param idToken the claims of the ID token, if there is one
  Optional<Map<String, @Nullable Object>> handle(
      ProviderConfig provider,
      Step step,
      Secret accessToken,
      Optional<Map<String, @Nullable Object>> idToken) {
    if (!provider.fetchUserinfo()) {
      return Optional.empty();
    }
    var endpoint =
        watch
            .knownOrAsked(provider)
            .userinfo()
            .orElseThrow(
                () ->
                    new ProviderProblem(
                        provider,
                        new Kind.Unavailable(
                            "fetch_userinfo is set, and its userinfo_endpoint is not known")));
    var claims = claims(provider, ask(provider, step, endpoint, accessToken));
    idToken.ifPresent(token -> requireSamePerson(provider, token, claims));
    return Optional.of(claims);
  }

  private Answer ask(ProviderConfig provider, Step step, URI endpoint, Secret accessToken) {
    var accept = provider.userinfoAlgorithm().isPresent() ? "application/jwt" : "application/json";
    try {
      var answer = connection.getAs(provider, step, endpoint, accept, accessToken);
      var words = "it answers " + answer.status();
      if (answer.isAway()) {
        throw ProviderConnection.outage(provider, Wanted.USERINFO, words);
      }
      if (answer.isServersFault() || answer.isTooMany()) {
        throw ProviderConnection.unavailable(provider, Wanted.USERINFO, words);
      }
      if (answer.status() == UNAUTHORIZED) {
        throw new ProviderProblem(
            provider, new Kind.Refused("invalid_token", "its userinfo endpoint does not take it"));
      }
      if (!answer.isSuccess()) {
        throw untrusted(provider, "its userinfo endpoint answers " + answer.status());
      }
      return answer;
    } catch (ProviderProblem problem) {
      watch.heard(problem, provider);
      throw problem;
    }
  }

  private Map<String, @Nullable Object> claims(ProviderConfig provider, Answer answer) {
    var algorithm = provider.userinfoAlgorithm();
    if (algorithm.isPresent()) {
      var claims = signature.handle(provider, algorithm.get(), answer.body().strip(), USERINFO);
      requireOfUs(provider, claims);
      return claims;
    }
    if (answer.type().equals("application/jwt")) {
      throw untrusted(
          provider,
          "its userinfo is signed; set userinfo_signed_response_alg to what it signs with");
    }
    return PlainJson.read(answer.body())
        .orElseThrow(() -> untrusted(provider, "its userinfo is no JSON object"));
  }

  // OpenID Connect Core §5.3.2: should be there
  private static void requireOfUs(ProviderConfig provider, Map<String, @Nullable Object> claims) {
    if (claims.get("iss") != null) {
      CheckIdToken.requireIssuer(provider, claims, USERINFO);
    }
    if (claims.get("aud") != null) {
      CheckIdToken.requireAudience(provider, claims, USERINFO);
    }
  }

  // OpenID Connect Core §5.3.4
  private static void requireSamePerson(
      ProviderConfig provider,
      Map<String, @Nullable Object> idToken,
      Map<String, @Nullable Object> userinfo) {
    var subject = idToken.get("sub");
    if (subject == null || !subject.equals(userinfo.get("sub"))) {
      throw untrusted(provider, "its userinfo is about somebody else than its ID token (sub)");
    }
  }
}
