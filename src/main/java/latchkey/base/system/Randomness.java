package latchkey.base.system;

import jakarta.inject.Singleton;
import java.security.SecureRandom;

/// The one source of chance: the operating system's, through [SecureRandom]. Safe for concurrent
/// use.
@Singleton
public class Randomness {
  private static final String ALPHANUMERIC =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final SecureRandom random = new SecureRandom();

  /// `count` random bytes.
  public byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  public long nextLong() {
    return random.nextLong();
  }

  /// `length` uniform characters of `[0-9A-Za-z]`, 5.95 bits each.
  public String alphanumeric(int length) {
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHANUMERIC.charAt(random.nextInt(ALPHANUMERIC.length())));
    }
    return text.toString();
  }
}
