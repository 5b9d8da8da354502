package latchkey.domain.upstream;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.util.Map;
import latchkey.base.crypto.MacSignature;
import latchkey.base.crypto.PublicKeys;
import latchkey.base.crypto.Secret;
import latchkey.domain.upstream.ProviderProblem.Kind;
import org.jspecify.annotations.Nullable;

/// Whether a JWT is a provider's (RFC 7515 §5.2): signed with the algorithm that is configured and
/// no other, and with a key of the set that the provider publishes, whatever keys the JWT brings
/// along.
@Singleton
class CheckSignature {
  private final ProviderWatch watch;

  CheckSignature(ProviderWatch watch) {
    this.watch = watch;
  }

  /// What it says.
  ///
  /// @param what in the words of whoever reads a log
  /// @throws ProviderProblem if it cannot be believed, or its keys cannot be had
  Map<String, @Nullable Object> handle(
      ProviderConfig provider, String algorithm, String jwt, String what) {
    var jws = parsed(provider, jwt, what);
    var header = jws.getHeader();
    if (!header.getAlgorithm().getName().equals(algorithm)) {
      throw untrusted(
          provider,
          "%s is signed with %s; the configuration says %s"
              .formatted(what, ProviderMetadata.cut(header.getAlgorithm().getName()), algorithm));
    }
    if (header.getCriticalParams() != null) {
      throw untrusted(provider, what + " demands to be read in a way we do not know (crit)");
    }
    if (!isSigned(provider, jws, algorithm)) {
      throw untrusted(
          provider,
          algorithm.startsWith("HS")
              ? "the signature of %s does not fit client_secret".formatted(what)
              : "the signature of %s fits none of its keys".formatted(what));
    }
    return PlainJson.read(jws.getPayload().toString())
        .orElseThrow(() -> untrusted(provider, what + " holds no claims"));
  }

  private static JWSObject parsed(ProviderConfig provider, String jwt, String what) {
    try {
      return JWSObject.parse(jwt);
    } catch (ParseException e) {
      // Its message may quote the token. An unsigned one ends here too.
      throw untrusted(provider, what + " is no signed JWT");
    }
  }

  private boolean isSigned(ProviderConfig provider, JWSObject jws, String algorithm) {
    if (algorithm.startsWith("HS")) {
      return provider
          .credentials()
          .secret()
          .map(Secret::bytes)
          .filter(secret -> MacSignature.verifies(jws, secret))
          .isPresent();
    }
    // Where keys have no names, only trying tells that there are new ones.
    var keys = watch.keys(provider, known -> verifies(jws, known));
    return verifies(jws, keys);
  }

  private static boolean verifies(JWSObject jws, JWKSet keys) {
    return PublicKeys.fitting(keys, jws.getHeader()).stream().anyMatch(key -> verifies(jws, key));
  }

  private static boolean verifies(JWSObject jws, JWK key) {
    try {
      return key instanceof OctetKeyPair edwards
          ? verifiesOnEdwardsCurve(jws, edwards)
          : PublicKeys.verifies(jws, key);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// RFC 8037 §3.1. By the JDK: Nimbus has no Ed448, and wants Tink for the other.
  private static boolean verifiesOnEdwardsCurve(JWSObject jws, OctetKeyPair key)
      throws GeneralSecurityException {
    var curve = key.getCurve().getName();
    var wanted = jws.getHeader().getAlgorithm().getName();
    boolean fits = wanted.equals("EdDSA") || wanted.equals(curve);
    if (!fits || !(curve.equals("Ed25519") || curve.equals("Ed448"))) {
      return false;
    }
    var signature = Signature.getInstance(curve);
    var spec = new EdECPublicKeySpec(new NamedParameterSpec(curve), point(key.getDecodedX()));
    signature.initVerify(KeyFactory.getInstance(curve).generatePublic(spec));
    signature.update(jws.getSigningInput());
    return signature.verify(jws.getSignature().decode());
  }

  /// RFC 8032 §5.1.2: y, least byte first, with the sign of x in the highest bit.
  private static EdECPoint point(byte[] encoded) {
    var bytes = new byte[encoded.length];
    for (int i = 0; i < encoded.length; i++) {
      bytes[i] = encoded[encoded.length - 1 - i];
    }
    boolean isOdd = bytes.length > 0 && (bytes[0] & 0x80) != 0;
    if (bytes.length > 0) {
      bytes[0] &= 0x7f;
    }
    return new EdECPoint(isOdd, new BigInteger(1, bytes));
  }

  static ProviderProblem untrusted(ProviderConfig provider, String reason) {
    return new ProviderProblem(provider, new Kind.Untrusted(reason));
  }
}
