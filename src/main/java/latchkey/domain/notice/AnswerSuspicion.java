package latchkey.domain.notice;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import latchkey.domain.audit.AuditEventRepository;
import latchkey.domain.session.EndSession;
import latchkey.domain.session.FinishReason;

/// The user says who it was: the session goes on, or ends. Either answer is kept.
@Singleton
public class AnswerSuspicion {
  private final IncidentRepository incidents;
  private final AuditEventRepository audit;
  private final EndSession endSession;
  private final Clock clock;

  AnswerSuspicion(
      IncidentRepository incidents,
      AuditEventRepository audit,
      EndSession endSession,
      Clock clock) {
    this.incidents = incidents;
    this.audit = audit;
    this.endSession = endSession;
    this.clock = clock;
  }

  /// @param incident of the user who answers
  @Transactional
  public void handle(Incident incident, boolean wasMe) throws SQLException {
    // "It was me" changes nothing when it is said again; somebody else it may have been after all.
    if (!incident.isQuestion() || (wasMe && incident.answered())) {
      return;
    }
    if (!wasMe) {
      endSession.handle(incident.session(), FinishReason.ENDED_BY_USER);
    }
    incidents.acknowledgeSuspicions(incident.user(), incident.session(), clock.instant());
    audit.append(
        wasMe ? "suspicion_dismissed" : "suspicion_confirmed",
        incident.user(),
        incident.client(),
        incident.session(),
        new JsonObject().put("event_id", incident.id().toString()));
  }
}
