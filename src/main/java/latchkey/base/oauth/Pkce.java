package latchkey.base.oauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

/// Proof Key for Code Exchange (RFC 7636), method `S256`; `plain` is not accepted (RFC 9700
/// §2.1.1).
public final class Pkce {
  public static final String S256 = "S256";

  private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");
  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

  private Pkce() {}

  /// Whether a text can be an S256 challenge at all.
  public static boolean isChallenge(String text) {
    return CHALLENGE.matcher(text).matches();
  }

  /// The S256 challenge of a verifier.
  public static String challenge(String verifier) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Whether the verifier is well-formed and has this challenge. Constant time.
  public static boolean matches(String verifier, String challenge) {
    if (!VERIFIER.matcher(verifier).matches()) {
      return false;
    }
    return MessageDigest.isEqual(
        challenge(verifier).getBytes(StandardCharsets.US_ASCII),
        challenge.getBytes(StandardCharsets.UTF_8));
  }
}
