package latchkey.domain.token;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import latchkey.base.crypto.Hkdf;
import org.jspecify.annotations.Nullable;

/// A key that tokens are computed with.
///
/// @param id 1 to 65535, part of every token
/// @param secret empty for a withdrawn key whose secret nobody has any more
/// @param mintFrom from when on it makes new tokens; null means from the start
/// @param withdrawn its tokens are dead
public record TokenKey(int id, byte[] secret, @Nullable Instant mintFrom, boolean withdrawn) {
  public static final int MAX_ID = 0xffff;
  static final int DERIVED_ID = 1;

  public TokenKey {
    if (id < 1 || id > MAX_ID) {
      throw new IllegalArgumentException("a token key's id is 1 to " + MAX_ID);
    }
    secret = secret.clone();
  }

  /// The key of a server that configures none: derived from `secrets.encryption`.
  public static TokenKey derived(byte[] encryption) {
    return new TokenKey(DERIVED_ID, Hkdf.derive(encryption, "latchkey token key", 32), null, false);
  }

  boolean hasSecret() {
    return secret.length > 0;
  }

  byte[] aesSivKey() {
    return Hkdf.derive(secret, "latchkey token AES-SIV " + id, 64);
  }

  /// Eight bytes that tell whether a key of this id is the one meant, and nothing else about it;
  /// zeros if nobody has the secret.
  public byte[] checkValue() {
    if (!hasSecret()) {
      return new byte[8];
    }
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(Hkdf.derive(secret, "latchkey token key check", 32), "HmacSHA256"));
      return Arrays.copyOf(mac.doFinal(new byte[] {(byte) (id >> 8), (byte) id}), 8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenKey(int otherId, var otherSecret, var otherStart, var otherEnd)
        && id == otherId
        && MessageDigest.isEqual(secret, otherSecret)
        && Objects.equals(mintFrom, otherStart)
        && withdrawn == otherEnd;
  }

  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    return "TokenKey[" + id + "]";
  }
}
