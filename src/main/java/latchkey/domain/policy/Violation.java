package latchkey.domain.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a policy says no.
///
/// @param message for the log and as a fall-back on pages
/// @param code one of the codes of `policy.md` 4, if the rule has one
/// @param redirectUri the redirect URI a rule about registration objects to
/// @param needToRemove how many sessions have to go first, with `too-many-sessions`
/// @param isFinal asking again without a new grant will not help
/// @param field of the form it is about, such as `username`
public record Violation(
    String message,
    @Nullable String code,
    @Nullable String redirectUri,
    @Nullable Long needToRemove,
    boolean isFinal,
    @Nullable String field) {
  Violation(
      String message,
      @Nullable String code,
      @Nullable String redirectUri,
      @Nullable Long needToRemove,
      boolean isFinal) {
    this(message, code, redirectUri, needToRemove, isFinal, null);
  }

  private static final String TOO_MANY_SESSIONS = "too-many-sessions";

  /// How many sessions have to go, if that is all there is to it; 0 if there is more.
  public static long sessionsToRemove(List<Violation> violations) {
    if (violations.size() != 1 || !TOO_MANY_SESSIONS.equals(violations.getFirst().code())) {
      return 0;
    }
    var wanted = violations.getFirst().needToRemove();
    return wanted == null ? 1 : Math.max(1, wanted);
  }
}
