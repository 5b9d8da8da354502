package latchkey.domain.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import latchkey.base.crypto.Hkdf;
import latchkey.base.crypto.Secret;

/// The secrets of trips to providers, which are derived and so stored nowhere: a dump of the
/// database helps nobody to finish somebody's trip. Replicas agree, because they share
/// `secrets.encryption`.
public final class Trips {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /// @param encryption the bytes of `secrets.encryption`
  public Trips(byte[] encryption) {
    this.key = new SecretKeySpec(Hkdf.derive(encryption, "latchkey upstream trip", 32), ALGORITHM);
  }

  /// Always the same of one trip; 43 characters each, of 256 bits.
  public TripSecrets secrets(UUID trip, UUID provider) {
    return new TripSecrets(
        derive("state", trip, provider),
        derive("nonce", trip, provider),
        derive("code verifier", trip, provider));
  }

  private Secret derive(String purpose, UUID trip, UUID provider) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(
          ByteBuffer.allocate(4 * Long.BYTES)
              .putLong(trip.getMostSignificantBits())
              .putLong(trip.getLeastSignificantBits())
              .putLong(provider.getMostSignificantBits())
              .putLong(provider.getLeastSignificantBits())
              .array());
      var derived = mac.doFinal(purpose.getBytes(StandardCharsets.US_ASCII));
      return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(derived));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }
}
