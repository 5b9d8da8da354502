package latchkey.base.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// HKDF-SHA256 (RFC 5869): keys for one purpose each, out of one secret.
public final class Hkdf {
  private Hkdf() {}

  /// Extract (without salt), then expand.
  public static byte[] derive(byte[] secret, String info, int length) {
    return run(HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(bytes(info), length));
  }

  /// Expand only: `key` is taken for the pseudo-random key.
  public static byte[] expand(byte[] key, String info, int length) {
    return run(
        HKDFParameterSpec.expandOnly(new SecretKeySpec(key, "Generic"), bytes(info), length));
  }

  private static byte[] run(HKDFParameterSpec parameters) {
    try {
      return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java 25 has HKDF-SHA256", e);
    }
  }

  private static byte[] bytes(String info) {
    return info.getBytes(StandardCharsets.US_ASCII);
  }
}
