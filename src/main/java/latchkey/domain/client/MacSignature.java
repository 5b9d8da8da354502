package latchkey.domain.client;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A signature with a shared secret (RFC 7518 §3.2). By the JDK: Nimbus refuses secrets of fewer
/// than 32 bytes, and configurations have them.
final class MacSignature {
  private MacSignature() {}

  static boolean verifies(SignedJWT jwt, byte[] secret) {
    var header = jwt.getHeader();
    if (secret.length == 0 || header.getCriticalParams() != null) {
      return false;
    }
    try {
      var name = name(header.getAlgorithm());
      var mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(secret, name));
      return MessageDigest.isEqual(mac.doFinal(jwt.getSigningInput()), jwt.getSignature().decode());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String name(JWSAlgorithm algorithm) {
    return algorithm.getName().replace("HS", "HmacSHA");
  }
}
