package latchkey.world;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The keys of a [FakeUpstream], and what it signs with them.
final class UpstreamSigner {
  private record Keys(RSAKey rsa, ECKey ec) {
    static Keys fresh() {
      try {
        return new Keys(
            new RSAKeyGenerator(2048)
                .keyID(UUID.randomUUID().toString())
                .keyUse(KeyUse.SIGNATURE)
                .generate(),
            new ECKeyGenerator(Curve.P_256)
                .keyID(UUID.randomUUID().toString())
                .keyUse(KeyUse.SIGNATURE)
                .generate());
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
    }

    JWK of(JWSAlgorithm algorithm) {
      return JWSAlgorithm.Family.EC.contains(algorithm) ? ec : rsa;
    }
  }

  private final FakeUpstream provider;
  volatile String algorithm = "RS256";
  volatile FakeUpstream.Signature signature = FakeUpstream.Signature.PROPER;
  private volatile Keys keys = Keys.fresh();

  UpstreamSigner(FakeUpstream provider) {
    this.provider = provider;
  }

  void rotate() {
    keys = Keys.fresh();
  }

  void reset() {
    algorithm = "RS256";
    signature = FakeUpstream.Signature.PROPER;
  }

  String random() {
    return UUID.randomUUID().toString();
  }

  List<Map<String, Object>> publicKeys() {
    return new ArrayList<>(
        List.of(keys.rsa().toPublicJWK().toJSONObject(), keys.ec().toPublicJWK().toJSONObject()));
  }

  /// @param nonce left out if empty
  /// @param accessToken whose hash it carries, unless empty
  String idToken(String subject, String nonce, String accessToken) {
    long now = provider.now().getEpochSecond();
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", provider.issuer());
    claims.put("aud", FakeUpstream.CLIENT_ID);
    claims.put("iat", now);
    claims.put("exp", now + 300);
    claims.put("auth_time", now - 5);
    claims.put("sid", provider.sid(subject));
    if (!nonce.isEmpty()) {
      claims.put("nonce", nonce);
    }
    if (!accessToken.isEmpty()) {
      claims.put("at_hash", hash(accessToken));
    }
    claims.putAll(provider.claimsOf(subject));
    claims.put("sub", subject);
    provider.idTokenChange.accept(claims);
    return sign("JWT", claims);
  }

  String sign(String type, Map<String, Object> claims) {
    return sign(type, claims, algorithm);
  }

  String sign(String type, Map<String, Object> claims, String algorithmName) {
    var payload = FakeUpstream.json(claims);
    try {
      var alg = JWSAlgorithm.parse(algorithmName);
      return switch (signature) {
        case PROPER -> signed(type, payload, alg, keys);
        case NONE -> "%s.%s.".formatted(encode("{\"alg\":\"none\"}"), encode(payload));
        case FORGED -> forged(type, payload, alg, false);
        case EMBEDDED -> forged(type, payload, alg, true);
        case PUBLIC_KEY_AS_SECRET -> {
          var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(keys.rsa().getKeyID());
          var secret = keys.rsa().toRSAPublicKey().getEncoded();
          yield finished(header.build(), payload, new MACSigner(secret));
        }
      };
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String signed(String type, String payload, JWSAlgorithm alg, Keys with)
      throws JOSEException {
    var header = new JWSHeader.Builder(alg).type(new JOSEObjectType(type));
    if (JWSAlgorithm.Family.HMAC_SHA.contains(alg)) {
      var secret = provider.clientCheck.secret.getBytes(StandardCharsets.UTF_8);
      return finished(header.build(), payload, new MACSigner(secret));
    }
    return finished(header.keyID(keys.of(alg).getKeyID()).build(), payload, signer(with.of(alg)));
  }

  private String forged(String type, String payload, JWSAlgorithm alg, boolean bringsKey)
      throws JOSEException {
    var other = Keys.fresh();
    if (!bringsKey) {
      return signed(type, payload, alg, other);
    }
    var header =
        new JWSHeader.Builder(alg)
            .type(new JOSEObjectType(type))
            .keyID(other.of(alg).getKeyID())
            .jwk(other.of(alg).toPublicJWK());
    return finished(header.build(), payload, signer(other.of(alg)));
  }

  private static JWSSigner signer(JWK key) throws JOSEException {
    return key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner(key.toRSAKey());
  }

  private static String finished(JWSHeader header, String payload, JWSSigner signer)
      throws JOSEException {
    var jws = new JWSObject(header, new Payload(payload));
    jws.sign(signer);
    return jws.serialize();
  }

  private static String encode(String text) {
    return Base64URL.encode(text).toString();
  }

  /// OpenID Connect Core 3.1.3.6; of algorithms with SHA-256.
  private static String hash(String accessToken) {
    var digest = sha256(accessToken);
    return Base64URL.encode(Arrays.copyOf(digest, digest.length / 2)).toString();
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
