package latchkey.world;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import latchkey.world.FakeUpstream.Endpoint;
import org.jspecify.annotations.Nullable;

/// Whether the client of a [FakeUpstream] proves itself in the one way that is demanded.
final class UpstreamClientCheck {
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final String APPLE = "https://appleid.apple.com";
  private static final long HALF_A_YEAR = 15_777_000;

  /// @param publicKey as JWK
  record Apple(String teamId, String keyId, String publicKey) {}

  private final FakeUpstream provider;
  private final Set<String> assertionIds = ConcurrentHashMap.newKeySet();
  volatile String method = "client_secret_basic";
  volatile String secret = FakeUpstream.CLIENT_SECRET;
  volatile String jwks = "{\"keys\":[]}";
  volatile @Nullable Apple apple;

  UpstreamClientCheck(FakeUpstream provider) {
    this.provider = provider;
  }

  void reset() {
    method = "client_secret_basic";
    secret = FakeUpstream.CLIENT_SECRET;
    jwks = "{\"keys\":[]}";
    apple = null;
    assertionIds.clear();
  }

  /// Why not; empty if it does.
  ///
  /// @param authorization the header; empty if there is none
  String complaint(String authorization, Map<String, String> form) {
    if (!method.equals("client_secret_basic") && !authorization.isEmpty()) {
      return "an Authorization header was not asked for";
    }
    if (!method.endsWith("_jwt") && form.containsKey("client_assertion")) {
      return "an assertion was not asked for";
    }
    boolean sendsSecret = method.equals("client_secret_post") || apple != null;
    if (!sendsSecret && form.containsKey("client_secret")) {
      return "a secret does not belong into the form";
    }
    try {
      return switch (method) {
        case "none" -> sameClient(form.getOrDefault("client_id", ""));
        case "client_secret_basic" -> basic(authorization);
        case "client_secret_post" ->
            form.getOrDefault("client_secret", "").equals(secret)
                ? sameClient(form.getOrDefault("client_id", ""))
                : "wrong secret";
        case "client_secret_jwt", "private_key_jwt" -> assertion(form);
        case "sign_in_with_apple" -> apple(form);
        default -> throw new IllegalStateException(method);
      };
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      return "not to be read: " + e.getMessage();
    }
  }

  private static String sameClient(String clientId) {
    return clientId.equals(FakeUpstream.CLIENT_ID) ? "" : "unknown client " + clientId;
  }

  /// RFC 6749 §2.3.1: both are form-encoded first.
  private String basic(String authorization) {
    if (!authorization.startsWith("Basic ")) {
      return "no Basic authorization";
    }
    var pair =
        new String(
            Base64.getDecoder().decode(authorization.substring("Basic ".length())),
            StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    if (colon < 0 || !decoded(pair.substring(colon + 1)).equals(secret)) {
      return "wrong secret";
    }
    return sameClient(decoded(pair.substring(0, colon)));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /// RFC 7523 §3, OpenID Connect Core 9.
  private String assertion(Map<String, String> form) throws ParseException, JOSEException {
    if (!ASSERTION_TYPE.equals(form.get("client_assertion_type"))) {
      return "no assertion";
    }
    var jwt = SignedJWT.parse(form.getOrDefault("client_assertion", ""));
    if (!jwt.verify(verifier(jwt))) {
      return "the signature of the assertion is wrong";
    }
    var claims = jwt.getJWTClaimsSet();
    var audience = claims.getAudience();
    if (!FakeUpstream.CLIENT_ID.equals(claims.getIssuer())
        || !FakeUpstream.CLIENT_ID.equals(claims.getSubject())) {
      return "iss and sub have to be the client";
    }
    if (!audience.contains(provider.url(Endpoint.TOKEN)) && !audience.contains(provider.issuer())) {
      return "aud is neither the token endpoint nor the issuer";
    }
    return lifetime(jwt, 3600) + once(claims.getJWTID());
  }

  private String once(@Nullable String id) {
    return id != null && assertionIds.add(id) ? "" : "jti is missing, or not new";
  }

  private String lifetime(SignedJWT jwt, long atMost) throws ParseException {
    var expires = jwt.getJWTClaimsSet().getExpirationTime();
    if (expires == null) {
      return "exp is missing";
    }
    long left = expires.toInstant().getEpochSecond() - provider.now().getEpochSecond();
    return left > 0 && left <= atMost ? "" : "exp is %d s away".formatted(left);
  }

  private JWSVerifier verifier(SignedJWT jwt) throws ParseException, JOSEException {
    if (method.equals("client_secret_jwt")) {
      return new MACVerifier(secret.getBytes(StandardCharsets.UTF_8));
    }
    var key = JWKSet.parse(jwks).getKeyByKeyId(jwt.getHeader().getKeyID());
    if (key == null) {
      throw new JOSEException("unknown key " + jwt.getHeader().getKeyID());
    }
    return key instanceof ECKey ec ? new ECDSAVerifier(ec) : new RSASSAVerifier(key.toRSAKey());
  }

  /// Apple, "Creating a client secret".
  private String apple(Map<String, String> form) throws ParseException, JOSEException {
    var expected = Objects.requireNonNull(apple);
    var jwt = SignedJWT.parse(form.getOrDefault("client_secret", ""));
    if (!expected.keyId().equals(jwt.getHeader().getKeyID())
        || !"ES256".equals(jwt.getHeader().getAlgorithm().getName())
        || !jwt.verify(new ECDSAVerifier(ECKey.parse(expected.publicKey())))) {
      return "the client secret is not signed by the key";
    }
    var claims = jwt.getJWTClaimsSet();
    if (!expected.teamId().equals(claims.getIssuer())
        || !FakeUpstream.CLIENT_ID.equals(claims.getSubject())
        || !claims.getAudience().contains(APPLE)) {
      return "iss, sub or aud of the client secret is wrong";
    }
    return lifetime(jwt, HALF_A_YEAR) + sameClient(form.getOrDefault("client_id", ""));
  }
}
