package latchkey.domain.token;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import latchkey.domain.session.AuditEventRepository;
import latchkey.domain.session.SessionSnapshot;
import org.jboss.logging.Logger;

/// Tells what the token engine noticed: an audit event, a metric, a log line. The event's failure
/// is not the request's: what was decided stands.
@Singleton
class EngineEvents {
  private static final Logger LOG = Logger.getLogger("latchkey.token.engine");

  private final AuditEventRepository audit;
  private final MeterRegistry meters;

  EngineEvents(AuditEventRepository audit, MeterRegistry meters) {
    this.audit = audit;
    this.meters = meters;
  }

  /// A refresh token came back after its successor had been used; the session is ended.
  void reused(SessionSnapshot session, long presented, Presenter presenter) {
    tell("refresh_token_reused", session, presented, presenter);
  }

  /// A genuine token was newer than the row: the database has forgotten a rotation.
  void adopted(SessionSnapshot session, long presented, Presenter presenter) {
    tell("lost_rotation_adopted", session, presented, presenter);
  }

  /// Somebody in another place keeps asking for the same tokens.
  void suspected(SessionSnapshot session, Presenter presenter) {
    tell("refresh_suspicion", session, session.generation() - 1, presenter);
  }

  private void tell(String kind, SessionSnapshot session, long presented, Presenter presenter) {
    meters.counter("latchkey.token.events", "kind", kind).increment();
    LOG.warnf(
        "%s session=%s client=%s device=%s generation=%d presented=%d client.address=%s rotated.address=%s",
        kind,
        session.id(),
        session.clientId(),
        session.deviceId(),
        session.generation(),
        presented,
        presenter.ipAddress(),
        session.lastRotation().ipAddress());
    var user = session.user();
    try {
      audit.append(
          kind,
          user == null ? null : user.id(),
          session.clientId(),
          session.id(),
          details(session, presented, presenter));
    } catch (SQLException e) {
      LOG.errorf(
          "the audit event %s of session %s was not stored: %s",
          kind, session.id(), e.getMessage());
    }
  }

  private static JsonObject details(SessionSnapshot session, long presented, Presenter presenter) {
    return new JsonObject()
        .put("device_id", session.deviceId())
        .put("generation", session.generation())
        .put("presented_generation", presented)
        .put("ip_address", presenter.ipAddress())
        .put("user_agent", presenter.userAgent())
        .put("rotated_ip_address", session.lastRotation().ipAddress())
        .put("rotated_user_agent", session.lastRotation().userAgent());
  }
}
