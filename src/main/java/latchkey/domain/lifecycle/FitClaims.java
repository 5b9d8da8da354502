package latchkey.domain.lifecycle;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import latchkey.domain.policy.Policies;
import latchkey.domain.user.Users;

/// What of a provider's claims an account can take.
@Singleton
public class FitClaims {
  /// As much as there is room for in a mail envelope (RFC 5321 §4.5.3.1.3).
  private static final int LONGEST_ADDRESS = 254;

  /// In bytes of UTF-8: what a homeserver takes.
  public static final int LONGEST_DISPLAY_NAME = 255;

  private static final Pattern ADDRESS = Pattern.compile("[^@\\s\\p{C}]+@[^@\\s\\p{C}]+");

  private final Policies policies;
  private final Users users;

  FitClaims(Policies policies, Users users) {
    this.policies = policies;
    this.users = users;
  }

  /// Whether a user could have registered with this address: `policies/register` is asked.
  boolean isFitAddress(UUID user, String address) {
    if (!isAddress(address)) {
      return false;
    }
    var name = users.find(user).orElseThrow().username();
    var wish = new Policies.Registration("upstream-oauth2", name, address);
    return policies.register(wish, new Policies.Requester(null, null)).stream()
        .noneMatch(violation -> "email".equals(violation.field()));
  }

  /// Whether it is an e-mail address at all.
  public static boolean isAddress(String text) {
    return text.length() <= LONGEST_ADDRESS && ADDRESS.matcher(text).matches();
  }

  /// As much of a name as a homeserver takes.
  public static String displayName(String name) {
    var text = new StringBuilder();
    int bytes = 0;
    for (int point : name.codePoints().toArray()) {
      bytes += Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > LONGEST_DISPLAY_NAME) {
        break;
      }
      text.appendCodePoint(point);
    }
    return text.toString();
  }
}
