package latchkey.domain.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.MacSignature;
import latchkey.base.crypto.PrivateKeys;
import latchkey.base.crypto.Secret;
import latchkey.base.crypto.SigningKey;
import latchkey.base.crypto.SigningKeys;
import latchkey.base.system.Ids;
import latchkey.domain.upstream.ProviderProblem.Kind;

/// How we prove at a token endpoint who we are (RFC 6749 §2.3, OpenID Connect Core §9, Apple's
/// "Creating a client secret").
@Singleton
class ProveClient {
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final String APPLE = "https://appleid.apple.com";

  private final SigningKeys signingKeys;
  private final Clock clock;
  private final Ids ids;

  ProveClient(SigningKeys signingKeys, Clock clock, Ids ids) {
    this.signingKeys = signingKeys;
    this.clock = clock;
    this.ids = ids;
  }

  /// What goes along with a request.
  record Proof(Map<String, String> headers, Map<String, String> form) {
    @Override
    public String toString() {
      return "Proof[…]";
    }
  }

  /// @param endpoint the token endpoint
  Proof handle(ProviderConfig provider, URI endpoint) {
    var credentials = provider.credentials();
    var secret = credentials.secret().orElse(Secret.of(""));
    var algorithm = credentials.signingAlgorithm().orElse("");
    return switch (credentials.method()) {
      case NONE -> inForm(provider, Map.of());
      case CLIENT_SECRET_BASIC -> new Proof(basic(provider, secret), Map.of());
      case CLIENT_SECRET_POST -> inForm(provider, Map.of("client_secret", secret.reveal()));
      case CLIENT_SECRET_JWT ->
          assertion(
              provider,
              MacSignature.sign(algorithm, PlainJson.write(claims(provider, endpoint)), secret));
      case PRIVATE_KEY_JWT ->
          assertion(provider, signed(provider, algorithm, claims(provider, endpoint)));
      case SIGN_IN_WITH_APPLE -> inForm(provider, Map.of("client_secret", appleSecret(provider)));
    };
  }

  private static Proof inForm(ProviderConfig provider, Map<String, String> more) {
    var form = new LinkedHashMap<String, String>();
    form.put("client_id", provider.clientId());
    form.putAll(more);
    return new Proof(Map.of(), form);
  }

  // RFC 6749 §2.3.1: both are form-encoded first
  private static Map<String, String> basic(ProviderConfig provider, Secret secret) {
    var pair =
        ProviderConnection.encoded(provider.clientId())
            + ":"
            + ProviderConnection.encoded(secret.reveal());
    return Map.of(
        "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
  }

  // RFC 7523 §2.2
  private static Proof assertion(ProviderConfig provider, String jwt) {
    return inForm(
        provider, Map.of("client_assertion_type", ASSERTION_TYPE, "client_assertion", jwt));
  }

  // RFC 7523 §3
  private Map<String, Object> claims(ProviderConfig provider, URI endpoint) {
    var now = clock.instant();
    return Map.of(
        "iss",
        provider.clientId(),
        "sub",
        provider.clientId(),
        "aud",
        endpoint.toString(),
        "iat",
        now.getEpochSecond(),
        "exp",
        now.plus(LIFE).getEpochSecond(),
        "jti",
        Ids.text(ids.next(now)));
  }

  private String signed(ProviderConfig provider, String algorithm, Map<String, Object> claims) {
    if (!signingKeys.algorithms().contains(algorithm)) {
      throw new ProviderProblem(
          provider,
          new Kind.Unavailable(
              "token_endpoint_auth_signing_alg is "
                  + algorithm
                  + ", and none of secrets.keys can sign with it"));
    }
    return signingKeys.sign(algorithm, claims);
  }

  private String appleSecret(ProviderConfig provider) {
    var apple = provider.credentials().apple().orElseThrow();
    var now = clock.instant();
    try {
      var key = PrivateKeys.read(apple.privateKey().bytes(), Optional.empty());
      var keys = new SigningKeys(List.of(SigningKey.of(apple.keyId(), key)));
      return keys.sign(
          "ES256",
          Map.of(
              "iss", apple.teamId(),
              "sub", provider.clientId(),
              "aud", APPLE,
              "iat", now.getEpochSecond(),
              "exp", now.plus(LIFE).getEpochSecond()));
    } catch (PrivateKeys.Unreadable e) {
      throw unusable(provider, e.reason());
    } catch (IllegalArgumentException e) {
      throw unusable(provider, "is no key on the curve P-256");
    }
  }

  private static ProviderProblem unusable(ProviderConfig provider, String reason) {
    return new ProviderProblem(
        provider, new Kind.Unavailable("sign_in_with_apple.private_key " + reason));
  }
}
