package latchkey.domain.grant;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import latchkey.domain.user.UserView;

/// A legacy client's way through the browser, as the holder of its login token meets it.
///
/// @param fulfilledAt when its user said yes, and the token was made
/// @param exchanged whether the token was used
/// @param user who said yes, as they are now
public record CompatSsoLogin(
    UUID id,
    Instant fulfilledAt,
    boolean exchanged,
    UUID browserSession,
    boolean browserSessionFinished,
    UserView user) {
  /// How long a person may take to sign in and say yes.
  static final Duration PENDING_LIFETIME = Duration.ofMinutes(30);

  private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(30);

  public boolean isFresh(Instant now) {
    return !now.isAfter(fulfilledAt.plus(TOKEN_LIFETIME));
  }
}
