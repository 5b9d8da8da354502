package latchkey.domain.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jakarta.inject.Singleton;
import java.net.URI;
import java.security.interfaces.ECPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import latchkey.base.crypto.MacSignature;
import latchkey.base.crypto.PrivateKeys;
import latchkey.base.crypto.Secret;
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
      if (!(key instanceof ECPrivateKey elliptic)) {
        throw unusable(provider, "is no elliptic curve key");
      }
      var header =
          new JWSHeader.Builder(JWSAlgorithm.ES256)
              .type(JOSEObjectType.JWT)
              .keyID(apple.keyId())
              .build();
      var jwt = new SignedJWT(header, appleClaims(provider, apple.teamId(), now));
      jwt.sign(new ECDSASigner(elliptic));
      return jwt.serialize();
    } catch (PrivateKeys.Unreadable e) {
      throw unusable(provider, e.reason());
    } catch (JOSEException e) {
      throw unusable(provider, "cannot sign with ES256");
    }
  }

  private static JWTClaimsSet appleClaims(ProviderConfig provider, String team, Instant now) {
    return new JWTClaimsSet.Builder()
        .issuer(team)
        .subject(provider.clientId())
        .audience(APPLE)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(LIFE)))
        .build();
  }

  private static ProviderProblem unusable(ProviderConfig provider, String reason) {
    return new ProviderProblem(
        provider, new Kind.Unavailable("sign_in_with_apple.private_key " + reason));
  }
}
