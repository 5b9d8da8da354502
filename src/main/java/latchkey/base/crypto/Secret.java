package latchkey.base.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A token, code, password or key on its way through the program. It prints nothing of itself and
/// compares in constant time.
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  public static Secret of(String value) {
    return new Secret(value);
  }

  /// The secret itself, for the wire, a hash or a cipher; never for a log or an exception.
  public String reveal() {
    return value;
  }

  public byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
  }

  /// Deliberately the same for all: a hash of a secret in a map must not tell secrets apart by
  /// timing.
  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
