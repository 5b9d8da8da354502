package latchkey.base.crypto;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.bc.BouncyCastleProviderSingleton;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys that sign ID tokens (`secrets.keys`). Of the keys that fit an algorithm the last one
/// signs, so a key is rotated by appending another; the JWKS lists all of them.
public final class SigningKeys {
  private static final List<JWSAlgorithm> RSA =
      List.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512);

  /// A key as configured: PEM, with the id to publish it under, or none for its RFC 7638
  /// thumbprint.
  public record Source(String where, @Nullable String kid, Secret pem) {}

  /// A key that cannot be used, and why.
  public static final class UnusableKey extends Exception {
    UnusableKey(Source source, String reason) {
      super(source.where() + ": " + reason);
    }
  }

  private final List<JWK> keys;
  private final byte[] jwks;

  private SigningKeys(List<JWK> keys) {
    this.keys = keys;
    this.jwks =
        new JWKSet(keys.stream().map(JWK::toPublicJWK).toList())
            .toString(true)
            .getBytes(StandardCharsets.UTF_8);
  }

  public static SigningKeys load(List<Source> sources) throws UnusableKey {
    var keys = new ArrayList<JWK>();
    for (var source : sources) {
      keys.add(load(source));
    }
    return new SigningKeys(List.copyOf(keys));
  }

  /// The document `/oauth2/keys.json`, made once.
  public byte[] jwks() {
    return jwks.clone();
  }

  /// The algorithms there is a key for, in a stable order.
  public List<String> algorithms() {
    Set<String> offered = new LinkedHashSet<>();
    for (var key : keys) {
      algorithms(key).forEach(algorithm -> offered.add(algorithm.getName()));
    }
    return List.copyOf(offered);
  }

  /// A compact JWS of the claims, with nothing but `alg` and `kid` in its header.
  ///
  /// @throws IllegalArgumentException if no key fits the algorithm; see [#algorithms()]
  public String sign(String algorithm, Map<String, Object> claims) {
    var wanted = JWSAlgorithm.parse(algorithm);
    var key = lastFitting(wanted);
    try {
      var set = new JWTClaimsSet.Builder();
      claims.forEach(set::claim);
      var header = new JWSHeader.Builder(wanted).keyID(key.getKeyID()).build();
      var jwt = new SignedJWT(header, set.build());
      jwt.sign(signer(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("an ID token could not be signed", e);
    }
  }

  /// `at_hash` and its like: the left half of the hash that belongs to the algorithm (OpenID
  /// Connect Core §3.1.3.6).
  public static String leftHalfHash(String algorithm, String value) {
    var hash =
        algorithm.endsWith("512") ? "SHA-512" : algorithm.endsWith("384") ? "SHA-384" : "SHA-256";
    try {
      var digest =
          MessageDigest.getInstance(hash).digest(value.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(digest, digest.length / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + hash, e);
    }
  }

  private JWK lastFitting(JWSAlgorithm algorithm) {
    for (int i = keys.size() - 1; i >= 0; i--) {
      if (algorithms(keys.get(i)).contains(algorithm)) {
        return keys.get(i);
      }
    }
    throw new IllegalArgumentException("no key in secrets.keys fits " + algorithm);
  }

  private static List<JWSAlgorithm> algorithms(JWK key) {
    return switch (key) {
      case RSAKey _ -> RSA;
      case ECKey ec when ec.getCurve().equals(Curve.P_256) -> List.of(JWSAlgorithm.ES256);
      case ECKey ec when ec.getCurve().equals(Curve.P_384) -> List.of(JWSAlgorithm.ES384);
      case ECKey ec when ec.getCurve().equals(Curve.SECP256K1) -> List.of(JWSAlgorithm.ES256K);
      default -> List.of();
    };
  }

  private static JWSSigner signer(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> new RSASSASigner(rsa);
      case ECKey ec -> {
        var signer = new ECDSASigner(ec);
        if (ec.getCurve().equals(Curve.SECP256K1)) {
          signer.getJCAContext().setProvider(BouncyCastleProviderSingleton.getInstance());
        }
        yield signer;
      }
      default -> throw new JOSEException("not a key for signing");
    };
  }

  private static JWK load(Source source) throws UnusableKey {
    var key = parse(source);
    if (!key.isPrivate()) {
      throw new UnusableKey(source, "this is a public key; a private one is needed to sign");
    }
    if (algorithms(key).isEmpty()) {
      throw new UnusableKey(source, "use an RSA, P-256, P-384 or secp256k1 key");
    }
    try {
      var kid = source.kid() == null ? key.computeThumbprint().toString() : source.kid();
      return switch (key) {
        case RSAKey rsa -> new RSAKey.Builder(rsa).keyID(kid).keyUse(KeyUse.SIGNATURE).build();
        case ECKey ec -> new ECKey.Builder(ec).keyID(kid).keyUse(KeyUse.SIGNATURE).build();
        default -> throw new UnusableKey(source, "use an RSA or an elliptic curve key");
      };
    } catch (JOSEException e) {
      throw new UnusableKey(source, "its thumbprint cannot be computed");
    }
  }

  private static JWK parse(Source source) throws UnusableKey {
    try {
      var key = JWK.parseFromPEMEncodedObjects(source.pem().reveal());
      // Round trip: drops whatever the PEM held besides the key.
      return JWK.parse(key.toJSONObject());
    } catch (JOSEException | ParseException | RuntimeException e) {
      throw new UnusableKey(source, "this is no unencrypted PEM key (PKCS#1, PKCS#8 or SEC1)");
    }
  }
}
