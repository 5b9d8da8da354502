package latchkey.base.crypto;

import com.nulabinc.zxcvbn.Zxcvbn;

/// How hard a password is to guess, by zxcvbn.
public final class PasswordStrength {
  /// Longer input adds time and nothing else.
  private static final int LIMIT = 256;

  private PasswordStrength() {}

  /// 0 (guessed at once) to 4 (hard to guess even offline).
  public static int score(Secret password) {
    var text = password.reveal();
    return new Zxcvbn().measure(text.length() > LIMIT ? text.substring(0, LIMIT) : text).getScore();
  }
}
