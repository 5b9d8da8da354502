package latchkey.domain.upstream;

import jakarta.inject.Singleton;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import latchkey.base.oauth.Pkce;
import latchkey.domain.upstream.ProviderConfig.ResponseMode;
import latchkey.domain.upstream.ProviderProblem.Kind;

/// Sends a browser to a provider (OpenID Connect Core §3.1.2.1).
@Singleton
public class AskProvider {
  private final ProviderWatch watch;
  private final CallbackAddress callback;

  AskProvider(ProviderWatch watch, CallbackAddress callback) {
    this.watch = watch;
    this.callback = callback;
  }

  /// Where the browser goes. May ask for the provider's metadata: never within a transaction.
  ///
  /// @param extra appended after the standard parameters
  /// @param passedOn what of it `extra` says too is left out
  /// @throws ProviderProblem if it is not known where the provider asks people
  public URI handle(
      ProviderConfig provider,
      TripSecrets secrets,
      AuthorizationParameters.Sent extra,
      PassedOn passedOn) {
    var metadata = watch.require(provider);
    var endpoint =
        metadata
            .authorization()
            .orElseThrow(
                () ->
                    new ProviderProblem(
                        provider,
                        new Kind.Unavailable(
                            "its authorization_endpoint is not known; without discovery the"
                                + " configuration has to name it")));
    var parameters = standard(provider, secrets);
    if (sendsChallenge(provider, metadata)) {
      parameters.put("code_challenge", Pkce.challenge(secrets.verifier().reveal()));
      parameters.put("code_challenge_method", Pkce.S256);
    }
    addPassedOn(parameters, passedOn, metadata, extra.values().keySet());
    var query = ProviderConnection.encoded(parameters);
    if (!extra.values().isEmpty()) {
      query += "&" + ProviderConnection.encoded(extra.values());
    }
    // RFC 6749 §3.1: it may have a query of its own.
    return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + query);
  }

  private Map<String, String> standard(ProviderConfig provider, TripSecrets secrets) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("response_type", "code");
    parameters.put("client_id", provider.clientId());
    parameters.put("redirect_uri", callback.of(provider));
    parameters.put("scope", provider.scope());
    parameters.put("state", secrets.state().reveal());
    if (asksForIdToken(provider)) {
      parameters.put("nonce", secrets.nonce().reveal());
    }
    provider
        .responseMode()
        .map(AskProvider::spelt)
        .ifPresent(it -> parameters.put("response_mode", it));
    return parameters;
  }

  /// Whether it is OpenID Connect, and not OAuth alone.
  static boolean asksForIdToken(ProviderConfig provider) {
    return Set.of(provider.scope().split(" ")).contains("openid");
  }

  /// Whether the code of a trip is bound to its verifier (RFC 7636 §4.3).
  static boolean sendsChallenge(ProviderConfig provider, ProviderMetadata metadata) {
    return switch (provider.pkce()) {
      case AUTO -> metadata.offersS256();
      case ALWAYS -> true;
      case NEVER -> false;
    };
  }

  private static String spelt(ResponseMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private static void addPassedOn(
      Map<String, String> parameters,
      PassedOn passedOn,
      ProviderMetadata metadata,
      Set<String> said) {
    var more = new LinkedHashMap<String, String>();
    if (!passedOn.acrValues().isEmpty()) {
      more.put("acr_values", String.join(" ", passedOn.acrValues()));
    }
    passedOn.maxAge().ifPresent(age -> more.put("max_age", String.valueOf(age.toSeconds())));
    passedOn
        .prompt()
        .map(
            prompt ->
                Stream.of(prompt.split(" ", -1))
                    .filter(metadata::takesPrompt)
                    .collect(Collectors.joining(" ")))
        .filter(prompt -> !prompt.isEmpty())
        .ifPresent(prompt -> more.put("prompt", prompt));
    more.keySet().removeAll(said);
    parameters.putAll(more);
  }
}
