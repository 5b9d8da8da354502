package latchkey.base.crypto;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which keys of a set a signature may be of (RFC 7515 appendix D).
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

  /// What one of them does not say excludes nothing.
  private static boolean fits(@Nullable Object one, @Nullable Object other) {
    return one == null || other == null || one.equals(other);
  }
}
