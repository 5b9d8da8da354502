package latchkey.domain.token;

import java.time.Duration;
import java.time.Instant;
import latchkey.domain.session.SessionSnapshot;

/// The rotation table: what to do with a refresh token of one generation against a session at
/// another. Pure, so that it can be read, and tested, row by row.
final class GenerationRule {
  /// What the table says.
  enum Verdict {
    /// It is the current one: rotate.
    ROTATE,
    /// It is newer than the row, so the database lost a rotation: follow it.
    ADOPT,
    /// Its successor was given out already and may have been lost: give it again.
    REPEAT,
    /// An old copy from where the last rotation came from, and not long after it: let it come back
    /// and be judged when a copy that was only delayed has died.
    SETTLE,
    /// Somebody used the successor, and now somebody uses this: one of the two is a thief.
    REUSE
  }

  private final TokensConfig config;

  GenerationRule(TokensConfig config) {
    this.config = config;
  }

  /// @param presented the token's generation
  /// @param usedGeneration the newest generation known to be in use, from the row and from memory
  Verdict judge(
      SessionSnapshot session,
      long presented,
      long usedGeneration,
      Presenter presenter,
      Instant now) {
    long current = session.generation();
    if (presented == current) {
      return Verdict.ROTATE;
    } else if (presented > current) {
      return Verdict.ADOPT;
    }
    boolean successorInUse = usedGeneration >= current;
    // A clock that was set back does not make a rotation lie in the future.
    var since = Duration.between(session.issuedAt(), now);
    var elapsed = since.isNegative() ? Duration.ZERO : since;
    boolean inLeeway = elapsed.compareTo(config.leeway()) < 0;
    if (presented == current - 1 && (!successorInUse || inLeeway)) {
      return Verdict.REPEAT;
    }
    boolean settling = elapsed.compareTo(config.settling()) < 0;
    return settling && presenter.sharesNetworkWith(session.lastRotation().ipAddress())
        ? Verdict.SETTLE
        : Verdict.REUSE;
  }
}
