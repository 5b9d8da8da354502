package latchkey.base.crypto;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.bc.BouncyCastleProviderSingleton;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.List;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.jspecify.annotations.Nullable;

/// A private key that signs, with the id it is published under.
public final class SigningKey {
  private static final int MIN_RSA_BITS = 2048;
  private static final String EXPECTED = "an RSA, P-256, P-384 or secp256k1 key is expected";
  private static final List<JWSAlgorithm> RSA =
      List.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512);

  private final JWK published;
  private final String thumbprint;
  private final List<JWSAlgorithm> algorithms;
  private final JWSSigner signer;

  private SigningKey(JWK key, List<JWSAlgorithm> algorithms, JWSSigner signer)
      throws JOSEException {
    this.published = key.toPublicJWK();
    this.thumbprint = key.computeThumbprint().toString();
    this.algorithms = algorithms;
    this.signer = signer;
  }

  /// @param kid the id to publish it under; null for its RFC 7638 thumbprint
  /// @throws PrivateKeys.Unreadable if a key of this kind cannot sign here
  public static SigningKey of(@Nullable String kid, PrivateKey key) throws PrivateKeys.Unreadable {
    try {
      return switch (key) {
        // One restricted to PSS calls itself RSASSA-PSS, and must not sign otherwise.
        case RSAPrivateCrtKey rsa when rsa.getAlgorithm().equals("RSA") -> rsa(kid, rsa);
        case ECPrivateKey ec -> elliptic(kid, ec);
        default -> throw refused(key.getAlgorithm());
      };
    } catch (JOSEException e) {
      throw new PrivateKeys.Unreadable("cannot be used to sign");
    }
  }

  private static SigningKey rsa(@Nullable String kid, RSAPrivateCrtKey key)
      throws JOSEException, PrivateKeys.Unreadable {
    int bits = key.getModulus().bitLength();
    if (bits < MIN_RSA_BITS) { // RFC 7518 §3.3
      throw new PrivateKeys.Unreadable(
          "is an RSA key of " + bits + " bits; at least " + MIN_RSA_BITS + " are expected");
    }
    var builder =
        new RSAKey.Builder(
                Base64URL.encode(key.getModulus()), Base64URL.encode(key.getPublicExponent()))
            .privateKey(key)
            .keyUse(KeyUse.SIGNATURE);
    var jwk = (kid == null ? builder.keyIDFromThumbprint() : builder.keyID(kid)).build();
    return new SigningKey(jwk, RSA, new RSASSASigner(jwk));
  }

  private static SigningKey elliptic(@Nullable String kid, ECPrivateKey key)
      throws JOSEException, PrivateKeys.Unreadable {
    var curve = Curve.forECParameterSpec(key.getParams());
    var algorithm = curve == null ? null : algorithm(curve);
    if (algorithm == null) {
      throw refused(curve == null ? "EC" : curve.getName());
    }
    // Not every encoding carries the public half: it is the private one times the generator.
    var generator = ECNamedCurveTable.getParameterSpec(curve.getStdName()).getG();
    var point = generator.multiply(key.getS()).normalize();
    int bits = key.getParams().getCurve().getField().getFieldSize();
    var builder =
        new ECKey.Builder(
                curve,
                ECKey.encodeCoordinate(bits, point.getAffineXCoord().toBigInteger()),
                ECKey.encodeCoordinate(bits, point.getAffineYCoord().toBigInteger()))
            .d(ECKey.encodeCoordinate(bits, key.getS()))
            .keyUse(KeyUse.SIGNATURE);
    var jwk = (kid == null ? builder.keyIDFromThumbprint() : builder.keyID(kid)).build();
    return new SigningKey(jwk, List.of(algorithm), signer(jwk));
  }

  private static JWSSigner signer(ECKey jwk) throws JOSEException {
    if (!jwk.getCurve().equals(Curve.SECP256K1)) {
      return new ECDSASigner(jwk);
    }
    // The JDK knows this curve no more.
    var provider = BouncyCastleProviderSingleton.getInstance();
    var signer = new ECDSASigner(jwk.toECPrivateKey(provider), Curve.SECP256K1);
    signer.getJCAContext().setProvider(provider);
    return signer;
  }

  private static @Nullable JWSAlgorithm algorithm(Curve curve) {
    if (curve.equals(Curve.P_256)) {
      return JWSAlgorithm.ES256;
    } else if (curve.equals(Curve.P_384)) {
      return JWSAlgorithm.ES384;
    }
    return curve.equals(Curve.SECP256K1) ? JWSAlgorithm.ES256K : null;
  }

  private static PrivateKeys.Unreadable refused(String kind) {
    return new PrivateKeys.Unreadable("is of the kind " + kind + "; " + EXPECTED);
  }

  public String kid() {
    return published.getKeyID();
  }

  /// Of its public half (RFC 7638), whatever id it is published under.
  public String thumbprint() {
    return thumbprint;
  }

  /// Whether a verifier that looks for this key by its id could take the other one for it.
  public boolean isConfusedWith(SigningKey other) {
    return kid().equals(other.kid())
        && !thumbprint.equals(other.thumbprint)
        && algorithms.equals(other.algorithms);
  }

  /// The same key, published under the same id.
  boolean isTwinOf(SigningKey other) {
    return kid().equals(other.kid()) && thumbprint.equals(other.thumbprint);
  }

  List<JWSAlgorithm> algorithms() {
    return algorithms;
  }

  JWSSigner signer() {
    return signer;
  }

  JWSVerifier verifier() throws JOSEException {
    return switch (published) {
      case RSAKey rsa -> new RSASSAVerifier(rsa);
      case ECKey ec when ec.getCurve().equals(Curve.SECP256K1) -> {
        var provider = BouncyCastleProviderSingleton.getInstance();
        var verifier = new ECDSAVerifier(ec.toECPublicKey(provider));
        verifier.getJCAContext().setProvider(provider);
        yield verifier;
      }
      case ECKey ec -> new ECDSAVerifier(ec);
      default -> throw new JOSEException("not a key for signing");
    };
  }

  /// Its public half.
  JWK published() {
    return published;
  }

  @Override
  public String toString() {
    return "SigningKey[" + kid() + "]";
  }
}
