package latchkey.domain.lifecycle;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.util.OptionalInt;
import java.util.UUID;
import latchkey.base.system.Ids;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.FinishReason;
import latchkey.domain.user.AppPasswordRepository;
import latchkey.domain.user.UserTurnRepository;

/// Takes an app password back, for good, and ends what was signed in with it unless its user wants
/// that to go on. A login with it that is under way either comes first and ends too, or is refused.
@Singleton
public class RevokeAppPassword {
  private final UserTurnRepository turns;
  private final AppPasswordRepository passwords;
  private final EndSession endSession;
  private final AuditEventRepository audit;
  private final Clock clock;

  RevokeAppPassword(
      UserTurnRepository turns,
      AppPasswordRepository passwords,
      EndSession endSession,
      AuditEventRepository audit,
      Clock clock) {
    this.turns = turns;
    this.passwords = passwords;
    this.endSession = endSession;
    this.audit = audit;
    this.clock = clock;
  }

  /// Answers how many sessions ended; nothing if there is no such app password of the user.
  @Transactional
  public OptionalInt handle(UUID user, UUID id, boolean endSessions) throws SQLException {
    turns.take(user);
    if (!passwords.revoke(user, id, clock.instant())) {
      return OptionalInt.empty();
    }
    int ended =
        endSessions ? endSession.handleAppPassword(id, FinishReason.APP_PASSWORD_REVOKED) : 0;
    audit.append(
        "app_password_revoked",
        user,
        null,
        null,
        new JsonObject().put("app_password_id", Ids.text(id)).put("sessions_ended", ended));
    return OptionalInt.of(ended);
  }
}
