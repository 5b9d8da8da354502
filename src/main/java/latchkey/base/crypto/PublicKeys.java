package latchkey.base.crypto;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.bc.BouncyCastleProviderSingleton;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which keys of a set a signature may be of (RFC 7515 appendix D), and whether it is of one.
public final class PublicKeys {
  private PublicKeys() {}

  /// Those of the right type for signing, that are not said to be for another algorithm, and not
  /// called otherwise. A shared secret in a published set is never one.
  public static List<JWK> fitting(JWKSet keys, JWSHeader header) {
    var type = KeyType.forAlgorithm(header.getAlgorithm());
    return keys.getKeys().stream()
        .filter(AsymmetricJWK.class::isInstance)
        .filter(key -> key.getKeyType().equals(type))
        .filter(key -> key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
        .filter(key -> fits(key.getAlgorithm(), header.getAlgorithm()))
        .filter(key -> fits(key.getKeyID(), header.getKeyID()))
        .toList();
  }

  /// Whether a signature is of this key, an RSA key or one of an elliptic curve: it is of no other,
  /// and of none that does not fit its algorithm.
  public static boolean verifies(JWSObject jws, JWK key) {
    try {
      var factory = new DefaultJWSVerifierFactory();
      // The JDK knows no secp256k1.
      factory.getJCAContext().setProvider(BouncyCastleProviderSingleton.getInstance());
      return jws.verify(factory.createJWSVerifier(jws.getHeader(), publicKey(key)));
    } catch (JOSEException e) {
      return false;
    }
  }

  private static Key publicKey(JWK key) throws JOSEException {
    return switch (key) {
      case ECKey ec -> ec.toECPublicKey(BouncyCastleProviderSingleton.getInstance());
      case RSAKey rsa -> rsa.toRSAPublicKey();
      default -> throw new JOSEException("not a key for signing");
    };
  }

  /// What one of them does not say excludes nothing.
  private static boolean fits(@Nullable Object one, @Nullable Object other) {
    return one == null || other == null || one.equals(other);
  }
}
