package latchkey.domain.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.Secret;
import latchkey.base.oauth.StrictJson;
import latchkey.domain.upstream.ProviderConnection.Answer;
import latchkey.domain.upstream.ProviderConnection.Step;
import latchkey.domain.upstream.ProviderConnection.Wanted;
import latchkey.domain.upstream.ProviderProblem.Kind;
import org.jboss.logging.Logger;

/// Requests to token endpoints (RFC 6749 §4.1.3, §5, §6). A request is made once: a code that comes
/// twice is a stolen one.
@Singleton
class AskTokens {
  private static final Logger LOG = Logger.getLogger(AskTokens.class);

  /// In seconds: ten years, beyond which dates get strange.
  private static final long LONGEST_LIFETIME = 10L * 366 * 86_400;

  private final ProviderConnection connection;
  private final ProveClient proveClient;
  private final ProviderWatch watch;

  AskTokens(ProviderConnection connection, ProveClient proveClient, ProviderWatch watch) {
    this.connection = connection;
    this.proveClient = proveClient;
    this.watch = watch;
  }

  /// What was given.
  ///
  /// @param lifetime of the access token, if it is said
  record Tokens(
      Secret accessToken,
      Optional<Duration> lifetime,
      Optional<Secret> idToken,
      Optional<Secret> refreshToken) {}

  /// @throws ProviderProblem if nothing was given
  Tokens handle(ProviderConfig provider, Step step, Map<String, String> grant) {
    var endpoint =
        watch
            .knownOrAsked(provider)
            .token()
            .orElseThrow(
                () ->
                    new ProviderProblem(
                        provider, new Kind.Unavailable("its token_endpoint is not known")));
    var proof = proveClient.handle(provider, endpoint);
    var form = new LinkedHashMap<>(grant);
    form.putAll(proof.form());
    try {
      var answer = connection.post(provider, step, endpoint, proof.headers(), form);
      return understood(provider, answer);
    } catch (ProviderProblem problem) {
      watch.heard(problem, provider);
      tell(problem);
      throw problem;
    }
  }

  /// That it does not accept us is for an admin, whoever the person is.
  private static void tell(ProviderProblem problem) {
    if (problem.kind() instanceof Kind.Refused refused && refused.isAboutUs()) {
      LOG.errorf(
          "%s; nobody signs in through it until client_id, client_secret and"
              + " token_endpoint_auth_method are what it has registered",
          problem.getMessage());
    }
  }

  private static Tokens understood(ProviderConfig provider, Answer answer) {
    var json = StrictJson.object(answer.body());
    var words = "its token endpoint answers " + answer.status();
    if (answer.isAway()) {
      throw ProviderConnection.outage(provider, Wanted.TOKENS, words);
    }
    if (answer.isServersFault() || answer.isTooMany()) {
      throw ProviderConnection.unavailable(provider, Wanted.TOKENS, words);
    }
    // GitHub answers errors with 200.
    var error = json.flatMap(members -> text(members, "error"));
    if (error.isPresent()) {
      var description = json.flatMap(members -> text(members, "error_description")).orElse("");
      throw new ProviderProblem(provider, refused(error.get(), description));
    }
    if (!answer.isSuccess()) {
      throw answer.status() == 401
          ? new ProviderProblem(provider, new Kind.Refused("invalid_client", ""))
          : ProviderConnection.unavailable(provider, Wanted.TOKENS, words);
    }
    return json.flatMap(AskTokens::tokens)
        .orElseThrow(
            () ->
                CheckSignature.untrusted(
                    provider, "what its token endpoint says holds no access token"));
  }

  private static Optional<Tokens> tokens(ObjectNode json) {
    return text(json, "access_token")
        .map(
            token ->
                new Tokens(
                    Secret.of(token),
                    lifetime(json),
                    text(json, "id_token").map(Secret::of),
                    text(json, "refresh_token").map(Secret::of)));
  }

  // RFC 6749 §5.1; some write the number as text
  private static Optional<Duration> lifetime(ObjectNode json) {
    long seconds = json.path("expires_in").asLong(0);
    return seconds > 0
        ? Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST_LIFETIME)))
        : Optional.empty();
  }

  /// RFC 6749 §5.2 says of which characters a code is.
  static Kind.Refused refused(String error, String description) {
    var code = error.replaceAll("[^\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]", "?");
    return new Kind.Refused(ProviderMetadata.cut(code), ProviderMetadata.cut(description));
  }

  private static Optional<String> text(ObjectNode json, String name) {
    return json.path(name).isTextual() && !json.path(name).textValue().isEmpty()
        ? Optional.of(json.path(name).textValue())
        : Optional.empty();
  }
}
