package latchkey.base.crypto;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A signature with a shared secret (RFC 7518 §3.2). By the JDK: Nimbus refuses secrets of fewer
/// than 32 bytes, and configurations have them.
public final class MacSignature {
  private MacSignature() {}

  /// Of a JWS with one of HS256, HS384 and HS512.
  public static boolean verifies(JWSObject jws, byte[] secret) {
    var header = jws.getHeader();
    if (secret.length == 0 || header.getCriticalParams() != null) {
      return false;
    }
    try {
      return MessageDigest.isEqual(
          of(header.getAlgorithm(), jws.getSigningInput(), secret), jws.getSignature().decode());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// @param algorithm HS256, HS384 or HS512
  private static byte[] of(JWSAlgorithm algorithm, byte[] input, byte[] secret)
      throws GeneralSecurityException {
    var name = name(algorithm);
    var mac = Mac.getInstance(name);
    mac.init(new SecretKeySpec(secret, name));
    return mac.doFinal(input);
  }

  /// A compact JWS of a text, with nothing but `alg` in its header.
  ///
  /// @param algorithm HS256, HS384 or HS512
  public static String sign(String algorithm, String payload, Secret secret) {
    var header = new JWSHeader(JWSAlgorithm.parse(algorithm));
    var input = header.toBase64URL() + "." + Base64URL.encode(payload);
    try {
      var mac =
          of(header.getAlgorithm(), input.getBytes(StandardCharsets.US_ASCII), secret.bytes());
      return input + "." + Base64URL.encode(mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no MAC is called " + algorithm, e);
    }
  }

  private static String name(JWSAlgorithm algorithm) {
    return algorithm.getName().replace("HS", "HmacSHA");
  }
}
