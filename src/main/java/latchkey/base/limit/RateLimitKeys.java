package latchkey.base.limit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import latchkey.base.crypto.Hkdf;

/// Turns what is counted into the key of its row: 16 bytes of an HMAC, because every IPv4 address
/// and most names are found in a bare hash by trying them. Replicas agree, because they share
/// `secrets.encryption`; a new one starts every limit anew.
public final class RateLimitKeys {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int LENGTH = 16;

  private final SecretKeySpec key;

  /// @param encryption the bytes of `secrets.encryption`
  public RateLimitKeys(byte[] encryption) {
    this.key = new SecretKeySpec(Hkdf.derive(encryption, "latchkey rate limits", 32), ALGORITHM);
  }

  /// @param name of the limit
  /// @param subject who or what is counted; parts cannot run into one another
  byte[] of(String name, List<String> subject) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      update(mac, name);
      subject.forEach(part -> update(mac, part));
      return Arrays.copyOf(mac.doFinal(), LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }

  private static void update(Mac mac, String part) {
    var bytes = part.getBytes(StandardCharsets.UTF_8);
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    mac.update(bytes);
  }
}
